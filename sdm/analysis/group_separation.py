"""How far the values of a channel tell two groups of sites apart, such as dry land and wetland by radar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

BINS = 40
FEWEST = 10  # sites of a group


def group_separation(table: pd.DataFrame, channels: Sequence[str], by: str) -> pd.DataFrame:
    """One row per channel: channel, a, b, d, overlap, of the two commonest groups `by` of a table of bands.

    `d`: difference of means b - a in units of the pooled deviation (Cohen 1988). `overlap` (0..1): the area common
    to both histograms of BINS bins, 1 where they are the same. NaN where a channel does not vary; empty without
    two groups of FEWEST sites.
    """
    known = table[table[by].astype(str) != ""]
    counts = known[by].value_counts()
    groups = sorted(counts.index[counts >= FEWEST][:2])
    rows = []
    if len(groups) == 2:
        parts = [known[known[by] == group] for group in groups]
        rows = [
            (channel, *groups, *_apart(*(part[channel].to_numpy(float) for part in parts))) for channel in channels
        ]
    return pd.DataFrame(rows, columns=["channel", "a", "b", "d", "overlap"])


def _apart(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Cohen's d and the common area of the histograms."""
    a, b = a[np.isfinite(a)], b[np.isfinite(b)]
    if min(len(a), len(b)) < FEWEST:
        return np.nan, np.nan
    pooled = np.sqrt((a.var() + b.var()) / 2)
    low, high = min(a.min(), b.min()), max(a.max(), b.max())
    if pooled == 0 or high <= low:
        return np.nan, np.nan
    shares = [np.histogram(values, BINS, (low, high))[0] / len(values) for values in (a, b)]
    return float((b.mean() - a.mean()) / pooled), float(np.minimum(*shares).sum())
