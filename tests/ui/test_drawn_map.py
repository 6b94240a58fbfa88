"""What a click map hands to its component is what streamlit-folium itself would, drawn once."""

from __future__ import annotations

from typing import Any

import folium
import pytest
import streamlit as st
import streamlit_folium

from sdm.geo.mercator import HIGHEST_ZOOM
from sdm.maps.click_map import BOUNDS, Circle, Mark, Move, TileLayer, base_map, changing_layer
from sdm.maps.map_view import view_script
from sdm.maps.place_names import names
from sdm.maps.script import Script
from sdm.ui.components import drawn_map

AGAIN = "feature_group_feature_group_0.addTo(map_div);"  # what is added two lines below
RELIEF = "/tiles/base/light/{z}/{x}/{y}.png"


def view() -> Script:
    return view_script("demo", "map_view", ((54.5, 8.0), (57.8, 12.6)))


def changing(kind: str) -> folium.FeatureGroup:
    if kind == "nothing":
        return changing_layer("/points", None, "light")
    mark = Mark((10, 50), (11, 51), (12, 52))
    circles = [Circle(10.1, 50.1, "#123456", "118", "Tallinn's {{ old }} town")]
    return changing_layer(
        "/points", mark, "light", circles, Move(10, 50, None, 7), "/faint", [TileLayer("raster", "/r", 300)]
    )


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(streamlit_folium, "_component_func", lambda **values: calls.append(values))
    st.cache_resource.clear()
    return calls


@pytest.mark.parametrize("kind", ["nothing", "everything"])
def test_the_component_is_handed_the_same(handed: list[dict[str, Any]], kind: str) -> None:
    streamlit_folium.st_folium(
        base_map(RELIEF, names(), "light", view(), HIGHEST_ZOOM, BOUNDS), key="map", height=300,
        use_container_width=True, returned_objects=["last_clicked"], feature_group_to_add=changing(kind),
        wrap_longitude=True,
    )  # fmt: skip
    for _ in range(2):
        drawn_map.click_map(
            "map", view(), HIGHEST_ZOOM, BOUNDS, drawn_map.held_script(changing, kind), 300, lambda: None
        )
    usual, *ours = handed
    for one in (usual, *ours):
        one.pop("on_change")
        lines = [line.strip() for line in one["feature_group"].splitlines()]
        one["feature_group"] = [line for line in lines if line and line != AGAIN]
    assert ours == [usual, usual]


def test_other_maps_are_other_maps(handed: list[dict[str, Any]]) -> None:
    other = view_script("coast", "map_view", ((54.5, 8.0), (57.8, 12.6)))
    for key, opens in (("map", view()), ("map", other), ("class_map", view()), ("map", None)):
        drawn_map.click_map(
            key, opens, HIGHEST_ZOOM, BOUNDS, drawn_map.script_of(changing("nothing")), 300, lambda: None
        )
    assert len({one["key"] for one in handed}) == 4


def test_a_click_is_stored_and_told(handed: list[dict[str, Any]]) -> None:
    told: list[Any] = []
    drawn_map.click_map(
        "map",
        view(),
        HIGHEST_ZOOM,
        BOUNDS,
        drawn_map.script_of(changing("nothing")),
        300,
        lambda: told.append(st.session_state["map"]),
    )
    st.session_state[handed[0]["key"]] = {"last_clicked": {"lat": 1.0, "lng": 2.0}}
    handed[0]["on_change"]()
    assert told == [{"last_clicked": {"lat": 1.0, "lng": 2.0}}]
