"""The most probable classes of each survey."""

from __future__ import annotations

import numpy as np

ROWS = 64  # surveys ranked at a time: their values stay in the cache while they are looked at twice
GROUPS = 8  # groups of columns for each value sought: hardly a value too many passes their bound


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
