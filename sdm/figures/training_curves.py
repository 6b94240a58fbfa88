"""Training curves: the raw line faint, the smoothed one bold, the band of its extremes, the best point marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.evaluation.published import LSTM_REMARK, LSTM_REPORT
from sdm.figures.line_thinning import extremes
from sdm.figures.markdown import literal
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    Figure,
    band,
    label,
    quiet,
    x_axes,
    y_axes,
)
from sdm.number_format import DURATIONS, counted, number, whole
from sdm.training_logs.smoothing import DrawnCurves
from sdm.training_logs.table import AXES

COLOURS = (BLUE, ORANGE, GREEN, PINK, YELLOW, SKY, GREY)
DASHES = ("solid", "dash", "dot", "dashdot")
DASH_WORDS = ("solid", "dashed", "dotted", "dash and dot")
MOST_POINTS = 1000  # of a line
MOST_TICKS = 6
LONGEST = 40  # characters of a label


def history(curves: DrawnCurves, height: int = 360, runs: Sequence[str] = ()) -> Figure:
    """The curves of any number of runs and series; pass those of one unit, for they share the vertical axis.

    `runs`: all runs of several figures side by side, so that a run has one colour in all of them.
    """
    data, view, best = curves.table, curves.view, curves.best
    order = list(runs) or list(data["run"].unique())
    divisor, unit = _time_unit(data["x"]) if view.axis == "seconds" else (1, "")
    plot = Plot()
    for style, best_value in zip(_styles(best, order), best["value"], strict=True):
        part = data[(data["run"] == style.run) & (data["series"] == style.series)]
        part = part.assign(x=part["x"] / divisor)
        _draw(plot, part, style)
        if view.stars:
            _mark(plot, part[part["value"] == best_value].head(1), style)
    quiet(plot, height, hovermode="closest", showlegend=len(best) > 1)
    x_axes(plot, title_text=AXES[view.axis] + (f" ({unit})" if unit else ""), separatethousands=True)
    y_axes(plot, title_text=_axis_title(curves), exponentformat="power", nticks=6)
    if view.log:
        y_axes(plot, type="log", **_log_ticks(data[["value", "smoothed"]].to_numpy(float)))
    return Figure(plot, data, _caption(curves, len(order) > 1), _alt(best))


@dataclass(frozen=True)
class _Style:
    """One curve's names and looks; `name` is its entry in the legend, where `listed`."""

    run: str
    series: str
    name: str
    label: str
    listed: bool
    colour: str
    dash: str


def _styles(curves: pd.DataFrame, runs: Sequence[str]) -> Iterator[_Style]:
    """The looks of each row's curve: a colour per run and a dash per series, or a colour per series of one run.

    The legend lists colours; dashes are explained by the caption.
    """
    listed: set[str] = set()
    all_series = list(curves["series"].unique())
    for run, series in zip(curves["run"], curves["series"], strict=True):
        colour = runs.index(run) if len(runs) > 1 else all_series.index(series)
        dash = all_series.index(series) if len(runs) > 1 else 0
        names = [name for name, among in ((run, runs), (series, all_series)) if len(among) > 1] or [series]
        entry = " · ".join(label(name, LONGEST) for name in names)
        name = label(run if len(runs) > 1 else series, LONGEST)
        looks = COLOURS[colour % len(COLOURS)], DASHES[dash % len(DASHES)]
        yield _Style(run, series, name, entry, name not in listed, *looks)
        listed.add(name)


def _draw(plot: go.Figure, part: pd.DataFrame, style: _Style) -> None:
    """Band, raw line, smoothed line. Infinite values are gaps."""
    part = part.iloc[extremes(part["value"].to_numpy(), MOST_POINTS)].replace([np.inf, -np.inf], np.nan)
    shared = {"x": part["x"], "mode": "lines", "legendgroup": style.name}
    silent = {"hoverinfo": "skip", "showlegend": False}
    if not np.array_equal(part["value"], part["smoothed"], equal_nan=True):
        band(plot, part["x"], part["low"], part["high"], _faint(style.colour, 0.12), legendgroup=style.name)
        plot.add_scatter(
            y=part["value"], line={"width": 1, "color": _faint(style.colour, 0.4)}, **shared, **silent
        )
    mode = "lines+markers" if part["value"].notna().sum() == 1 else "lines"
    plot.add_scatter(
        **shared | {"mode": mode}, y=part["smoothed"], name=style.name, customdata=part["value"],
        showlegend=style.listed,
        line={"width": 2.5, "color": style.colour, "dash": style.dash},
        hovertemplate=f"{style.label}: %{{y:.4g}} (raw %{{customdata:.4g}})<extra></extra>",
    )  # fmt: skip


def _mark(plot: go.Figure, best: pd.DataFrame, style: _Style) -> None:
    """A star at the one row `best`."""
    plot.add_scatter(
        x=best["x"], y=best["value"], mode="markers", showlegend=False, legendgroup=style.name,
        marker={"symbol": "star", "size": 12, "color": style.colour, "line": {"width": 1, "color": "white"}},
        hovertemplate=f"best of {style.label}: %{{y:.4g}}<extra></extra>",
    )  # fmt: skip


