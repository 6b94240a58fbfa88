"""Fewer points that draw the same line: more cannot be seen, and slow the browser down."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd


def extremes(values: np.ndarray, most: int) -> np.ndarray:
    """Return ascending positions of at most `most` (2 or more) of `values` (n,) that draw the same line.

    The values are cut into equal stretches and each gives its lowest and highest, so no spike is lost; a gap of
    values that are not finite stays one gap.

    >>> extremes(np.array([0.0, 0, 9, 0, 0, 0, -5, 0]), 4).tolist()
    [0, 2, 4, 6]
    """
    if len(values) <= most:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), most // 2 + 1).astype(int)
    low = np.where(np.isfinite(values), values, np.inf)
    high = np.where(np.isfinite(values), values, -np.inf)
    pairs = [
        (start + int(low[start:end].argmin()), start + int(high[start:end].argmax()))
        for start, end in itertools.pairwise(edges)
    ]
    return np.unique(np.array(pairs))


def evenly_thinned(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most `most` rows, evenly spaced."""
    if len(table) <= most:
        return table
    return table.iloc[np.linspace(0, len(table) - 1, most).round().astype(int)]
