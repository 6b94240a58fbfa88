"""Curves ready to be drawn: placed on an axis, smoothed, with a band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.errors import SdmError
from sdm.training_logs.logged_scalars import Group, best_points, group_of
from sdm.training_logs.table import positions


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Return the debiased exponential average of `values` (n,), float64 (n,).

    m_t = weight · m_(t-1) + (1 - weight) · value_t from m_0 = 0, divided by 1 - weight^t, so that the first values
    are not pulled towards 0 (Kingma & Ba 2015, section 3; TensorBoard's smoothing). `weight` lies in [0, 1): 0
    leaves the values as they are. Values that are not finite stay where they are and count for nothing. SdmError
    for another weight.

    >>> smooth(np.array([2.0, 4.0, np.nan, 4.0]), 0.5).round(3).tolist()
    [2.0, 3.333, nan, 3.714]
    """
    if not 0 <= weight < 1:
        raise SdmError("no smoothing weight", expected="0 or more, less than 1", got=weight)
    result = np.array(values, float)
    known = np.isfinite(result)
    result[known] = pd.Series(result[known]).ewm(alpha=1 - weight).mean()
    return result


def matching_window(weight: float) -> int:
    """Return the window of the moving average that smooths as much as `smooth` with `weight`.

    (1 + weight) / (1 - weight), at which both averages of independent values have the same variance; made odd, to
    be centred.

    >>> matching_window(0.0), matching_window(0.9)
    (1, 19)
    """
    return 1 + 2 * round(weight / (1 - weight))


def envelope(
    values: np.ndarray, window: int, quantiles: tuple[float, float] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper edge, float64 (n,) each, of `values` (n,) within `window` points centred on each.

    Without `quantiles` the lowest and highest value; with them, for instance (0.1, 0.9), those quantiles. Values
    that are not finite are passed over; where a window holds no other, the edges are NaN. SdmError for a window
    below 1 or quantiles that are not 0 <= low <= high <= 1.
    """
    low, high = quantiles or (0.0, 1.0)
    if window < 1 or not 0 <= low <= high <= 1:
        expected = "a window of 1 or more, 0 <= low <= high <= 1"
        raise SdmError("no envelope", expected=expected, got=(window, quantiles))
    finite = pd.Series(np.where(np.isfinite(values), values, np.nan), dtype=float)
    rolling = finite.rolling(window, center=True, min_periods=1)
    if quantiles is None:
        return rolling.min().to_numpy(), rolling.max().to_numpy()
    return rolling.quantile(low).to_numpy(), rolling.quantile(high).to_numpy()


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

    @property
    def window(self) -> int:
        """Points of the moving average that is as calm as the smoothing; the width of the band."""
        return matching_window(self.weight)


DEFAULT_VIEW = CurveView()


@dataclass(frozen=True)
class DrawnCurves:
    """Curves ready to be drawn, as `view` wants them.

    - table: the curve table (`sdm.training_logs.table`) with the columns x, smoothed, low and high, without the
      rows that have no place on the axis
    - best: their `sdm.training_logs.logged_scalars.best_points`
    - without_place: how many rows were left out
    - only_losses: whether every series is a loss
    """

    table: pd.DataFrame
    view: CurveView
    best: pd.DataFrame
    without_place: int
    only_losses: bool


def drawn_curves(curves: pd.DataFrame, view: CurveView = DEFAULT_VIEW) -> DrawnCurves:
    """Place and smooth `curves`. The band is as wide as a moving average equally calm."""
    placed = curves.assign(x=positions(curves, view.axis)).dropna(subset=["x"])
    placed = placed.assign(smoothed=np.nan, low=np.nan, high=np.nan)
    parts = [_smoothed(part, view) for _, part in placed.groupby(["run", "series"], sort=False)]
    table = pd.concat(parts, ignore_index=True) if parts else placed
    only_losses = all(group_of(name) in (Group.LOSS, Group.BATCH) for name in table["series"].unique())
    return DrawnCurves(table, view, best_points(table), len(curves) - len(table), only_losses)


def _smoothed(part: pd.DataFrame, view: CurveView) -> pd.DataFrame:
    part = part.sort_values("x", kind="stable")
    values = part["value"].to_numpy()
    low, high = envelope(values, view.window, view.quantiles)
    return part.assign(smoothed=smooth(values, view.weight), low=low, high=high)
