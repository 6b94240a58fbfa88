"""Metrics of probabilities: `truth` is csr (N, S), `probabilities` a dense array (N, S)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from sdm.runs.records import ClassScores
from sdm.runs.top_classes import most_probable

BLOCK = 256  # classes made dense at a time
MIN_SUPPORT = 5  # presences, and absences, without which a class says too little to enter a mean over classes


def class_scores(truth: csr_matrix, probabilities: np.ndarray) -> ClassScores:
    """How well each class is ranked over the surveys, a block of classes at a time."""
    scores = np.full((3, truth.shape[1]), np.nan)
    columns = truth.tocsc()
    present = np.diff(columns.indptr) > 0
    for start in range(0, truth.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        hit = columns[:, block].toarray() != 0
        values = np.asarray(probabilities[:, block], np.float32)
        for j in np.flatnonzero(present[block]):
            scores[:, start + j] = _ranked(hit[:, j], values[:, j])
    return ClassScores(*scores)


def supported(truth: csr_matrix) -> np.ndarray:
    """bool (S,): the classes of at least MIN_SUPPORT presences and as many absences."""
    present = np.bincount(csr_matrix(truth).nonzero()[1], minlength=truth.shape[1])
    return (present >= MIN_SUPPORT) & (truth.shape[0] - present >= MIN_SUPPORT)


def class_score(truth: csr_matrix, probabilities: np.ndarray, name: str) -> np.ndarray:
    """float64 (S,): the field `name` of the `ClassScores`, of classes that are `supported`."""
    return np.where(supported(truth), getattr(class_scores(truth, probabilities), name), np.nan)


def each_class(
    truth: csr_matrix, probabilities: np.ndarray, measure: Callable[[np.ndarray, np.ndarray], float]
) -> np.ndarray:
    """float64 (S,): `measure` of presence bool (N,) and probability float32 (N,) of each `supported` class."""
    result, columns = np.full(truth.shape[1], np.nan), truth.tocsc()
    for column in np.flatnonzero(supported(truth)):
        hit = columns[:, [column]].toarray().ravel() != 0
        result[column] = measure(hit, np.asarray(probabilities[:, column], np.float32))
    return result


def _ranked(hit: np.ndarray, values: np.ndarray) -> tuple[float, float, float]:
    """AUC, average precision and best threshold of one class from one sort; ties count half in the AUC."""
    order = np.argsort(-values, kind="stable")
    values, hit = values[order], hit[order]
    last = np.append(np.flatnonzero(values[1:] != values[:-1]), len(values) - 1)  # the last of each tie
    hit_count, taken = np.cumsum(hit)[last].astype(np.float64), last + 1.0
    positives = hit_count[-1]
    if positives == 0:
        return np.nan, np.nan, np.nan
    missed = taken - hit_count
    pairs = positives * missed[-1]
    auc = np.trapezoid(np.append(0, hit_count), np.append(0, missed)) / pairs if pairs else np.nan
    precision = (np.diff(hit_count, prepend=0) * hit_count / taken).sum() / positives
    best = np.argmax(2 * hit_count / (taken + positives))
    return float(auc), float(precision), float(values[last][best])


def precision_at(truth: csr_matrix, probabilities: np.ndarray, k: int) -> np.ndarray:
    """float64 (N,): share of the k most probable classes that are present."""
    return _hits_at(truth, probabilities, k) / min(k, truth.shape[1])


def recall_at(truth: csr_matrix, probabilities: np.ndarray, k: int) -> np.ndarray:
    """float64 (N,): share of the present classes among the k most probable; NaN without a presence."""
    present = np.asarray((truth != 0).sum(axis=1), np.float64).ravel()
    hit_count = _hits_at(truth, probabilities, k)
    return np.divide(hit_count, present, out=np.full(len(present), np.nan), where=present > 0)


def hits(truth: csr_matrix, columns: np.ndarray, rows: slice) -> np.ndarray:
    """bool, shape of `columns` (n, k): whether the class is present in its row of `truth[rows]`."""
    dense = truth[rows].toarray() != 0
    return np.take_along_axis(dense, columns, axis=1)


def _hits_at(truth: csr_matrix, probabilities: np.ndarray, k: int) -> np.ndarray:
    """float64 (N,): present classes among the k most probable."""
    hit_count = np.zeros(truth.shape[0])
    for start in range(0, truth.shape[0], BLOCK):
        rows = slice(start, start + BLOCK)
        top = most_probable(np.asarray(probabilities[rows], np.float32), k)
        hit_count[rows] = hits(truth, top, rows).sum(axis=1)
    return hit_count
