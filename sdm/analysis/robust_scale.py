"""Bringing features of unlike units and tails to one scale."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

NORMAL_IQR = 1.349  # interquartile range of the standard normal distribution


@dataclass(frozen=True)
class RobustScale:
    """Median and spread of d features; a `spread` of 0 marks one that tells nothing."""

    center: np.ndarray
    spread: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """(values - center) / spread for `values` (..., d); NaN where missing or without spread."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.spread > 0, (values - self.center) / self.spread, np.nan)


def fit_scale(values: np.ndarray) -> RobustScale:
    """The scale of `values` (n, d), NaN where missing.

    The spread is the interquartile range over 1.349, which for a normal distribution is the standard
    deviation; where half the values or more are one (roads: mostly 0), it is the standard deviation itself.
    """
    values = np.asarray(values, np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a feature never known has no scale
        low, center, high = np.nanpercentile(values, [25, 50, 75], axis=0)
        spread = (high - low) / NORMAL_IQR
        spread = np.where(spread > 0, spread, np.nanstd(values, axis=0))
    return RobustScale(center, np.nan_to_num(spread))