def _faint(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def _time_unit(seconds: pd.Series) -> tuple[int, str]:
    """How many seconds the unit has in which the longest time reads best, and its name."""
    longest = seconds.max() if len(seconds) else 0
    return next((size, name) for least, size, name in DURATIONS if longest >= least)


def _log_ticks(values: np.ndarray) -> dict[str, Any]:
    """Labels at 1, 2 and 5 of every power of ten, at its powers alone over more than two: all of one size.

    Where fewer than two of these lie among `values`, at even steps.
    """
    known = values[np.isfinite(values) & (values > 0)]
    if not known.size:
        return {}
    least, most = float(known.min()), float(known.max())
    low, high = int(np.floor(np.log10(least))), int(np.ceil(np.log10(most)))
    steps = (1, 2, 5) if high - low <= 2 else (1,)
    ticks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
    if sum(least <= tick <= most for tick in ticks) < 2 and most > least:
        step = 10.0 ** np.floor(np.log10((most - least) / 2))  # the axis is nearly linear there
        ticks = [step * at for at in range(int(np.floor(least / step)), int(np.ceil(most / step)) + 1)]
        ticks = ticks[:: -(-len(ticks) // MOST_TICKS)]
    return {"tickvals": ticks, "ticktext": [number(tick) for tick in ticks]}


def _axis_title(curves: DrawnCurves) -> str:
    names = curves.table["series"].unique()
    if len(names) == 1:
        return label(names[0], LONGEST)
    return "Loss (no unit)" if curves.only_losses else "Value (no unit)"


def _dashes(data: pd.DataFrame) -> list[str]:
    """Which dash is which series, where colours are runs."""
    if data["series"].nunique() < 2:
        return []
    lines = [f"{DASH_WORDS[i % len(DASHES)]} {literal(name)}" for i, name in enumerate(data["series"].unique())]
    return [f"Lines: {', '.join(lines)}."]


def _caption(curves: DrawnCurves, several: bool) -> str:
    data, view = curves.table, curves.view
    band = (
        "lowest to highest"
        if view.quantiles is None
        else f"{view.quantiles[0]:g} to {view.quantiles[1]:g} quantile"
    )
    parts = _dashes(data) if several else []
    if view.weight:
        average = f"Bold: debiased average (weight {view.weight:g}); faint: every value"
        parts.append(f"{average}; band: {band} of {view.window}.")
    if view.stars:
        parts.append("Star: best value.")
    if curves.without_place:
        parts.append(
            f"Not drawn: {counted(curves.without_place, 'value')} without {AXES[view.axis].lower()} in the log."
        )
    if odd := int((~np.isfinite(data["value"])).sum()):
        parts.append(f"The line is broken at {counted(odd, 'value')} that no number stands for.")
    if view.log and (below := int((data["value"] <= 0).sum())):
        parts.append(f"A logarithmic axis has no place for {counted(below, 'value')} of 0 or less.")
    return " ".join(parts)


def _alt(best: pd.DataFrame) -> str:
    if best.empty:
        return "Training curves: nothing has been logged yet."
    lines = [
        f"{series} of {run}, best {number(value)}" + ("" if np.isnan(epoch) else f" in epoch {whole(epoch)}")
        for run, series, value, epoch in best[["run", "series", "value", "epoch"]].head(4).to_numpy()
    ]
    more = f"; and {len(best) - 4} more" if len(best) > 4 else ""
    return f"Training curves: {'; '.join(lines)}{more}."


def learning_study(data: pd.DataFrame, height: int = 320) -> Figure:
    """F1 and accuracy of the single-label LSTM by epochs, at both learning rates, measured beside published ones.

    `data`: a `sdm.training_logs.lstm_study.study_table`. They are local scores of a single-label task, no Kaggle
    scores.
    """
    plot = make_subplots(rows=1, cols=2, horizontal_spacing=0.18)
    rates = sorted(data["learning_rate"].unique())
    for (rate, origin), part in data.groupby(["learning_rate", "origin"]):
        looks = _study_looks(COLOURS[rates.index(rate) % len(COLOURS)], str(origin))
        name = f"{rate:g}, {origin}"
        shared = {"x": part["epochs"], "name": name, "legendgroup": name, **looks}
        plot.add_scatter(y=part["f1"], hovertemplate="epoch %{x}: F1 %{y:.3f}", row=1, col=1, **shared)
        hover = {"hovertemplate": "epoch %{x}: accuracy %{y:.3f}", "showlegend": False}
        plot.add_scatter(y=part["accuracy"], row=1, col=2, **hover, **shared)
    quiet(plot, height, hovermode="closest")
    x_axes(plot, title_text="Epochs")
    y_axes(plot, title_text="F1 (0 to 1)", rangemode="tozero", col=1)
    y_axes(plot, title_text="Accuracy (0 to 1)", rangemode="tozero", col=2)
    published = data["origin"].eq("published").any()
    source = f" Open diamonds: {LSTM_REPORT}; only these points are known." if published else ""
    caption = f"By learning rate. Lines: measured here, F1 as macro-F1.{source} {LSTM_REMARK}"
    return Figure(plot, data, caption, _study_alt(data))


def _study_looks(colour: str, origin: str) -> dict[str, object]:
    if origin == "measured":
        return {"mode": "lines+markers", "line": {"color": colour}, "marker": {"size": 7, "color": colour}}
    marker = {"size": 11, "symbol": "diamond-open", "color": colour, "line": {"width": 2}}
    return {"mode": "markers", "marker": marker}


def _study_alt(data: pd.DataFrame) -> str:
    best = data.loc[data.groupby(["origin", "learning_rate"])["f1"].idxmax()]
    lines = [
        f"{origin}, rate {rate:g}: F1 {number(f1)}, accuracy {number(accuracy)} after {counted(epochs, 'epoch')}"
        for origin, rate, epochs, f1, accuracy in best.to_numpy()
    ]
    return f"Single-label LSTM by epochs, the best by F1: {'; '.join(lines)}."
