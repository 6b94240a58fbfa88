"""Sets that hold a stated share of a survey's species, whatever the model.

Conformal risk control (Angelopoulos et al. 2024, ICLR, arXiv:2208.02814): the threshold is the largest at which
validation surveys lose few enough of their recorded species. A new survey drawn like them then finds at least the
stated share in its set, on average. Nothing is promised of surveys elsewhere, so the share is measured there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from sdm.errors import RunError
from sdm.evaluation.decoding.contract import blocks as row_blocks
from sdm.evaluation.metrics import interval

ROUND_OFF = 1e-9  # of surveys


@dataclass(frozen=True)
class Coverage:
    """Of `surveys` with recorded species: the `stated` and the `measured` mean share inside their sets, `low` and
    `high` of its 95 % block-bootstrap interval, and the mean `size` of the sets.

    NaN without any such survey, the interval also where all are of one block; `size` is NaN too where sets may
    hold species whose probability was not kept.
    """

    stated: float
    measured: float
    low: float
    high: float
    size: float
    surveys: int


@dataclass(frozen=True)
class ConformalSets:
    """Sets of all species of at least `threshold`, which is 0 where nothing less than all species would do."""

    stated: float
    threshold: float

    def sets(self, probabilities: np.ndarray) -> csr_matrix:
        """csr bool (N, S) of `probabilities` (N, S); a set may be empty."""
        taken = [csr_matrix(block >= np.float32(self.threshold)) for _, block in row_blocks(probabilities)]
        return vstack([csr_matrix((0, probabilities.shape[1]), dtype=bool), *taken], format="csr")

    def coverage(
        self, truth: csr_matrix, probabilities: np.ndarray, blocks: np.ndarray, unseen: np.ndarray | None = None
    ) -> Coverage:
        """How much of what is recorded, `truth` csr (N, S), is inside.

        `blocks` int64 (N,) are the `survey_blocks`. `unseen` (N,) is the most that a species without a column can
        have; None where all have one.
        """
        size, covered = _sizes(truth), np.zeros(truth.shape[0])
        row, value = _recorded(truth, probabilities)
        np.add.at(covered, row, value >= np.float32(self.threshold))
        share = covered[size > 0] / size[size > 0]
        if not share.size:
            return Coverage(self.stated, np.nan, np.nan, np.nan, np.nan, 0)
        taken = sum(int((block >= np.float32(self.threshold)).sum()) for _, block in row_blocks(probabilities))
        unknown = unseen is not None and bool((unseen >= np.float32(self.threshold)).any())
        mean_size = np.nan if unknown else taken / len(size)
        return Coverage(
            self.stated, float(share.mean()), *interval(share, blocks[size > 0]), mean_size, share.size
        )


def fit_conformal(truth: csr_matrix, probabilities: np.ndarray, stated: float) -> ConformalSets:
    """The sets of highest threshold that hold the share `stated` (0..1) of the recorded species.

    `truth` csr (N, S) and `probabilities` (N, S) are of validation surveys; those without species are left out.
    RunError for a share out of range.
    """
    if not 0 < stated < 1:
        raise RunError("no share of species", expected="above 0, below 1", got=stated)
    size = _sizes(truth)
    count = int((size > 0).sum())
    row, value = _recorded(truth, probabilities)
    order = np.argsort(value, kind="stable")
    # Raising the threshold past a recorded species loses its part of its survey, a share of one survey in `count`.
    lost = np.cumsum(1 / size[row[order]])
    # One more survey, which may lose all, stands for the one to come.
    allowed = (1 - stated) * (count + 1) - 1 + ROUND_OFF
    if allowed < 0 or not count:
        return ConformalSets(stated, 0.0)
    at = min(int(np.searchsorted(lost, allowed, side="right")), len(order) - 1)
    return ConformalSets(stated, float(value[order[at]]))


def _sizes(truth: csr_matrix) -> np.ndarray:
    """float64 (N,): recorded species of each survey."""
    return np.asarray((truth != 0).sum(axis=1), np.float64).ravel()


def _recorded(truth: csr_matrix, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int64 and float32 (n,): survey and probability of every recorded species."""
    row, column = truth.nonzero()
    return row.astype(np.int64), np.asarray(probabilities[row, column], np.float32)
