"""Which numbers of an array can have been measured: infinities and numbers beyond all units count as missing."""

from __future__ import annotations

import numpy as np

LARGEST = 1e15  # far above anything in any unit; sums of squares of it are still finite in float32


def impossible(values: np.ndarray) -> np.ndarray:
    """bool, of the shape of `values`: infinite, or larger than anything that is measured; NaN is not.

    >>> impossible(np.array([1.0, np.nan, np.inf, -3e38])).tolist()
    [False, False, True, True]
    """
    return np.abs(values) > LARGEST


def measured(values: np.ndarray) -> np.ndarray:
    """`values` (float), NaN where they are impossible; the same array where none is."""
    wrong = impossible(values)
    return np.where(wrong, values.dtype.type(np.nan), values) if wrong.any() else values
