"""The most probable classes of each survey, and what is stored of them where all classes would be too many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

TOP = 256  # classes stored per survey
BLOCK = 256  # surveys at a time
ROWS = 64  # surveys ranked at a time: their values stay in the cache while they are looked at twice
GROUPS = 8  # groups of columns for each value sought: hardly a value too many passes their bound


@dataclass(frozen=True)
class Entries:
    """The probabilities of n surveys that are known one by one.

    - probability (n, c): a column per class; where only the most probable classes are stored, a column is a place,
      and `species` int32 (n, c) is the class in each place; an empty place has probability 0
    - elsewhere float32 (n,): the sum over all classes without a place
    - largest_elsewhere float32 (n,): the most that one of them can have; None where every class has a place
    """

    probability: np.ndarray
    elsewhere: np.ndarray
    species: np.ndarray | None = None
    largest_elsewhere: np.ndarray | None = None

    def by_class(self, places: csr_matrix, width: int) -> csr_matrix:
        """csr (n, width) by class of a csr (n, c) by place."""
        if self.species is None:
            return places
        row = np.repeat(np.arange(places.shape[0]), np.diff(places.indptr))
        shape = (places.shape[0], width)
        result = csr_matrix((places.data, self.species[row, places.indices], places.indptr), shape=shape)
        result.sort_indices()
        return result

    def by_place(self, classes: csr_matrix) -> csr_matrix:
        """csr (n, c) of 0/1 by place of a csr (n, width) by class; classes without a place are left out."""
        if self.species is None:
            return classes
        row, column = classes.nonzero()
        place = _place(self.species, row, column, classes.shape[1])
        row, place = row[place >= 0], place[place >= 0]
        return csr_matrix((np.ones(len(row)), (row, place)), self.species.shape)


@dataclass(frozen=True)
class TopClasses:
    """What is stored of a matrix (N, width) that is too large to store.

    Per survey the TOP most probable classes (`index` int32 and `probability` float16, (N, TOP)), the sum of all
    others (`tail` float32 (N,)), and the probability of every recorded class (`truth` csr (N, width)). A class
    that is none of these has an even share of the tail.
    """

    index: np.ndarray
    probability: np.ndarray
    tail: np.ndarray
    truth: csr_matrix

    @staticmethod
    def of(probabilities: np.ndarray, truth: csr_matrix, count: int) -> TopClasses:
        """The `count` most probable classes of `probabilities` (N, width), with the recorded ones of `truth`."""
        surveys, width = probabilities.shape
        index = np.zeros((surveys, min(count, width)), np.int32)
        largest = np.zeros(index.shape, np.float16)
        tail = np.zeros(surveys, np.float32)
        recorded = truth.astype(np.float32).tocsr()
        for start in range(0, surveys, BLOCK):
            rows = slice(start, start + BLOCK)
            block = np.asarray(probabilities[rows], np.float32)
            index[rows] = most_probable(block, count)
            values = np.take_along_axis(block, index[rows].astype(np.int64), axis=1)
            largest[rows], tail[rows] = values, np.maximum(block.sum(axis=1) - values.sum(axis=1), 0)
            entries = slice(recorded.indptr[start], recorded.indptr[min(start + BLOCK, surveys)])
            row = np.repeat(np.arange(len(block)), np.diff(recorded.indptr[start : start + len(block) + 1]))
            recorded.data[entries] = block[row, recorded.indices[entries]]
        return TopClasses(index, largest, tail, recorded)

    @property
    def others(self) -> int:
        """Classes that share the tail."""
        return max(self.truth.shape[1] - self.index.shape[1], 1)

    def take(self, rows: np.ndarray) -> TopClasses:
        """The same of `rows`, in that order."""
        return TopClasses(self.index[rows], self.probability[rows], self.tail[rows], self.truth[rows])

    def transformed(self, rising: Callable[[np.ndarray], np.ndarray]) -> TopClasses:
        """Every probability through `rising`, those of the tail in even shares."""
        truth = self.truth.copy()
        truth.data = rising(truth.data)
        tail = rising(self.tail / self.others) * self.others
        return TopClasses(self.index, rising(self.probability), tail, truth)

    def matrix(self) -> np.ndarray:
        """float32 (N, width)."""
        shares = (self.tail / self.others).astype(np.float32)
        result = np.repeat(shares[:, None], self.truth.shape[1], axis=1)
        recorded = self.truth.tocoo()
        result[recorded.row, recorded.col] = recorded.data
        np.put_along_axis(result, self.index, self.probability.astype(np.float32), axis=1)
        return result

    def column(self, column: int) -> np.ndarray:
        """float32 (N,): the probability of one class."""
        result = (self.tail / self.others).astype(np.float32)
        recorded = self.truth[:, [column]].tocoo()
        result[recorded.row] = recorded.data
        row, place = np.nonzero(self.index == column)
        result[row] = self.probability[row, place]
        return result

    def most_probable(self) -> np.ndarray:
        """int64 (N,): the most probable class."""
        best = self.probability.argmax(axis=1)[:, None]
        return np.take_along_axis(self.index, best, axis=1)[:, 0].astype(np.int64)

    def entries(self, recorded: csr_matrix | None = None) -> Entries:
        """A place for each stored class and, after those, for each other class of `recorded` csr (N, width)."""
        if recorded is None:
            return Entries(self.probability, self.tail, self.index)
        count, stored = self.index.shape
        row, column = recorded.nonzero()
        beyond = _place(self.index, row, column, recorded.shape[1]) < 0
        row, column = row[beyond], column[beyond]
        place = stored + np.arange(len(row)) - np.searchsorted(row, row)  # one after the other in each survey
        shape = (count, max(stored, int(place.max(initial=-1)) + 1))
        probability, species = np.zeros(shape, np.float32), np.full(shape, -1, np.int32)
        probability[:, :stored], species[:, :stored] = self.probability, self.index
        known = np.asarray(self.truth[row, column], np.float32).ravel()
        probability[row, place] = np.where(known > 0, known, self.tail[row] / self.others)
        species[row, place] = column
        elsewhere = np.maximum(self.tail - probability[:, stored:].sum(axis=1), 0)
        if stored == recorded.shape[1]:
            return Entries(probability, elsewhere, species)
        return Entries(probability, elsewhere, species, np.minimum(probability[:, :stored].min(axis=1), elsewhere))


def _place(index: np.ndarray, row: np.ndarray, column: np.ndarray, width: int) -> np.ndarray:
    """int64 (k,): where class `column` stands in `index[row]`, -1 where it does not."""
    keys = (np.arange(len(index), dtype=np.int64)[:, None] * width + index).ravel()
    keys[index.ravel() < 0] = -1
    wanted, order = row.astype(np.int64) * width + column, np.argsort(keys)
    at = order[np.searchsorted(keys, wanted, sorter=order).clip(max=max(len(keys) - 1, 0))]
    return np.where(keys[at] == wanted, at % index.shape[1], -1)


def most_probable(probabilities: np.ndarray, k: int) -> np.ndarray:
    """int64 (n, min(k, S)): the k most probable classes of each row, most probable first, ties by column.

    Only values that a bound lets through are sorted, some k of each row.
    """
    starts = range(0, max(len(probabilities), 1), ROWS)
    return np.concatenate([_best(probabilities[start : start + ROWS], k) for start in starts])


def _best(probabilities: np.ndarray, k: int) -> np.ndarray:
    k = min(k, probabilities.shape[1])
    row, column = _candidates(probabilities, k)
    count = np.bincount(row, minlength=len(probabilities))
    if (count < k).any():  # NaN, which no bound holds for, comes last
        return np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    slot = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    values = np.full((len(probabilities), count.max(initial=k)), np.inf, probabilities.dtype)
    values[row, slot] = -probabilities[row, column]
    columns = np.zeros(values.shape, np.int64)
    columns[row, slot] = column
    return np.take_along_axis(columns, np.argsort(values, axis=1, kind="stable")[:, :k], axis=1)


def _candidates(probabilities: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (ascending) and columns (ascending in each row) among which the k largest values of each row are.

    The k-th largest value is no smaller than the k-th largest maximum of disjoint groups of columns.
    """
    count, width = probabilities.shape
    size = max(1, width // (GROUPS * k))
    groups = width // size
    maxima = probabilities[:, : groups * size].reshape(count, size, groups).max(axis=1)
    bound = np.partition(maxima, groups - k, axis=1)[:, groups - k]
    row, column = np.divmod(np.flatnonzero(probabilities >= bound[:, None]), width)
    return row, column
