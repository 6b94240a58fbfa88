"""The click map: constant where it must be, free of foreign hosts, names from the gazetteer."""

from __future__ import annotations

import re

from streamlit_folium import _get_map_string, generate_js_hash

from sdm.maps.click_map import OPENSTREETMAP, Mark, base_map, changing_layer, points_template
from sdm.maps.place_names import describe, names

URL = points_template("demo", "by=split")


def rendered() -> str:
    chart = base_map("/tiles/base/light/{z}/{x}/{y}.png", URL, names(), "light")
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
        chart = base_map("/tiles/base/light/{z}/{x}/{y}.png", URL, names(), "light")
        chart.get_root().render()
        return generate_js_hash(_get_map_string(chart), "map")

    assert digest() == digest()


def test_what_changes_is_apart() -> None:
    plain = changing_layer(URL, None, "light")
    marked = changing_layer(URL, Mark(10, 50, (11, 51)), "dark")
    assert len(plain._children) == 2
    assert len(marked._children) == 7


def test_a_data_set_name_is_quoted() -> None:
    assert points_template('a"/../b', "") == "/tiles/points/a%22%2F..%2Fb/{z}/{x}/{y}.png"


def test_places_in_words() -> None:
    assert describe(12.57, 55.68) == "Copenhagen"
    assert describe(12.57, 55.95).endswith("N of Copenhagen") or "km" in describe(12.57, 55.95)
    assert describe(None, 50) == "Position unknown"


def test_names_come_with_a_zoom_each() -> None:
    assert {name.kind for name in names()} == {"town", "country"}
    assert all(3 <= name.since <= 9 for name in names())
