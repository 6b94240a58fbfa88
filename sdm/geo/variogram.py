"""Semivariance of rasters, and the range of the variogram fitted to it."""

from __future__ import annotations

import numpy as np


def semivariance(values: np.ndarray, group: np.ndarray, lags: range) -> np.ndarray:
    """Half the mean squared difference of pixels of one `group` (>= 0), per lag in pixels; NaN without any."""
    result = []
    for lag in lags:
        squares, count = 0.0, 0
        for axis in (0, 1):
            a, b = (np.take(values, np.arange(s, values.shape[axis] - lag + s), axis) for s in (0, lag))
            g, h = (np.take(group, np.arange(s, group.shape[axis] - lag + s), axis) for s in (0, lag))
            use = (g == h) & (g >= 0) & np.isfinite(a) & np.isfinite(b)
            squares, count = squares + float(((a - b)[use] ** 2).sum()), count + int(use.sum())
        result.append(squares / (2 * count) if count else np.nan)
    return np.array(result)


def practical_range(gamma: np.ndarray, lags: range, pixel: float) -> float:
    """The range in metres of an exponential variogram with nugget, fitted by least squares on a grid of ranges."""
    measured = np.isfinite(gamma)
    distance, gamma, best = np.array(lags)[measured] * pixel, gamma[measured], (np.inf, np.nan)
    for candidate in np.geomspace(20, 2000, 120):
        design = np.c_[np.ones_like(distance), 1 - np.exp(-3 * distance / candidate)]
        solution = np.linalg.lstsq(design, gamma, rcond=None)[0]
        error = float(((design @ solution - gamma) ** 2).sum())
        best = min(best, (error, float(candidate)))
    return best[1]
