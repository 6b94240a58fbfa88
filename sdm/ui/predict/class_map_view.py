"""A class map on screen: its layers over the scene, and what a click on it does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.data.survey_keys import Location, row_of
from sdm.geo.bounds import Bounds, bounds_text
from sdm.geo.coordinates import parse_coordinates
from sdm.geo.mercator import RASTER_ZOOM
from sdm.inference.class_map_files import layer_for
from sdm.maps.click_map import TileLayer, changing_layer
from sdm.maps.map_view import view_script
from sdm.maps.view_button import ViewOffer, view_button
from sdm.ui.cache import datasets, rasters
from sdm.ui.components import drawn_map, linked, location, scene_choices
from sdm.ui.components.theme import on_phone, theme
from sdm.ui.predict.class_map_job import ClassMapQuery, predict
from sdm.ui.state import Key

HEIGHT, PHONE_HEIGHT = 470, 330
NOTHING: Final = "none"
CLASS_LAYERS: Final = {
    "class": "Most probable class",
    "probability": "Probability of that class",
    "entropy": "Entropy",
    NOTHING: "No prediction",
}
VALUE_LAYERS: Final = {"value": "Predicted value", NOTHING: "No prediction"}


def layers(query: ClassMapQuery, ready: bool) -> tuple[str, str, str, int]:
    """What of the prediction is drawn, whose polygons, the level of the classes' colours, the date of a series."""
    with st.container(horizontal=True, vertical_alignment="center"):
        what: str = NOTHING
        if ready:
            titles = VALUE_LAYERS if query.run.card.kind is TargetKind.REGRESSION else CLASS_LAYERS
            what = linked.selectbox("Layer", titles, Key.MAP_LAYER, label_visibility="collapsed", width=220)
        mapper = scene_choices.mapper_choice([query.scene], scene_choices.NONE)
        level = scene_choices.level_choice(query.data)
        date = scene_choices.date_choice([query.scene], query.scene.layers[0].name) if what == NOTHING else 0
    return what, mapper, level, date


def draw(
    query: ClassMapQuery, shown: tuple[str, str, str, int], only: Sequence[str], offer: ViewOffer | None
) -> None:
    """The map of `layers`, of the classes `only` where there are any, with a button for `offer`; a click looks at
    a place."""
    data, scene, (what, mapper, level, date) = query.data, query.scene, shown
    key = linked.query()["data"]
    layer = layer_for(query.run, scene) or scene.layers[0]
    tiles = (
        TileLayer("raster", scene_choices.raster_url(layer, date=date), 300),
        TileLayer("predicted", _url(query, what, level, only), 340),
        TileLayer("polygons", scene_choices.polygon_url(mapper, level), 350, 0.75),
    )
    view = view_script(f"{key} {scene.source}", Key.MAP_VIEW, rasters.extent_of(data, scene.source), RASTER_ZOOM)
    changing = changing_layer("", location.mark(looked_at(query), data), theme(), rasters=tiles)
    changing.add_child(view_button(offer))
    with st.container(key="map-frame"):
        drawn_map.click_map(
            Key.CLASS_MAP, view, RASTER_ZOOM, datasets.map_bounds(data), drawn_map.script_of(changing),
            PHONE_HEIGHT if on_phone() else HEIGHT, partial(_clicked, query),
        )  # fmt: skip


def _url(query: ClassMapQuery, what: str, level: str, only: Sequence[str]) -> str:
    """The tiles of a layer of the prediction, "" of none."""
    if what == NOTHING:
        return ""
    run = query.run
    names = linked.query()["data"], run.name, query.scene.source, what, level
    path = "/".join(quote(part, safe="") for part in names)
    chosen = "".join(f"&only={quote(name, safe='')}" for name in only)
    address = f"/tiles/classes/{path}/{{z}}/{{x}}/{{y}}.png?v={run.card.digest[:8]}"
    return f"{address}&part={bounds_text(query.within)}{chosen}"


def looked_at(query: ClassMapQuery) -> Location:
    """The place that was clicked, and the survey nearest to it."""
    state = st.session_state
    row = row_of(query.data, state.get(Key.SURVEY) or "")
    return Location.of(query.data, row, parse_coordinates(state.get(Key.AT) or ""))


def _clicked(query: ClassMapQuery) -> None:
    clicked = (st.session_state.get(Key.CLASS_MAP) or {}).get("last_clicked")
    if not clicked:
        return
    if "bounds" not in clicked:
        at = float(clicked["lng"]), float(clicked["lat"])
        location.go_to(query.data, datasets.default_filter(query.data), at)
    elif clicked["bounds"]:
        south, west, north, east = map(float, clicked["bounds"])
        within: Bounds = ((south, west), (north, east))
        predict(query.of_part(within), bounds_text(within))
