"""The click map on which maps of a species lie, with records, background and plots over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import quote

import streamlit as st
from rasterio.transform import array_bounds
from rasterio.warp import transform_bounds

from sdm.data.dataset import Dataset
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.data.survey_filter import SurveyFilter
from sdm.geo.bounds import Bounds
from sdm.geo.coordinates import parse_coordinates
from sdm.geo.mercator import HIGHEST_ZOOM, RASTER_ZOOM
from sdm.inference.predictor_grid import PredictorGrid
from sdm.maps.click_map import Mark, TileLayer, changing_layer, points_template
from sdm.maps.map_view import view_script
from sdm.ui.cache import datasets
from sdm.ui.cache.memo import memo
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.cache.species_maps import SpeciesMap
from sdm.ui.components import drawn_map, linked
from sdm.ui.components.theme import on_phone, theme
from sdm.ui.state import Key

HEIGHT, PHONE_HEIGHT = 500, 360
HERE = "here"  # ends the name of sites where the species is recorded
TITLES: Final = {
    f"{RECORDS}_{HERE}": "its records",
    f"{PLOTS}_{HERE}": "plots with it",
    RECORDS: "all records",
    BACKGROUND: "background",
    PLOTS: "all plots",
}
LOWEST_FIRST = (BACKGROUND, PLOTS, RECORDS, f"{PLOTS}_{HERE}", f"{RECORDS}_{HERE}")


class MapLayer(NamedTuple):
    """A map that is there, how it is drawn, and from which value on."""

    map: SpeciesMap
    look: str
    threshold: float


def point_titles(data: Dataset) -> dict[str, str]:
    """Which sites can lie over the map: those of sources that the data have."""
    there = set(data.sites["source"].astype(str).unique())
    return {name: title for name, title in TITLES.items() if name.partition("_")[0] in there}


def first_points(data: Dataset) -> list[str]:
    """Those that lie there at first."""
    return list(point_titles(data))[:1]


def selection_of(query: SpeciesQuery, name: str) -> SurveyFilter:
    """The sites called `name`."""
    source, _, here = name.partition("_")
    species = int(query.data.targets.class_ids[query.column]) if here else None
    return SurveyFilter(sources=(source,), species=species)


def draw(query: SpeciesQuery, grid: PredictorGrid, layers: Sequence[MapLayer], points: Sequence[str]) -> None:
    """The map; a click asks what it says there."""
    data, key = query.data, linked.query()["data"]
    tiles = [*_layers(key, layers), *_points(query, key, points)]
    at = parse_coordinates(linked.text(Key.SPECIES_AT))
    changing = changing_layer("", None if at is None else Mark(at, side_m=1.0), theme(), rasters=tiles)
    view = view_script(f"{key} rasters", Key.MAP_VIEW, extent(grid), RASTER_ZOOM)
    with st.container(key="map-frame"):
        drawn_map.click_map(
            Key.SPECIES_MAP, view, RASTER_ZOOM, datasets.map_bounds(data), drawn_map.script_of(changing),
            PHONE_HEIGHT if on_phone() else HEIGHT, _clicked,
        )  # fmt: skip


@memo(8)
def extent(grid: PredictorGrid) -> Bounds:
    """The bounds of a grid in degrees."""
    edges = array_bounds(grid.height, grid.width, grid.transform)
    west, south, east, north = transform_bounds(grid.crs, 4326, *edges)
    return (south, west), (north, east)


def _layers(key: str, layers: Sequence[MapLayer]) -> list[TileLayer]:
    """The tiles of the maps; layers without a map are taken off."""
    there = {layer.look == "outside": layer for layer in layers}
    return [
        TileLayer(name, _url(key, there[upper]) if upper in there else "", 340 + 10 * upper)
        for name, upper in (("species", False), ("outside", True))
    ]


def _url(key: str, layer: MapLayer) -> str:
    shown = layer.map
    names = key, shown.run.name, shown.of, shown.size, layer.look
    path = "/".join(quote(part, safe="") for part in names)
    version = f"{shown.run.card.digest[:8]}{shown.data.fingerprint[:8]}"
    start = layer.threshold if layer.threshold == layer.threshold else 1.0
    return f"/tiles/species/{path}/{{z}}/{{x}}/{{y}}.png?v={version}&theme={theme()}&from={start!r}"


def _points(query: SpeciesQuery, key: str, chosen: Sequence[str]) -> list[TileLayer]:
    urls = {}
    for name in chosen:
        parts = ("by=record", f"v={query.data.fingerprint[:12]}", selection_of(query, name).to_query())
        urls[name] = points_template(key, "&".join(parts))
    return [
        TileLayer(f"sites_{name}", urls.get(name, ""), 390 + place, 1.0, HIGHEST_ZOOM)
        for place, name in enumerate(LOWEST_FIRST)
    ]


def _clicked() -> None:
    clicked = (st.session_state.get(Key.SPECIES_MAP) or {}).get("last_clicked")
    if clicked and "lat" in clicked:
        st.session_state[Key.SPECIES_AT] = f"{float(clicked['lat']):.5f}, {float(clicked['lng']):.5f}"
