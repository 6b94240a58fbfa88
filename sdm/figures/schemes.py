"""The scores of one model under several split schemes, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sdm.data.splits import split_title
from sdm.figures.plot import Plot
from sdm.figures.scores import SERIES
from sdm.figures.style import GREY, Figure, error_bars, label, named_rows, quiet
from sdm.number_format import fixed

SPREAD = 0.16  # between the splits of one scheme, in rows


def scheme_dots(table: pd.DataFrame, measure: str, titles: Mapping[str, str]) -> Figure:
    """Dots with 95 % intervals, a row per scheme and a colour per split, of one group of
    `sdm.evaluation.leaderboard.schemes.scheme_table`; `titles`: scheme -> title."""
    schemes = list(dict.fromkeys(table["scheme"]))
    splits = list(dict.fromkeys(table["split"]))
    plot = Plot()
    for i, split in enumerate(splits):
        part = table[table["split"] == split]
        name, colour, symbol = SERIES.get(split, (split_title(split), GREY, "circle"))
        rows = part["scheme"].map(schemes.index).to_numpy() + SPREAD * (i - (len(splits) - 1) / 2)
        plot.add_scatter(
            x=part["value"], y=rows, mode="markers", name=name, text=part["run"].map(label),
            marker={"color": colour, "symbol": symbol, "size": 11},
            error_x=error_bars(part["value"], part["low"], part["high"], color=colour),
            hovertemplate="%{text}<br>" + name + " %{x:.3f}<extra></extra>",
        )  # fmt: skip
    quiet(plot, 110 + 46 * len(schemes), hovermode="closest", showlegend=True)
    named_rows(plot, [label(titles.get(name, name)) for name in schemes])
    plot.update_xaxes(title_text=measure, rangemode="tozero", showgrid=True)
    said = "; ".join(
        f"{titles.get(scheme, scheme)} {split_title(split)} {fixed(value)}"
        for scheme, split, value in table[["scheme", "split", "value"]].to_numpy()
    )
    caption = "One model, one configuration: only how the data were split differs."
    if np.isfinite(table["low"].to_numpy(float)).any():
        caption += " Bars: 95 % block-bootstrap intervals."
    return Figure(plot, table, caption, f"{measure} by split scheme: {said}.")
