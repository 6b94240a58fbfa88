"""A plot that was never looked at is sent as the usual Plotly figure of the same calls would be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest

from sdm.figures.plot import Plot
from sdm.figures.style import band, quiet, x_axes, y_axes

DATES = pd.Series(pd.date_range("2001-01-01", periods=3))
Calls = Callable[[go.Figure], Any]


def sent(plot: go.Figure) -> Any:
    return json.loads(plotly.io.to_json(plot.to_dict(), validate=False))


def lines(plot: go.Figure) -> None:
    values = np.array([0.5, np.nan, 2.0])
    band(plot, DATES, values - 1, values + 1, "red")
    plot.add_scatter(x=DATES, y=values, name=None, marker_color=["red", "blue", "red"],
                     marker_line_width=1, customdata=pd.Series(["a", "b", None]),
                     error_y={"type": "data", "array": values})  # fmt: skip
    plot.add_vrect("2001-01-01", "2001-02-01", fillcolor="grey", line_width=0)


def layout(plot: go.Figure) -> None:
    plot.add_bar(x=["a", "b"], y=np.array([1, 300]), text=["1", "2"], marker={"color": "red"}, marker_opacity=0.5)
    quiet(plot, 200, margin_t=8, legend={"y": 2}, showlegend=False)
    plot.update_layout(yaxis={"title": "Rain", "range": np.array([0.0, 2.0])}, yaxis2={"overlaying": "y"})
    x_axes(plot, tickvals=np.arange(3), ticktext=("a", "b", "c"), tickfont_size=9)
    y_axes(plot, title_text="mm", title_standoff=4)


def arrays(plot: go.Figure) -> None:
    plot.add_scatter(x=pd.Index([1, 70_000]), y=np.array([2**40, 1]), customdata=np.zeros((2, 3), np.float32))
    plot.add_scatter(x=np.zeros(0), y=np.array([True, False]), hovertext=pd.Series(["a", "b"], dtype="string"))
    plot.add_scatter(x=[None], y=(1.5,), yaxis="y2")


def on_the_way(plot: go.Figure) -> None:
    plot.add_scatter(x=[1, 2], y=[3, 4])
    quiet(plot, 100)
    plot.add_hline(3.5, line_dash="dot")  # from here the usual one
    plot.add_heatmap(z=np.eye(2), colorscale="Viridis")
    plot.add_vrect(1, 2)
    y_axes(plot, title_text="metres")
    quiet(plot, 120, hovermode="closest")
    plot.update_layout(title="Heat")


@pytest.mark.parametrize("calls", [lines, layout, arrays, on_the_way])
def test_what_is_sent_is_what_plotly_makes(calls: Calls) -> None:
    ours, usual = Plot(), go.Figure()
    calls(ours)
    calls(usual)
    assert sent(ours) == sent(usual)
    assert [trace.type for trace in ours.data] == [trace.type for trace in usual.data]
    assert sent(ours) == sent(usual), "it was looked at"


def test_a_misspelt_property_is_found_by_looking() -> None:
    plot = Plot()
    plot.add_scatter(x=[1], colour="red")
    with pytest.raises(ValueError, match="colour"):
        _ = plot.data
