"""What a run has stored of surveys, beside what was recorded there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.evaluation.comparison import known_surveys
from sdm.evaluation.decoding import Decoder
from sdm.evaluation.metrics import target_matrix
from sdm.runs.predictions import Predictions, Tops


@dataclass(frozen=True)
class Judged:
    """n surveys of known classes: `sites` int64 (n,) are their rows in the data set.

    `probability` (n, c) and `truth` csr (n, c) have a column per class. Where only the largest probabilities were
    kept, columns are places instead: `species` int32 (n, c) tells which class stands there, and `elsewhere` (n,)
    is the sum over all that stand nowhere, `unseen` float32 (n,) the most that one of them can have. What was
    recorded always has a place; an empty one has probability 0.
    """

    sites: np.ndarray
    probability: np.ndarray
    truth: csr_matrix
    elsewhere: np.ndarray
    species: np.ndarray | None = None
    unseen: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.sites)

    def sample(self, width: int, pairs: int) -> Judged:
        """The same of evenly chosen surveys, at most `pairs` of survey and class, by row; see `Judged`.

        There is a column for each of the `width` classes: those without a place share `elsewhere` evenly.
        """
        count = min(len(self), max(pairs // width, 1))
        rows = np.argsort(self.sites, kind="stable")[np.linspace(0, len(self) - 1, count).astype(int)]
        values, truth = np.asarray(self.probability[rows], np.float32), self.truth[rows]
        if self.species is not None:
            values, truth = _spread(values, truth, self.species[rows], self.elsewhere[rows], width)
        return Judged(self.sites[rows], values, truth, np.zeros(count, np.float32))

    def decode(self, decoder: Decoder) -> csr_matrix:
        """csr bool (n, c): the sets, in the columns of `truth`."""
        return decoder.decode(self.probability, self.elsewhere, self.species)


def judged(dataset: Dataset, predictions: Predictions) -> Judged:
    """The surveys of `predictions` whose classes `dataset` knows, none or more."""
    sites, rows = known_surveys(dataset, predictions)
    truth = target_matrix(dataset.targets.take(sites))
    if predictions.dense is not None:
        return Judged(sites, predictions.dense[rows], truth, np.zeros(len(rows), np.float32))
    assert predictions.tops is not None
    return _placed(sites, truth, _take(predictions.tops, rows))


def _spread(
    values: np.ndarray, truth: csr_matrix, species: np.ndarray, elsewhere: np.ndarray, width: int
) -> tuple[np.ndarray, csr_matrix]:
    """Probabilities float32 (n, width) and truth csr (n, width) of those at places."""
    row, place = np.nonzero((values > 0) | (truth.toarray() != 0))
    placed = np.bincount(row, minlength=len(values))
    share = (elsewhere / np.maximum(width - placed, 1)).astype(np.float32)
    whole = np.repeat(share[:, None], width, axis=1)
    whole[row, species[row, place]] = values[row, place]
    there, place = truth.nonzero()
    ones = np.ones(len(there))
    return whole, csr_matrix((ones, (there, species[there, place])), (len(values), width))


def _take(tops: Tops, rows: np.ndarray) -> Tops:
    return Tops(tops.index[rows], tops.probability[rows], tops.tail[rows], tops.truth[rows])


def _placed(sites: np.ndarray, truth: csr_matrix, tops: Tops) -> Judged:
    """The kept classes, then those recorded beyond them."""
    count, width = truth.shape
    kept = tops.index.shape[1]
    row, column = truth.nonzero()
    place = _place(tops.index, row, column, width)
    beyond = place < 0
    place[beyond] = kept + _running(row[beyond])
    shape = (count, max(kept, int(place.max(initial=-1)) + 1))
    probability, species = np.zeros(shape, np.float32), np.zeros(shape, np.int32)
    probability[:, :kept], species[:, :kept] = tops.probability, tops.index
    probability[row[beyond], place[beyond]] = _beyond(tops, row[beyond], column[beyond], width - kept)
    species[row[beyond], place[beyond]] = column[beyond]
    elsewhere = np.maximum(tops.tail - probability[:, kept:].sum(axis=1), 0)
    placed = csr_matrix((np.ones(len(row)), (row, place)), shape)
    unseen = np.minimum(probability[:, :kept].min(axis=1), elsewhere) if kept < width else None
    return Judged(sites, probability, placed, elsewhere, species, unseen)


def _place(index: np.ndarray, row: np.ndarray, column: np.ndarray, width: int) -> np.ndarray:
    """int64 (k,): where class `column` stands in `index[row]`, -1 where it does not."""
    keys = (np.arange(len(index))[:, None] * width + index).ravel()
    wanted, order = row.astype(np.int64) * width + column, np.argsort(keys)
    at = order[np.searchsorted(keys, wanted, sorter=order).clip(max=max(len(keys) - 1, 0))]
    return np.where(keys[at] == wanted, at % index.shape[1], -1)


def _running(row: np.ndarray) -> np.ndarray:
    """0, 1, … within each run of equal values of the ascending `row`."""
    return np.arange(len(row)) - np.searchsorted(row, row)


def _beyond(tops: Tops, row: np.ndarray, column: np.ndarray, others: int) -> np.ndarray:
    """The probability of recorded classes that were not kept: known at the time, or an even share of the rest."""
    stored = np.asarray(tops.truth[row, column], np.float32).ravel()
    return np.where(stored > 0, stored, tops.tail[row] / max(others, 1))
