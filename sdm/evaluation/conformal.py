"""Sets that hold a stated share of a survey's species, whatever the model.

Conformal risk control (Angelopoulos et al. 2024, ICLR, arXiv:2208.02814): the threshold is the largest at which
validation surveys lose few enough of their recorded species. A new survey drawn like them then finds at least the
stated share in its set, on average. Nothing is promised of surveys elsewhere, so the share is measured there.

Where surveys elsewhere differ in what is known of their places alone (covariate shift), validation surveys
weighted by the likelihood ratio stand for them (Tibshirani et al. 2019, arXiv:1904.06019): a threshold for each
survey.
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
    `high` of its 95 % block-bootstrap interval, the mean `size` of the sets, and the share `foretold` by the
    probabilities themselves: their sum inside, of their sum over all species.

    NaN without any such survey, the interval also where all are of one block; `size` is NaN too where sets may
    hold species whose probability was not kept.
    """

    stated: float
    measured: float
    low: float
    high: float
    size: float
    surveys: int
    foretold: float = np.nan


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
        thresholds = np.full(truth.shape[0], self.threshold)
        return SurveySets(self.stated, thresholds).coverage(truth, probabilities, blocks, unseen)


@dataclass(frozen=True)
class SurveySets:
    """Sets of all species of at least the survey's own threshold, `thresholds` (N,); 0 takes all species."""

    stated: float
    thresholds: np.ndarray

    def coverage(
        self, truth: csr_matrix, probabilities: np.ndarray, blocks: np.ndarray, unseen: np.ndarray | None = None
    ) -> Coverage:
        """How much of what is recorded is inside; see `ConformalSets.coverage`."""
        least = self.thresholds.astype(np.float32)
        size, covered = _sizes(truth), np.zeros(truth.shape[0])
        row, value = _recorded(truth, probabilities)
        np.add.at(covered, row, value >= least[row])
        share = covered[size > 0] / size[size > 0]
        if not share.size:
            return Coverage(self.stated, np.nan, np.nan, np.nan, np.nan, 0)
        taken, foretold = 0, np.full(len(size), np.nan)
        for rows, block in row_blocks(probabilities):
            inside = block >= least[rows, None]
            taken += int(inside.sum())
            foretold[rows] = np.where(inside, block, 0).sum(axis=1) / np.maximum(block.sum(axis=1), ROUND_OFF)
        unknown = unseen is not None and bool((unseen >= least).any())
        return Coverage(
            self.stated, float(share.mean()), *interval(share, blocks[size > 0]),
            np.nan if unknown else taken / len(size), share.size,
            float(foretold[size > 0].mean()) if unseen is None else np.nan,
        )  # fmt: skip


@dataclass(frozen=True)
class WeightedConformal:
    """Fitted on validation surveys: probabilities of recorded species, `values` (R,) ascending, the weighted share
    `lost` (R,) once a threshold has passed each, and the `total` weight of the surveys."""

    stated: float
    values: np.ndarray
    lost: np.ndarray
    total: float

    def thresholds(self, weights: np.ndarray) -> np.ndarray:
        """float64 (M,): the largest threshold for each of M surveys of these weights.

        A survey to come, which may lose all, counts by its weight among those of validation.
        """
        allowed = (1 - self.stated) * (self.total + weights) - weights + ROUND_OFF
        if not len(self.values):
            return np.zeros(len(weights))
        at = np.minimum(np.searchsorted(self.lost, allowed, side="right"), len(self.values) - 1)
        return np.where(allowed < 0, 0.0, self.values[at])


def fit_weighted(
    truth: csr_matrix, probabilities: np.ndarray, stated: float, weights: np.ndarray
) -> WeightedConformal:
    """As `fit_conformal`, each validation survey counting by its weight, float64 (N,) above 0."""
    if not 0 < stated < 1:
        raise RunError("no share of species", expected="above 0, below 1", got=stated)
    size = _sizes(truth)
    row, value = _recorded(truth, probabilities)
    order = np.argsort(value, kind="stable")
    # Raising the threshold past a recorded species loses its part of its survey.
    lost = np.cumsum(weights[row[order]] / size[row[order]])
    return WeightedConformal(stated, value[order].astype(np.float64), lost, float(weights[size > 0].sum()))


def fit_conformal(truth: csr_matrix, probabilities: np.ndarray, stated: float) -> ConformalSets:
    """The sets of highest threshold that hold the share `stated` (0..1) of the recorded species.

    `truth` csr (N, S) and `probabilities` (N, S) are of validation surveys; those without species are left out.
    RunError for a share out of range.
    """
    fitted = fit_weighted(truth, probabilities, stated, np.ones(truth.shape[0]))
    return ConformalSets(stated, float(fitted.thresholds(np.ones(1))[0]))


def _sizes(truth: csr_matrix) -> np.ndarray:
    """float64 (N,): recorded species of each survey."""
    return np.asarray((truth != 0).sum(axis=1), np.float64).ravel()


def _recorded(truth: csr_matrix, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int64 and float32 (n,): survey and probability of every recorded species."""
    row, column = truth.nonzero()
    return row.astype(np.int64), np.asarray(probabilities[row, column], np.float32)
