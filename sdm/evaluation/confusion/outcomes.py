"""Hits, misses and false alarms of every species at every survey, in one sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.errors import DataError, UnknownNameError


class Outcome(IntEnum):
    """What became of a species at a survey; absent and not predicted is no entry at all."""

    MISS = 1
    FALSE_ALARM = 2
    HIT = 3


@dataclass(frozen=True)
class Outcomes:
    """`codes`: csr int8 (N, S) of Outcome values, canonical, made by `outcomes`."""

    codes: csr_matrix

    @property
    def surveys(self) -> int:
        """N."""
        return self.codes.shape[0]

    @property
    def species(self) -> int:
        """S."""
        return self.codes.shape[1]

    def select(self, outcome: Outcome) -> csr_matrix:
        """csr int32 (N, S): 1 where a species had this outcome."""
        keep = self.codes.data == outcome
        indptr = np.concatenate([[0], np.cumsum(keep)])[self.codes.indptr]
        ones = np.ones(indptr[-1], np.int32)
        return csr_matrix((ones, self.codes.indices[keep], indptr), shape=self.codes.shape)

    @cached_property
    def counts(self) -> dict[Outcome, np.ndarray]:
        """int64 (S,) per outcome: surveys where each species had it."""
        cell = np.multiply(self.codes.data, self.species, dtype=np.intp)
        cell += self.codes.indices
        tally = np.bincount(cell, minlength=(max(Outcome) + 1) * self.species).reshape(-1, self.species)
        return {outcome: tally[outcome] for outcome in Outcome}

    def rows_with(self, outcome: Outcome, column: int) -> np.ndarray:
        """int64: the surveys (rows, ascending) where species `column` had this outcome."""
        require_columns(np.array([column]), self.species)
        entries = np.flatnonzero((self.codes.indices == column) & (self.codes.data == outcome))
        return np.searchsorted(self.codes.indptr, entries, side="right") - 1

    def rows_of(self, recorded: int | None, predicted: int | None) -> np.ndarray:
        """int64: the surveys of a choice of columns, of either (None: any); see `rows_of_cell` and `rows_with`."""
        if recorded is not None and predicted is not None:
            return self.rows_of_cell(recorded, predicted)
        if recorded is not None:
            return self.rows_with(Outcome.MISS, recorded)
        if predicted is not None:
            return self.rows_with(Outcome.FALSE_ALARM, predicted)
        return np.arange(self.surveys)

    def rows_of_cell(self, truth: int, predicted: int) -> np.ndarray:
        """int64: surveys of a cell: `truth` missed and `predicted` a false alarm; on the diagonal, the hits."""
        if truth == predicted:
            return self.rows_with(Outcome.HIT, truth)
        missed, alarmed = self.rows_with(Outcome.MISS, truth), self.rows_with(Outcome.FALSE_ALARM, predicted)
        return np.intersect1d(missed, alarmed, assume_unique=True)


def outcomes(truth: csr_matrix, predicted: csr_matrix) -> Outcomes:
    """Compare what was recorded with what was predicted, both csr (N, S) of 0/1 over surveys with known truth.

    Raises DataError when the shapes differ or a value is neither 0 nor 1.

    >>> errors = outcomes(csr_matrix([[1, 1, 0]]), csr_matrix([[0, 1, 1]]))
    >>> [Outcome(code).name for code in errors.codes.toarray()[0]]
    ['MISS', 'HIT', 'FALSE_ALARM']
    """
    if truth.shape != predicted.shape:
        raise DataError("truth and prediction differ in shape", expected=truth.shape, got=predicted.shape)
    missed, alarmed = np.int8(Outcome.MISS), np.int8(Outcome.FALSE_ALARM)  # their sum is a hit
    return Outcomes(sets(truth, "truth") * missed + sets(predicted, "prediction") * alarmed)


def sets(matrix: csr_matrix, name: str) -> csr_matrix:
    """`matrix` as canonical csr int8 of ones alone; DataError calls it by `name` when a value is not 0 or 1.

    The input is left as it is.
    """
    if not matrix.has_canonical_format or not matrix.data.all():
        matrix = matrix.copy()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
    wrong = matrix.data[matrix.data != 1]
    if wrong.size:
        raise DataError(f"the {name} is not a set of species", expected="0 or 1 per species", got=wrong[0])
    return csr_matrix((np.ones(matrix.nnz, np.int8), matrix.indices, matrix.indptr), shape=matrix.shape)


def require_columns(columns: np.ndarray, species: int) -> None:
    """UnknownNameError unless every column lies in 0..species-1."""
    outside = columns[(columns < 0) | (columns >= species)]
    if outside.size:
        raise UnknownNameError("no such class", expected=f"columns 0 to {species - 1}", got=int(outside[0]))


def require_classes(classes: pd.DataFrame, species: int) -> None:
    """DataError unless `classes` has one row per column of the matrices."""
    if len(classes) != species:
        raise DataError("the table of classes does not fit the matrices", expected=species, got=len(classes))
