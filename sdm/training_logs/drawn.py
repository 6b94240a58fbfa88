"""Curves as they are drawn: placed on an axis, smoothed, with a band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.training_logs.smoothing import envelope, matching_window, smooth
from sdm.training_logs.table import positions


@dataclass(frozen=True)
class CurveView:
    """How to look at curves.

    `axis` is a key of `AXES`; `weight` (0 to below 1) that of the smoothing; `quantiles` the
    edges of the band, None for the lowest and highest value; `log` a logarithmic vertical axis; `stars` marks the
    best values, which say nothing where each is of another batch.
    """

    axis: str = "epoch"
    weight: float = 0.6
    quantiles: tuple[float, float] | None = None
    log: bool = False
    stars: bool = True


DEFAULT_VIEW = CurveView()


def drawn_curves(curves: pd.DataFrame, view: CurveView = DEFAULT_VIEW) -> pd.DataFrame:
    """Return the curve table (`sdm.training_logs.table`) with the columns x, smoothed, low and high.

    Rows without a place on the axis are left out. The band is as wide as a moving average equally calm.
    """
    placed = curves.assign(x=positions(curves, view.axis)).dropna(subset=["x"])
    placed = placed.assign(smoothed=np.nan, low=np.nan, high=np.nan)
    drawn = [_smoothed(part, view) for _, part in placed.groupby(["run", "series"], sort=False)]
    return pd.concat(drawn, ignore_index=True) if drawn else placed


def _smoothed(part: pd.DataFrame, view: CurveView) -> pd.DataFrame:
    part = part.sort_values("x", kind="stable")
    values = part["value"].to_numpy()
    low, high = envelope(values, matching_window(view.weight), view.quantiles)
    return part.assign(smoothed=smooth(values, view.weight), low=low, high=high)
