"""Occlusion of series: what a prediction loses without one band or one date."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from plotly.subplots import make_subplots

from sdm.figures.attribution import PERCENT, Unit
from sdm.figures.plot import Plot
from sdm.figures.style import GREY, PALETTE, Figure, label, quiet, x_axes, y_axes
from sdm.number_format import number

BAND, TIMES = "band", ("month", "step")  # kinds of what is hidden
HEIGHT = 280


def by_date(table: pd.DataFrame, name: str, unit: Unit = PERCENT, when: Sequence[str] = ()) -> Figure:
    """A `BandAttribution.step_table` of the class or value `name`: a bar per date.

    `when`: what the first dates are called, their numbers if empty; those after them have none.
    """
    if when:
        table = table.head(len(when)).assign(date=list(when))
    words = list(table["date"]) if when else [str(step) for step in table["step"]]
    change = unit.factor * table["change"]
    plot = Plot()
    plot.add_bar(x=words, y=change, marker_color=_colours(change), hovertemplate="%{x}: %{y:+.3g}<extra></extra>")
    quiet(plot, HEIGHT, hovermode="closest", showlegend=False)
    x_axes(plot, type="category", title_text="" if when else "Date, in order")
    y_axes(plot, title_text=unit.added, zeroline=True, zerolinecolor=GREY)
    caption = (
        f"Occlusion: how much lower {name} comes out when all bands of one date are replaced by their training "
        "means. Below 0: that date speaks against it."
    )
    said = _strongest(words, change.to_numpy(float))
    return Figure(plot, table, caption, f"Bars: what each date adds to {name}; most: {said}.")


def months_and_bands(table: pd.DataFrame, pixels: int) -> Figure:
    """A table of `sdm.inference.series_occlusion.occlusion` over `pixels`: accuracy lost without each month, or
    date, and without each band."""
    parts = [table[table["kind"].isin(TIMES)], table[table["kind"] == BAND]]
    plot = make_subplots(rows=1, cols=2, horizontal_spacing=0.1, column_widths=[0.4, 0.6], shared_yaxes=True)
    for column, part in enumerate(parts, 1):
        lost = 100 * part["accuracy"]
        words = [label(one, 60) for one in part["title"]]
        plot.add_bar(
            x=[label(name) for name in part["name"]], y=lost, marker_color=_colours(lost), text=words,
            textposition="none", hovertemplate="%{text}: %{y:+.2g}<extra></extra>", row=1, col=column,
        )  # fmt: skip
    quiet(plot, HEIGHT, hovermode="closest", showlegend=False)
    x_axes(plot, type="category")
    y_axes(plot, title_text="Accuracy lost (points)", zeroline=True, zerolinecolor=GREY, row=1, col=1)
    months, bands = (_strongest(list(part["name"]), 100 * part["accuracy"].to_numpy(float)) for part in parts)
    caption = (
        f"Over {pixels} validation pixels: points of accuracy lost when one month of all bands (left), or one "
        "band of all months (right), is replaced by training means. Bands that vary together stand in for each "
        "other."
    )
    alt = f"Accuracy lost without each month; most: {months}. Without each band; most: {bands}."
    return Figure(plot, table, caption, alt)


def _colours(change: pd.Series) -> list[str]:
    return np.where(change >= 0, PALETTE["blue"], PALETTE["orange"]).tolist()


def _strongest(names: Sequence[str], change: np.ndarray) -> str:
    order = np.argsort(-np.abs(change), kind="stable")[:3]
    return ", ".join(f"{names[i]} {number(float(change[i]))}" for i in order)
