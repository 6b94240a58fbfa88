"""Calibration as a reliability diagram, and the coverage of conformal prediction sets."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    YELLOW,
    Figure,
    error_bars,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.number_format import counted, fixed, percent

RELIABILITY_HEIGHT, COVERAGE_HEIGHT = 400, 300
COLOURS = {"validation": GREEN, "near": BLUE, "far": ORANGE}
OTHER_SPLIT = YELLOW
RELIABILITY = (
    "Every pair of survey and species, grouped by predicted probability. On the dotted line, of those at 30 % "
    "just 30 % are there; below it the model is overconfident. Bars: 95 % interval as if all pairs were "
    "independent; those of one survey are alike, and surveys of one square, so the real one is wider. "
    "Columns: how many pairs."
)
COVERAGE = (
    "Sets made on validation surveys to hold the stated share of a survey's recorded species, and the share they "
    "really hold elsewhere. Below the dotted line the coverage guarantee does not hold. Bars: 95 % interval, "
    "for which whole blocks of neighbouring surveys are drawn."
)


def reliability(tables: Mapping[str, pd.DataFrame], height: int = RELIABILITY_HEIGHT) -> Figure:
    """Observed share against predicted probability by title of the split, and below it the number of pairs.

    `tables` are those of `sdm.evaluation.calibration.reliability`.
    """
    plot = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.04, row_heights=[0.76, 0.24])
    plot.add_scatter(x=[0, 1], y=[0, 1], row=1, col=1, **_diagonal("as it should be"))
    for i, (title, table) in enumerate(tables.items()):
        _reliability_of(plot, html.escape(title), table, _colour(title))
        _pairs_of(plot, html.escape(title), table, _colour(title), i / len(tables), 1 / len(tables))
    quiet(plot, height, hovermode="closest")
    x_axes(plot, range=[-0.02, 1.02], **share_ticks())
    x_axes(plot, title_text="Predicted probability", row=2, col=1)
    y_axes(plot, title_text="Observed share", range=[-0.02, 1.02], **share_ticks(), row=1, col=1)
    y_axes(plot, title_text="Pairs", type="log", nticks=3, tickformat=",d", row=2, col=1)
    return Figure(plot, _named(tables), RELIABILITY, _reliability_alt(tables))


def coverage(
    table: pd.DataFrame, stated: float, titles: Mapping[str, str], height: int = COVERAGE_HEIGHT
) -> Figure:
    """Measured against stated share, a line per split; the one `stated` now is marked.

    `table` is that of `sdm.evaluation.calibration_report.coverage_table`; `titles` name the splits.
    """
    plot = Plot()
    ends = [float(table["stated"].min()), float(table["stated"].max())]
    plot.add_scatter(x=ends, y=ends, **_diagonal("as stated"))
    for split, part in table.groupby("split", sort=False):
        title = titles[str(split)]
        _coverage_of(plot, html.escape(title), part, _colour(title))
    plot.add_vline(x=stated, line={"color": PINK, "width": 1.5, "dash": "dot"})
    quiet(plot, height, hovermode="closest")
    x_axes(plot, title_text="Stated coverage", **share_ticks(ends[1], ends[0]))
    measured = table["measured"].min(), table["measured"].max()
    ticks = share_ticks(max(ends[1], measured[1]), min(ends[0], measured[0]))
    y_axes(plot, title_text="Coverage: share really inside", **ticks)
    named = table.assign(split=table["split"].map(titles))
    return Figure(plot, named, COVERAGE, _coverage_alt(named))


def _diagonal(name: str) -> dict[str, Any]:
    line = {"color": GREY, "width": 1.2, "dash": "dot"}
    return {"mode": "lines", "name": name, "hoverinfo": "skip", "line": line}


def _colour(title: str) -> str:
    return COLOURS.get(title, OTHER_SPLIT)


def _reliability_of(plot: go.Figure, name: str, table: pd.DataFrame, colour: str) -> None:
    plot.add_scatter(
        x=table["predicted"], y=table["observed"], mode="lines+markers", name=name, legendgroup=name,
        line={"color": colour, "width": 1.6}, marker={"size": 6, "color": colour}, row=1, col=1,
        error_y=error_bars(table["observed"], table["observed_low"], table["observed_high"]),
        customdata=_observed(table), hovertemplate=f"{name}: %{{customdata}}<extra></extra>",
    )  # fmt: skip


def _observed(table: pd.DataFrame) -> list[str]:
    """What stands beside a point, row by row."""
    shares = (share_texts(table[column], 1) for column in ("predicted", "observed"))
    return [
        f"predicted {predicted}, observed {observed}<br>{counted(pairs, 'pair')}"
        for predicted, observed, pairs in zip(*shares, table["count"], strict=True)
    ]


def _pairs_of(plot: go.Figure, name: str, table: pd.DataFrame, colour: str, start: float, share: float) -> None:
    """A column per group, in its own `share` of the group's width, from `start` on."""
    width = table["high"] - table["low"]
    plot.add_bar(
        x=table["low"] + start * width, width=0.9 * share * width, offset=0, y=table["count"], name=name,
        legendgroup=name, showlegend=False, marker={"color": colour, "line_width": 0}, row=2, col=1,
        hovertemplate=f"{name}: %{{y:,}} pairs<extra></extra>",
    )  # fmt: skip


def _coverage_of(plot: go.Figure, name: str, table: pd.DataFrame, colour: str) -> None:
    plot.add_scatter(
        x=table["stated"], y=table["measured"], mode="lines+markers", name=name,
        line={"color": colour, "width": 2}, marker={"size": 6, "color": colour},
        error_y=error_bars(table["measured"], table["low"], table["high"]), customdata=_inside(table),
        hovertemplate=f"{name}: %{{customdata}}<extra></extra>",
    )  # fmt: skip


def _inside(table: pd.DataFrame) -> list[str]:
    """What stands beside a point, row by row."""
    shares = zip(share_texts(table["stated"], 0), share_texts(table["measured"], 1), table["size"], strict=True)
    return [f"stated {stated}, inside {inside}{_sized(size)}" for stated, inside, size in shares]


def _sized(size: float) -> str:
    return "" if math.isnan(size) else f"<br>{fixed(size, 1)} species a set"


def _named(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(dict(tables), names=["surveys"]).reset_index("surveys").reset_index(drop=True)


def _reliability_alt(tables: Mapping[str, pd.DataFrame]) -> str:
    summary = []
    for title, table in tables.items():
        if len(table):
            gap = table["observed"] - table["predicted"]
            worst = table.iloc[int(gap.abs().to_numpy().argmax())]
            said, there = float(worst["predicted"]), float(worst["observed"])
            summary.append(
                f"{title}: furthest off where {percent(said)} was predicted and {percent(there)} observed"
            )
    return f"Observed share against predicted probability. {'; '.join(summary)}."


def _coverage_alt(named: pd.DataFrame) -> str:
    summary = []
    for split, part in named.groupby("split", sort=False):
        pairs = zip(part["measured"], part["stated"], strict=True)
        summary.append(
            f"{split}: {', '.join(f'{percent(inside)} of {percent(stated)}' for inside, stated in pairs)}"
        )
    return f"Share of recorded species really inside the sets, of the share stated. {'; '.join(summary)}."
