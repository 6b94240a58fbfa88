"""The click map: constant where it must be, free of foreign hosts, names from the gazetteer."""

from __future__ import annotations

import re
from pathlib import Path

import folium
import numpy as np
import pytest
from streamlit_folium import _get_map_string, generate_js_hash

from sdm.data.tree import open_tree
from sdm.maps.click_map import BOUNDS, OPENSTREETMAP, Mark, Move, base_map, changing_layer, points_template
from sdm.maps.map_view import extent, view_script
from sdm.maps.place_names import describe, names

URL = points_template("demo", "by=split")
VIEW = view_script("demo", "map_view", ((54.5, 8.0), (57.8, 12.6)))


def rendered() -> str:
    chart = base_map("/tiles/base/light/{z}/{x}/{y}.png", names(), "light", VIEW)
    chart.render()
    return str(chart.get_root().render())


def test_the_map_asks_no_other_host_but_for_the_optional_layer() -> None:
    page = rendered()
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert "/app/static/leaflet.js" in sources

    assert not [s for s in sources if s.startswith(("http", "//")) and "openstreetmap.org" not in s]
    assert OPENSTREETMAP in page


def test_its_content_is_the_same_each_time() -> None:
    """streamlit-folium draws the map anew, and forgets the view, when this hash changes."""

    def digest() -> str:
        chart = base_map("/tiles/base/light/{z}/{x}/{y}.png", names(), "light", VIEW)
        chart.get_root().render()
        return generate_js_hash(_get_map_string(chart), "map")

    assert digest() == digest()


def test_what_changes_is_apart() -> None:
    plain = changing_layer(URL, None, "light")
    marked = changing_layer(URL, Mark((10, 50), (11, 51)), "dark")
    assert len(plain._children) == 2
    assert len(marked._children) == 7
    moved = changing_layer(URL, None, "light", move=Move(10, 50, None, 7))
    assert set(moved._children) - set(plain._children)


def test_a_pinned_survey_is_marked_otherwise_and_without_another() -> None:
    pinned = changing_layer(URL, Mark(None, None, (11, 51)), "light")
    both = changing_layer(URL, Mark((10, 50), None, (11, 51)), "light")
    kinds = [{type(child) for child in group._children.values()} for group in (pinned, both)]
    assert kinds[0] < kinds[1]
    assert folium.Marker in kinds[0]
    assert folium.CircleMarker not in kinds[0]


def test_the_first_view_fits_the_data() -> None:
    lon, lat = np.random.default_rng(0).uniform((8, 54.5), (12.6, 57.8), (5000, 2)).T
    fitted = extent(lon, lat, BOUNDS)
    assert np.allclose(fitted, ((54.5, 8), (57.8, 12.6)), atol=0.1)
    lon[:9], lat[:9] = np.nan, 40
    assert np.allclose(extent(lon, lat, BOUNDS), fitted, atol=0.1), "a few elsewhere change nothing"
    assert extent(lon[:9], lat[:9], BOUNDS) == BOUNDS
    assert extent(np.array([9.0]), np.array([55.0]), BOUNDS) == ((55.0, 9.0), (55.0, 9.0))


@pytest.mark.real
def test_the_first_view_of_a_real_tree(real_tree: Path) -> None:
    sites = open_tree(real_tree).sites
    (south, west), (north, east) = extent(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), BOUNDS)
    inside = sites["lon"].between(west, east) & sites["lat"].between(south, north)
    assert inside.mean() > 0.95
    assert (east - west) < (BOUNDS[1][1] - BOUNDS[0][1]) / 2


def test_a_data_set_name_is_quoted() -> None:
    assert points_template('a"/../b', "") == "/tiles/points/a%22%2F..%2Fb/{z}/{x}/{y}.png"


def test_places_in_words() -> None:
    assert describe(12.57, 55.68) == "Copenhagen"
    assert describe(12.57, 55.95).endswith("N of Copenhagen") or "km" in describe(12.57, 55.95)
    assert describe(None, 50) == "Position unknown"


def test_names_come_with_a_zoom_each() -> None:
    assert {name.kind for name in names()} == {"town", "country"}
    assert all(3 <= name.since <= 9 for name in names())
