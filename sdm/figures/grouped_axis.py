"""Rows and columns of a matrix that stand in groups: lines between them, and the groups' names on the axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import plotly.graph_objects as go

from sdm.figures.style import GREY, label


def mark_groups(plot: go.Figure, groups: Sequence[str]) -> None:
    """Part the rows and columns 0, 1, … where `groups`, one name each, change; name the groups below the columns.

    Nothing is done where all are of one group, or each of its own.
    """
    runs = [(name, len(list(members))) for name, members in groupby(groups)]
    if not 1 < len(runs) < len(groups):
        return
    start, places = 0, []
    for name, size in runs:
        places.append((start + (size - 1) / 2, name))
        start += size
        if start < len(groups):
            line = {"color": GREY, "width": 0.7}
            plot.add_hline(start - 0.5, line=line, layer="below")
            plot.add_vline(start - 0.5, line=line, layer="below")
    plot.update_xaxes(
        title_text="Predicted, rows in the same order", tickvals=[place for place, _ in places],
        ticktext=[label(name) for _, name in places], tickangle=-90,
    )  # fmt: skip
