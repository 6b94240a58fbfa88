"""One species: how well it is found, what it is mistaken for."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.evaluation.species.threshold import AtThreshold
from sdm.figures.pair_basis import Basis, basis_of
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INDEPENDENT,
    ORANGE,
    Figure,
    error_bars,
    label,
    named_rows,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.number_format import counted, number, percent

MOST_STEPS = 600  # thresholds drawn of a curve
HEIGHT = 320
FEW = 4  # bars
AT_A_POINT = {"threshold": 1, "recall": 0, "precision": 0}  # decimals of per cent


@dataclass(frozen=True)
class Curve:
    """A table of `sdm.evaluation.species.quality.precision_recall`, and what becomes of the surveys at the
    threshold chosen."""

    table: pd.DataFrame
    at_threshold: AtThreshold | None = None


def precision_recall(curves: Mapping[str, Curve], prevalence: float, height: int = HEIGHT) -> Figure:
    """Precision over recall by name of the surveys, the last one bold; `prevalence` there is that of guessing."""
    *_, last = curves
    plot = Plot()
    plot.add_scatter(
        x=[0, 1], y=[prevalence] * 2, mode="lines", name="guessing", hoverinfo="skip",
        line={"color": GREY, "width": 1, "dash": "dot"},
    )  # fmt: skip
    for name, curve in curves.items():
        _curve(plot, html.escape(name), curve, bold=name == last)
    quiet(plot, height, hovermode="closest")
    x_axes(plot, title_text="Recall: share of its surveys found", range=[0, 1.02], **share_ticks())
    y_axes(plot, title_text="Precision: share of calls right", range=[0, 1.04], **share_ticks())
    table = pd.concat({name: curve.table for name, curve in curves.items()}, names=["surveys"])
    threshold = f" The dot: the threshold chosen on validation, with 95 % intervals{INDEPENDENT}."
    dot = threshold if curves[last].at_threshold is not None else ""
    caption = f"Every threshold is a point; further up and to the right is better.{dot}"
    return Figure(plot, table.reset_index("surveys").reset_index(drop=True), caption, _curve_alt(curves))


def confused_bars(pairs: pd.DataFrame, name: str, most: int = 6, height: int = HEIGHT) -> Figure:
    """Pairs of `sdm.evaluation.species.confused`: what is predicted where it was missed, and the other way
    round."""
    shown, basis = pairs.groupby("role", sort=False).head(most), basis_of(pairs)
    plot = Plot()
    labels: list[str] = []
    for role, colour, title, other in (
        ("missed", ORANGE, "predicted where it was missed", "predicted_name"),
        ("predicted", BLUE, "missed where it was predicted", "missed_name"),
    ):
        part = shown[shown["role"] == role]
        names = [label(text) for text in part[other]]
        detail = [
            f"{text}: {title}<br>{counted(surveys, 'survey')}, expected {basis.words}: {number(expected)}"
            for text, surveys, expected in zip(names, part["surveys"], part["expected"], strict=True)
        ]
        plot.add_bar(
            x=part[basis.column], y=np.arange(len(labels), len(labels) + len(part)), orientation="h", name=title,
            showlegend=bool(len(part)), marker_color=colour, text=detail, textposition="none",
            hovertemplate=f"%{{text}}<br>{basis.column} %{{x:.3g}}<extra></extra>",
        )  # fmt: skip
        labels += [f"<i>{text}</i>" for text in names]
    if len(labels) < FEW:
        plot.update_traces(width=FEW / 8)  # a single bar would fill the plot
    quiet(plot, height, hovermode="closest")
    x_axes(plot, title_text=basis.title, rangemode="tozero")
    named_rows(plot, labels)
    caption = f"Errors at the same surveys; 1: as often as expected {basis.words}."
    return Figure(plot, pairs, caption, _confused_alt(shown, name, basis))


def _curve(plot: go.Figure, name: str, curve: Curve, bold: bool) -> None:
    at = np.unique(np.linspace(0, max(len(curve.table) - 1, 0), MOST_STEPS).astype(int))
    data, colour = curve.table.iloc[at[: len(curve.table)]], BLUE if bold else GREEN
    plot.add_scatter(
        x=data["recall"], y=data["precision"], mode="lines", name=name,
        customdata=_thresholds(data),
        line={"color": colour, "width": 2.4 if bold else 1.2, "dash": "solid" if bold else "dash"},
        hovertemplate=f"{name}, %{{customdata}}<extra></extra>",
    )  # fmt: skip
    if curve.at_threshold is None:
        return
    recall, precision = curve.at_threshold.recall, curve.at_threshold.precision
    plot.add_scatter(
        x=[recall[0]], y=[precision[0]], mode="markers", showlegend=False,
        marker={"size": 10 if bold else 7, "color": colour}, error_x=_interval(recall, colour, bold),
        error_y=_interval(precision, colour, bold),
        hovertemplate=f"{name}, from {percent(curve.at_threshold.threshold)} on: "
        f"recall {percent(recall[0], 0)}, precision {percent(precision[0], 0)}<extra></extra>",
    )  # fmt: skip


def _thresholds(data: pd.DataFrame) -> list[str]:
    """What stands beside a point of the curve, row by row."""
    shares = (share_texts(data[column], decimals) for column, decimals in AT_A_POINT.items())
    return [
        f"from {threshold} on: recall {recall}, precision {precision}"
        for threshold, recall, precision in zip(*shares, strict=True)
    ]


def _interval(value: tuple[float, float, float], colour: str, visible: bool) -> dict[str, Any]:
    middle, low, high = value
    ends = {"array": [high - middle], "arrayminus": [middle - low]}
    return error_bars(middle, low, high, color=colour, visible=visible and middle == middle, **ends)


def _curve_alt(curves: Mapping[str, Curve]) -> str:
    summary = [
        f"{name}: precision {percent(curve.at_threshold.precision[0])}, "
        f"recall {percent(curve.at_threshold.recall[0])}, F1 {number(curve.at_threshold.f1, 2)}"
        for name, curve in curves.items()
        if curve.at_threshold is not None
    ]
    return f"Precision over recall. At the chosen threshold, {'; '.join(summary) or 'none could be chosen'}."


def _confused_alt(shown: pd.DataFrame, name: str, basis: Basis) -> str:
    if shown.empty:
        return f"{name}: no pair."
    first = shown.iloc[0]
    summary = (
        f"{first['predicted_name']} instead of {first['missed_name']} at {counted(first['surveys'], 'survey')}"
    )
    ratio = f"{basis.column} {number(first[basis.column])}"
    return f"Errors around {name}, {counted(len(shown), 'pair')}; first {summary}, {ratio}."
