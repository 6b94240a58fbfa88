"""Metrics of predicted sets: `truth` and `predicted` are csr (N, S), any stored value but 0 is a presence."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from sdm.errors import DataError


def survey_f1(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (N,): F1 of each survey, TP / (TP + (FP + FN) / 2); NaN where both sets are empty.

    >>> survey_f1(csr_matrix([[1, 1, 0], [0, 0, 0]]), csr_matrix([[1, 0, 1], [0, 0, 0]])).tolist()
    [0.5, nan]
    """
    truth, predicted = _binary(truth), _binary(predicted)
    return _f1(_hits(truth, predicted).sum(axis=1), truth.sum(axis=1), predicted.sum(axis=1))


def class_f1(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (S,): F1 of each class over all surveys; NaN for a class neither present nor predicted."""
    truth, predicted = _binary(truth), _binary(predicted)
    return _f1(_hits(truth, predicted).sum(axis=0), truth.sum(axis=0), predicted.sum(axis=0))


def total_f1(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (1,): F1 over all (survey, class) pairs at once; NaN when both are empty."""
    truth, predicted = _binary(truth), _binary(predicted)
    return _f1(_hits(truth, predicted).nnz, truth.nnz, predicted.nnz)


def survey_correct(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (N,): 1 where the predicted set is the true one, else 0; NaN where both are empty."""
    return np.floor(survey_f1(truth, predicted))


def one_hot(classes: np.ndarray, width: int) -> csr_matrix:
    """csr bool (N, width): the set of one class per row; a row with a negative class is empty."""
    known = classes >= 0
    indptr = np.concatenate([[0], np.cumsum(known)])
    return csr_matrix((np.ones(indptr[-1], bool), classes[known], indptr), shape=(len(classes), width))


def _f1(hits: object, size: object, predicted: object) -> np.ndarray:
    """2 hits / (size + predicted), NaN for 0 / 0."""
    doubled = 2.0 * np.asarray(hits, np.float64).ravel()
    total = np.asarray(size, np.float64).ravel() + np.asarray(predicted, np.float64).ravel()
    return np.divide(doubled, total, out=np.full(len(doubled), np.nan), where=total > 0)


def _hits(truth: csr_matrix, predicted: csr_matrix) -> csr_matrix:
    if truth.shape != predicted.shape:
        raise DataError("truth and prediction differ in shape", expected=truth.shape, got=predicted.shape)
    return truth.multiply(predicted).tocsr()


def _binary(matrix: csr_matrix) -> csr_matrix:
    """Ones of int32 at every stored value but 0; one entry per place."""
    matrix = csr_matrix(matrix)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    if not matrix.data.all():
        matrix = matrix.copy()
        matrix.eliminate_zeros()
    ones = np.ones(matrix.nnz, np.int32)
    return csr_matrix((ones, matrix.indices, matrix.indptr), shape=matrix.shape, copy=False)
