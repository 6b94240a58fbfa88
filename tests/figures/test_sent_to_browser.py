"""A figure is sent so that Plotly finds nothing changed when it is handed it again, and looks as the page does."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest

from sdm.figures.plot import Plot
from sdm.figures.sent_to_browser import dressed
from sdm.figures.style import quiet


def sent(plot: go.Figure, appearance: str = "light", clickable: bool = False) -> Any:
    return json.loads(plotly.io.to_json(dressed(plot.to_dict(), appearance, clickable), validate=False))


@pytest.mark.parametrize("make", [Plot, go.Figure])
def test_no_typed_arrays_and_no_template(make: type[go.Figure]) -> None:
    plot = make().add_scatter(x=np.arange(3), y=np.array([1 / 3, np.nan, np.inf]), marker_size=np.full(3, 2.0))
    made = sent(quiet(plot, 200))
    trace = made["data"][0]
    assert (trace["x"], trace["y"]) == ([0, 1, 2], [0.3333333, None, None])
    assert trace["marker"]["size"] == [2, 2, 2] and "bdata" not in json.dumps(made)
    assert "template" not in made["layout"] and made["layout"]["datarevision"] is not None


def test_arrays_of_two_dimensions_dates_and_large_numbers() -> None:
    plot = go.Figure().add_heatmap(z=np.eye(2), x=np.array(["2001-01-01", "2002-01-01"], "datetime64[ns]"))
    plot.add_bar(x=["a"], y=[1.0], customdata=np.array([[2**40, 3_075_123]]))
    heat, bar = sent(quiet(plot, 200))["data"]
    assert heat["z"] == [[1, 0], [0, 1]] and heat["x"][0].startswith("2001-01-01")
    assert bar["customdata"] == [[2**40, 3_075_123]]


def test_what_the_figure_sets_goes_before_the_page() -> None:
    plot = quiet(Plot().add_scatter(x=[1], y=[2], marker_line_width=3, mode="markers"), 200, legend={"y": 2})
    plot.update_layout(yaxis2={"overlaying": "y", "tickfont": {"size": 9}})
    light, dark = sent(plot), sent(plot, "dark", clickable=True)
    axes = light["layout"]["yaxis2"], dark["layout"]["yaxis2"]
    assert [axis["tickfont"]["size"] for axis in axes] == [9, 9]
    assert axes[0]["tickfont"]["color"] != axes[1]["tickfont"]["color"]
    assert light["data"][0]["marker"]["line"]["width"] == 3 and light["layout"]["legend"]["y"] == 2
    assert "clickmode" not in light["layout"] and "select" in dark["layout"]["clickmode"]
    # A colour of ticks, even from the page's defaults, would make Plotly draw them and shift all else.
    assert not any("tickcolor" in value for value in light["layout"].values() if isinstance(value, dict))
