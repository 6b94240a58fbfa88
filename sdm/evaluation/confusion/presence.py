"""The probability that each class, or group of classes, is recorded at each survey, as sparse as it is stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from sdm.evaluation.confusion.levels import Level, membership
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.runs.top_classes import Entries

ROWS = 512  # surveys at a time
LARGEST = 1 - 1e-4  # float16 stores anything above as 1


@dataclass(frozen=True)
class Presence:
    """Probabilities of N surveys and K classes.

    - `stored` csr float64 (N, K): those known one by one
    - `share` float64 (N,), `weight` float64 (K,): where none is stored, the probability is share × weight; the
      share is 0 where all are stored
    """

    stored: csr_matrix
    share: np.ndarray
    weight: np.ndarray

    def take(self, columns: np.ndarray) -> Presence:
        """The same of some classes, in that order."""
        return Presence(self.stored[:, columns].tocsr(), self.share, self.weight[columns])

    def matrix(self) -> np.ndarray:
        """float64 (N, K) of all."""
        dense = self.share[:, None] * self.weight
        entries = self.stored.tocoo()
        dense[entries.row, entries.col] = entries.data
        return dense


def presence(labelled: LabelledPredictions, columns: np.ndarray, to: Level | None = None) -> Presence:
    """The probabilities that `labelled` gives to the classes `columns`, or to those groups of `to`.

    A group is recorded where any of its classes is, and classes are independent of each other: 1 - Π(1 - p).
    Classes beyond the stored ones of a survey share their sum evenly.
    """
    entries, width = labelled.predictions.entries(), labelled.predictions.width
    others = width - entries.probability.shape[1]
    share = np.asarray(entries.elsewhere, np.float64) / max(others, 1)
    starts = range(0, max(len(labelled), 1), ROWS)
    parts = [_block(entries, share, slice(start, start + ROWS), width, columns, to) for start in starts]
    weight = np.ones(len(columns)) if to is None else to.groups["members"].to_numpy(np.float64)[columns]
    return Presence(vstack(parts, format="csr"), share, weight)


def stacked(parts: list[Presence]) -> Presence:
    """Several sets of surveys as one."""
    stored = vstack([part.stored for part in parts], format="csr")
    return Presence(stored, np.concatenate([part.share for part in parts]), parts[0].weight)


def _block(
    entries: Entries, share: np.ndarray, rows: slice, width: int, columns: np.ndarray, to: Level | None
) -> csr_matrix:
    values = np.minimum(np.asarray(entries.probability[rows], np.float64), LARGEST)
    count, places = values.shape
    species = np.tile(np.arange(places), (count, 1)) if entries.species is None else entries.species[rows]
    used = species >= 0
    indptr = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    by_class = csr_matrix((values[used], species[used], indptr), shape=(count, width))
    by_class.sort_indices()
    if to is None:
        return by_class[:, columns].tocsr()
    return _grouped(by_class[:, : len(to.group)].tocsr(), share[rows], to)[:, columns].tocsr()


def _grouped(by_class: csr_matrix, share: np.ndarray, to: Level) -> csr_matrix:
    """csr (n, G) of the groups of which any class is stored; its other classes have the `share` of the survey."""
    belongs = membership(to).astype(np.float64)
    absent, counted = by_class.copy(), by_class.copy()
    absent.data, counted.data = np.log1p(-by_class.data), np.ones(by_class.nnz)
    log_absent, stored = (absent @ belongs).tocsr(), (counted @ belongs).tocsr()
    log_absent.sort_indices()
    stored.sort_indices()
    row = np.repeat(np.arange(by_class.shape[0]), np.diff(stored.indptr))
    rest = to.groups["members"].to_numpy(np.float64)[stored.indices] - stored.data
    data = -np.expm1(log_absent.data + rest * np.log1p(-share[row]))
    return csr_matrix((data, stored.indices, stored.indptr), shape=stored.shape)
