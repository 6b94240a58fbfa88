"""The click map on the page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import folium
import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import words_of
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import row_of
from sdm.geo.mercator import HIGHEST_ZOOM, RASTER_ZOOM
from sdm.maps.click_map import Circle, Mark, Move, TileLayer, changing_layer, points_template
from sdm.maps.leaflet import STATIC
from sdm.maps.map_view import view_script
from sdm.maps.nearby import MOST_CIRCLES, circles
from sdm.maps.script import Script
from sdm.ui.cache import datasets, rasters
from sdm.ui.components import drawn_map, linked
from sdm.ui.components.first_screen import stands
from sdm.ui.components.location import go_to, take
from sdm.ui.components.scene_choices import FIRST_LABELS, folded_legend
from sdm.ui.components.theme import on_phone, theme
from sdm.ui.explore.raster_layers import SceneView, polygon_legend
from sdm.ui.state import Key

HEIGHT, PHONE_HEIGHT = 500, 330


class _Circled(NamedTuple):
    """Which surveys are circles: of a selection, coloured `by` something, the nearest to that of a row."""

    selection: SurveyFilter
    by: str
    row: int | None


def click_map(
    data: Dataset, selection: SurveyFilter, by: str, mark: Mark | None, row: int | None,
    scene: SceneView | None = None,
) -> None:  # fmt: skip
    """Map, legends and what a click does; panning and zooming never rerun the page.

    Round the survey in `row` lie circles, which tell what they are and open that very survey. With a `scene` the
    map opens on its site, rasters and polygons drawn.
    """
    if not (STATIC / "leaflet.js").is_file():
        st.warning("The map needs Leaflet once: `python -m sdm.maps.leaflet`. The boxes above work without it.")
        return
    appearance, key = theme(), linked.query()["data"]
    points = scene is None or scene.points
    _bring_into_sight(mark)
    with st.container(key="map-frame"):
        drawn_map.click_map(
            Key.MAP, _view(data, key, scene), HIGHEST_ZOOM if scene is None else RASTER_ZOOM,
            datasets.map_bounds(data),
            drawn_map.held_script(
                _changing, data, _Circled(selection, by, row) if points else None, mark, appearance,
                _urls(data, by, selection) if points else ("", ""),
                st.session_state.get(Key.MAP_MOVE), () if scene is None else tuple(scene.layers),
            ),
            PHONE_HEIGHT if on_phone() else HEIGHT,
            partial(_clicked, data, selection),
        )  # fmt: skip
    st.html(words_of(data)(marks_legend(mark, faint=bool(selection.pictured))))
    if points:
        entries = datasets.legend(data, by, selection)
        many = len(entries) > FIRST_LABELS
        folded_legend(sorted(entries, key=lambda entry: -entry[2]) if many else entries)
    if scene is not None:
        polygon_legend(data, scene)


def _bring_into_sight(mark: Mark | None) -> None:
    """Move the map, if need be, to what a link or another page has chosen; a view in the link goes before it."""
    at = None if mark is None else mark.selected or mark.clicked
    arrived = not stands() and Key.MAP_VIEW not in st.query_params
    if at is not None and arrived and at != st.session_state.get(Key.MAP_MARK):
        st.session_state[Key.MAP_MOVE] = Move(*at, None, hash(at) % 2**31)  # the same for all readers of a link
    st.session_state[Key.MAP_MARK] = at


def _changing(
    data: Dataset, circled: _Circled | None, mark: Mark | None, appearance: str,
    urls: tuple[str, str], move: Move | None, rasters: tuple[TileLayer, ...],
) -> folium.FeatureGroup:  # fmt: skip
    near = () if circled is None else _circles(data, circled)
    points, faint = urls
    return changing_layer(points, mark, appearance, near, move, faint, rasters)


def _view(data: Dataset, key: str, scene: SceneView | None) -> Script:
    if scene is None:
        return view_script(key, Key.MAP_VIEW, datasets.extent_of(data))
    return view_script(f"{key} {scene.site}", Key.MAP_VIEW, rasters.extent_of(data, scene.site), RASTER_ZOOM)


def marks_legend(mark: Mark | None, faint: bool) -> str:
    """What the marks on the map mean: those that are there."""
    there = mark or Mark(None)
    marks = (
        ("selected", "this survey", there.selected), ("pinned", "pinned survey", there.pinned),
        ("clicked", "place asked for", there.clicked), ("faint", "faint: without a satellite picture", faint),
    )  # fmt: skip
    items = "".join(f'<span><i class="{kind}"></i>{words}</span>' for kind, words, shown in marks if shown)
    return f'<p class="legend marks">{items}</p>'


def _circles(data: Dataset, circled: _Circled) -> list[Circle]:
    """The survey in the middle has its mark, and no circle."""
    selection, by, row = circled
    if row is None:
        return []
    lon, lat = (float(data.sites[column].iloc[row]) for column in ("lon", "lat"))
    if not np.isfinite(lon + lat):
        return []
    near = datasets.index(data, selection).around(lon, lat, MOST_CIRCLES)
    return circles(data, near[near != row], datasets.colours(data, by))


def _urls(data: Dataset, by: str, selection: SurveyFilter) -> tuple[str, str]:
    """Of the tiles of the surveys shown, and of those faint behind them; empty where none are."""
    behind = _url(data, by, replace(selection, pictured=False)) if selection.pictured else ""
    return _url(data, by, selection), behind


def _url(data: Dataset, by: str, selection: SurveyFilter) -> str:
    parts = [f"by={by}", f"v={data.fingerprint[:12]}", selection.to_query()]
    return points_template(linked.query()["data"], "&".join(part for part in parts if part))


def _clicked(data: Dataset, selection: SurveyFilter) -> None:
    clicked = (st.session_state.get(Key.MAP) or {}).get("last_clicked")
    row = row_of(data, clicked["survey"]) if clicked and "survey" in clicked else None
    if row is not None:
        take(data, row)
    elif clicked:
        go_to(data, selection, (float(clicked["lng"]), float(clicked["lat"])))
