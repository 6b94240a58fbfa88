"""Maps of folds, and curves of the distance to training."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from sdm.figures.europe_map import Ground
from sdm.figures.folds import FOLD_COLOURS, LEAST_KM, fold_distances, fold_map


@pytest.mark.parametrize("theme", FOLD_COLOURS)
def test_the_map_names_the_folds_with_their_sizes_in_colours_of_their_own(theme: str) -> None:
    table = pd.DataFrame({"survey_id": range(12), "lon": range(12), "lat": 45.0, "part": list("111122333445")})
    figure = fold_map(table, Ground(theme))
    named = [trace for trace in figure.plot.data if trace.name]
    assert [trace.name for trace in named] == [f"fold {i} ({size})" for i, size in enumerate([4, 2, 3, 2, 1], 1)]
    assert len({trace.marker.color for trace in named}) == 5
    assert "fold 1 4, fold 2 2" in figure.alt


def test_of_surveys_in_one_spot_one_is_drawn() -> None:
    table = pd.DataFrame({"survey_id": range(500), "lon": 10.0, "lat": 50.0, "part": "train"})
    figure = fold_map(table, Ground("light"))
    assert sum(len(trace.x) for trace in figure.plot.data if trace.name) == 1
    assert "(500)" in figure.plot.data[0].name and len(figure.table) == 500


def crowded(odd: float) -> go.Figure:
    """300 surveys round 10° east, 56° north in two folds, and one at 64° north, `odd` degrees east."""
    at = np.arange(300)
    lon, lat = np.append(9 + at / 150, odd), np.append(55.5 + at % 10 / 10, 64)
    table = pd.DataFrame({"survey_id": range(301), "lon": lon, "lat": lat, "part": [*"12" * 150, "1"]})
    return fold_map(table, Ground("dark", (("/map.png", 1.0),))).plot


def test_the_crowded_part_is_enlarged_in_a_corner_that_is_empty() -> None:
    plot = crowded(20)
    enlarged = [trace for trace in plot.data if trace.xaxis == "x2"]
    assert [trace.legendgroup for trace in enlarged] == ["1", "2"] and not any(t.showlegend for t in enlarged)
    assert all(plot.layout.xaxis2.range[0] <= x <= plot.layout.xaxis2.range[1] for t in enlarged for x in t.x)
    assert [image.xref for image in plot.layout.images] == ["x", "x2"]
    assert not [trace for trace in crowded(-20).data if trace.xaxis == "x2"]


def test_curves_of_distances_rise_from_nothing_to_all() -> None:
    table = pd.DataFrame({"scheme": ["random"] * 3 + ["block"] * 2, "km": [0, 0.5, 2, 20, 40]})
    figure = fold_distances(table, {"random": "random", "block": "by block"}, patches=True)
    random, block = figure.plot.data
    assert random.x[0] == LEAST_KM and random.x[-1] == 2 and block.x[0] == 20
    assert (random.y[0], random.y[-1]) == (0, 1)
    assert "random 500 m; by block 30 km" in figure.caption
    near = fold_distances(table.assign(km=table["km"] / 10), {"random": "random"}, patches=False)
    assert near.plot.data[0].x[-1] == 200 and "(m)" in near.plot.layout.xaxis.title.text
