"""Quantile normalisation of image bands: a monotone, tail-compressed map to [0, 1]."""

from __future__ import annotations

import numpy as np

LOW, HIGH = 0.02, 0.98
MOST_COUNTED = 1 << 16  # levels worth a counting table


def quantile_normalise(bands: np.ndarray) -> np.ndarray:
    """Each band of `bands` (..., height, width), NaN where missing, mapped to [0, 1]; float32, NaN kept.

    With S the sorted valid values of a band, N of them, and r(x) the rank of x (last of ties, from 0), x
    becomes S interpolated at position 0.02 (N - 1) + 0.96 r(x), then min-max scaled. A constant band becomes
    zeros. The same as `np.interp` of each value's percentile rank between the 2nd and 98th percentile, but
    from one sort.

    >>> quantile_normalise(np.array([[[0.0, 1.0], [2.0, 10.0]]])).round(3).tolist()
    [[[0.0, 0.10100000351667404], [0.2029999941587448, 1.0]]]
    """
    height, width = bands.shape[-2:]
    flat = np.asarray(bands, np.float64).reshape(-1, height * width)
    result = np.full(flat.shape, np.nan, np.float32)
    for values, out in zip(flat, result, strict=True):
        valid = ~np.isnan(values)
        if valid.all():
            out[:] = _normalise(values)
        elif valid.any():
            out[valid] = _normalise(values[valid])
    return result.reshape(bands.shape)


def _normalise(values: np.ndarray) -> np.ndarray:
    """`values` (N,), all valid, by the definition above."""
    levels, index, counts = _levels(values)
    ordered = np.repeat(levels, counts)
    rank = np.cumsum(counts) - 1  # of the last of each level's ties
    position = LOW * (len(values) - 1) + (HIGH - LOW) * rank
    below = position.astype(np.int64)
    above = np.minimum(below + 1, len(values) - 1)
    mapped = ordered[below] + (position - below) * (ordered[above] - ordered[below])
    span = mapped[-1] - mapped[0]
    scaled = (mapped - mapped[0]) / span if span > 0 else np.zeros(len(levels))
    return scaled.astype(np.float32)[index]


def _levels(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct values ascending, the level of each value, and how often each level occurs.

    Reflectances are whole numbers in a short range: counting them is several times faster than sorting.
    """
    lowest = values.min()
    whole = (values - lowest).astype(np.int64) if values.max() - lowest < MOST_COUNTED else None
    if whole is None or not np.array_equal(whole + lowest, values):
        return np.unique(values, return_inverse=True, return_counts=True)
    counts = np.bincount(whole)
    present = counts > 0
    index = (np.cumsum(present) - 1)[whole]
    return np.flatnonzero(present) + lowest, index, counts[present]
