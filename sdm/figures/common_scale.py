"""Plots that stand side by side and must be read on one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

MARGIN = 0.06  # of the span, above and below


def same_scale(plots: Sequence[go.Figure]) -> None:
    """Give every value axis without a range of its own, and every colour scale, one range over all `plots`;
    named ticks are shared as well."""
    if len(plots) < 2:
        return
    for axis in sorted({axis for plot in plots for axis, _ in _numbers(plot)}):
        every = np.concatenate([values for plot in plots for name, values in _numbers(plot) if name == axis])
        if every.size:
            _set_range(plots, f"yaxis{axis[1:]}", float(every.min()), float(every.max()))
    _same_colours([trace for plot in plots for trace in plot.data if trace.type == "heatmap"])


def _numbers(plot: go.Figure) -> Iterator[tuple[str, np.ndarray]]:
    """(axis, finite values) of every trace that has numbers upwards."""
    for trace in plot.data:
        if trace.type in ("scatter", "bar") and trace.y is not None:
            try:
                values = np.asarray(trace.y, np.float64)
            except ValueError:
                continue  # names, not numbers
            every = np.append(values, 0.0) if trace.type == "bar" else values
            if trace.error_y.array is not None:
                every = np.append(every, values + np.asarray(trace.error_y.array, np.float64))
            yield trace.yaxis or "y", every[np.isfinite(every)]


def _set_range(plots: Sequence[go.Figure], name: str, low: float, high: float) -> None:
    pad = MARGIN * ((high - low) or 1.0)
    axes = [plot.layout[name] for plot in plots if plot.layout[name].range is None]
    # Ticks of its own suit the range that a plot had alone: those that reach highest suit all.
    ticks = max((axis for axis in axes if axis.tickvals), key=lambda axis: max(axis.tickvals), default=None)
    for axis in axes:
        if ticks is not None:
            axis.update(tickvals=ticks.tickvals, ticktext=ticks.ticktext)
        bottom = min(low, 0.0) if axis.rangemode == "tozero" or low == 0 else low - pad
        axis.range = [bottom, high + pad]


def _same_colours(maps: Sequence[go.Heatmap]) -> None:
    every = np.concatenate([np.asarray(trace.z, np.float64).ravel() for trace in maps] or [np.empty(0)])
    every = every[np.isfinite(every)]
    for trace in maps if every.size else ():
        low, high = float(every.min()), float(every.max())
        if trace.zmid is not None:
            high = max(high - trace.zmid, trace.zmid - low)
            low, high = trace.zmid - high, trace.zmid + high
        trace.zmin, trace.zmax = low, high
