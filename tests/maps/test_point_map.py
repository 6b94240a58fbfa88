"""Surveys as points on the base map."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sdm.maps.click_map import Mark, base_map
from sdm.maps.point_map import MOST_POINTS, Points, points_layer


def test_points_without_a_position_are_left_out() -> None:
    points = Points.build(np.array([5.0, np.nan, 7.0]), np.array([50.0, 51.0, np.inf]), ["red", "green", "blue"])
    assert points.row.tolist() == [0]
    assert points.circles() == [(5.0, 50.0, "red")]


def test_many_points_are_thinned_evenly() -> None:
    points = Points.build(np.linspace(0, 20, 50_001), np.full(50_001, 50.0), ["red"] * 50_001)
    assert len(points.row) == MOST_POINTS == len(points.circles())
    assert (points.row[0], points.row[-1]) == (0, 50_000)


def test_a_click_finds_the_nearest_point_of_the_caller() -> None:
    """At 60° N a degree east is half as far as one north."""
    points = Points.build(np.array([np.nan, 10.0, 12.0]), np.array([0.0, 61.2, 60.0]), ["a", "b", "c"])
    assert points.nearest(10.0, 60.0) == 2
    assert points.nearest(10.0, 62.0) == 1
    assert Points.build(np.zeros(0), np.zeros(0), []).nearest(0, 0) is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_layer_carries_points_and_mark_and_the_base_map_none(theme: str) -> None:
    points = Points.build(np.array([5.0]), np.array([50.0]), ["#123456"])
    chart = base_map("/tiles/{z}/{x}/{y}.png", [], theme)
    assert "window.points" not in chart.get_root().render()
    points_layer(points, "</script><b>", Mark((5.0, 50.0)), theme).add_to(chart)
    page = chart.get_root().render()
    assert json.dumps("#123456") in page
    assert "</script><b>" not in page
    assert "circleMarker" in page
