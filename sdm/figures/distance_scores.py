"""Score against distance to training."""

from __future__ import annotations

import numpy as np
import pandas as pd
from plotly.subplots import make_subplots

from sdm.data.splits import split_title
from sdm.figures.scores import SERIES
from sdm.figures.style import GREY, Figure, error_bars, quiet, x_axes, y_axes
from sdm.number_format import counted, fixed, whole

HEIGHT = 330
SPREAD = 0.12  # between the splits of one bin
UNITS = {"km": 1, "m": 1000}


def distance_dots(table: pd.DataFrame, measure: str, item: str) -> Figure:
    """A dot with its 95 % interval per bin of distance and split, and below it how many surveys it is of.

    `table` is that of `sdm.evaluation.distance_scores.distance_scores`, `item` what a survey is called.
    """
    lows = np.unique(table["low_km"].to_numpy(float))
    highs = [table.loc[table["low_km"] == low, "high_km"].iloc[0] for low in lows]
    unit = _unit(table)
    titles = [bin_title(low, high, unit) for low, high in zip(lows, highs, strict=True)]
    splits = list(dict.fromkeys(table["split"]))
    plot = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.05, row_heights=[0.74, 0.26])
    for i, split in enumerate(splits):
        part = table[table["split"] == split]
        name, colour, symbol = SERIES.get(split, (split_title(split), GREY, "circle"))
        at = np.searchsorted(lows, part["low_km"]) + SPREAD * (i - (len(splits) - 1) / 2)
        pairs = zip(part["value"], part["surveys"], strict=True)
        said = [f"{fixed(value)} ({counted(number_of, item)})" for value, number_of in pairs]
        plot.add_scatter(
            x=at, y=part["value"], mode="lines+markers", name=name, legendgroup=name, text=said, row=1, col=1,
            line={"color": colour, "width": 1.2}, marker={"color": colour, "symbol": symbol, "size": 9},
            error_y=error_bars(part["value"], part["value_low"], part["value_high"], color=colour),
            hovertemplate=name + " %{text}<extra></extra>",
        )  # fmt: skip
        plot.add_bar(
            x=at, y=part["surveys"], width=SPREAD, marker_color=colour, showlegend=False, legendgroup=name, row=2,
            col=1, text=said, textposition="none", hovertemplate=name + " %{text}<extra></extra>",
        )  # fmt: skip
    quiet(plot, HEIGHT, hovermode="closest", showlegend=True)
    x_axes(plot, tickvals=np.arange(len(lows)), ticktext=titles, range=[-0.5, len(lows) - 0.5])
    x_axes(plot, title_text=f"Distance to the nearest training survey ({unit})", row=2, col=1)
    y_axes(plot, title_text=measure, row=1, col=1)
    y_axes(plot, title_text="Surveys", nticks=3, row=2, col=1)
    caption = "Mean score at each distance. Bars: 95 % block-bootstrap interval; a single block has none."
    return Figure(plot, table, caption, _alt(table, measure))


def bin_title(low_km: float, high_km: float, unit: str) -> str:
    """A bin of distances as a tick, in "km" or "m".

    >>> bin_title(0, 1, "km"), bin_title(0.03, 0.1, "m"), bin_title(1, np.inf, "m")
    ('< 1', '30–100', '> 1,000')
    """
    low, high = low_km * UNITS[unit], high_km * UNITS[unit]
    if not low:
        return f"< {whole(high)}"
    return f"> {whole(low)}" if np.isinf(high) else f"{whole(low)}–{whole(high)}"


def _unit(table: pd.DataFrame) -> str:
    """The unit of the ticks: metres where bins end below a kilometre."""
    ends = table[["low_km", "high_km"]].to_numpy(float)
    return "km" if (ends[ends > 0] >= 1).all() else "m"


def _alt(table: pd.DataFrame, measure: str) -> str:
    unit = _unit(table)
    said = [
        f"{split_title(str(split))}: "
        + ", ".join(
            f"{bin_title(low, high, unit)} {unit} {fixed(value)}"
            for low, high, value in part[["low_km", "high_km", "value"]].itertuples(index=False)
        )
        for split, part in table.groupby("split", sort=False)
    ]
    return f"{measure} by distance to training. {'; '.join(said)}."
