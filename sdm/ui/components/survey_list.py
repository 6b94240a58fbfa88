"""The surveys behind a bar, a cell or a point: on a map, as a table, and the way to the dossier of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote_plus, urlencode

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import item_name, words_of
from sdm.data.survey_keys import Location, position_of, survey_key, surveys_table
from sdm.figures.colour_scale import Scale
from sdm.geo.mercator import HIGHEST_ZOOM, RASTER_ZOOM
from sdm.maps.click_map import Mark, TileLayer
from sdm.maps.leaflet import STATIC
from sdm.maps.point_map import MOST_POINTS, REGION_ZOOM, Points, points_layer
from sdm.number_format import counted, plural, whole
from sdm.ui.cache import datasets, rasters
from sdm.ui.components import dossier, drawn_map, linked, scene_choices
from sdm.ui.components.data_table import data_table
from sdm.ui.components.figure import download
from sdm.ui.components.first_screen import stands
from sdm.ui.components.markup import legend
from sdm.ui.components.page_frame import empty
from sdm.ui.components.survey import beside_picture
from sdm.ui.components.theme import theme
from sdm.ui.state import Key

HEIGHT, TABLE_HEIGHT = 330, 215
SITE = ("year", "country")  # of surveys; pixels of one raster share both
SURVEY = "survey"
COLUMNS = {
    "survey": st.column_config.TextColumn("Survey", width=64),
    "country": st.column_config.TextColumn("Country", width=84),
    "year": st.column_config.NumberColumn("Year", format="%d", width=44),
    "dossier": st.column_config.LinkColumn("Open", display_text="↗", help="The dossier, in a new tab", width=40),
}


@dataclass(frozen=True)
class SurveyList:
    """Surveys to show: `table` has `site`, the row in the data set, then what is worth knowing of each.

    `value` is the column that `scale` colours; `columns` tells how columns look; `name` changes with the surveys.
    """

    table: pd.DataFrame
    value: str
    scale: Scale
    columns: Mapping[str, Any]
    name: str
    run: str


def show(data: Dataset, listed: SurveyList) -> None:
    """Map, table, and the survey picked; the table once the first screen stands."""
    if listed.table.empty:
        words = words_of(data)
        empty(words("No survey"), "Nothing like this happened here. Choose another bar or cell.")
        return
    listed = _of_one_site(data, listed)
    site = listed.table["site"].to_numpy()
    picked = st.session_state.get(Key.LISTED_SURVEY)
    picked = picked if picked in site else None
    _map(data, listed, picked)
    _preview(data, listed, picked)
    if stands():
        _table(data, listed)


def _of_one_site(data: Dataset, listed: SurveyList) -> SurveyList:
    """Of pixels or images those of one raster site, at first the one with the most: sites lie far apart, and the
    map shows single pixels."""
    if item_name(data) == SURVEY:
        return listed
    source = data.sites["source"].to_numpy(str)[listed.table["site"].to_numpy()]
    counts = pd.Series(source).value_counts()
    if len(counts) < 2:
        return listed
    titles = {name: f"{name} · {whole(counts[name])}" for name in sorted(counts.index)}
    most = str(counts.index[0])
    chosen = linked.segmented_control("Site", titles, Key.LISTED_SITE, most, label_visibility="collapsed")
    table = listed.table[source == chosen].reset_index(drop=True)
    return replace(listed, table=table, name=f"{listed.name} {chosen}")


def _map(data: Dataset, listed: SurveyList, picked: int | None) -> None:
    site = listed.table["site"].to_numpy()
    lon, lat = (data.sites[column].to_numpy(float)[site] for column in ("lon", "lat"))
    values = listed.table[listed.value].to_numpy(float)
    points = Points.build(lon, lat, listed.scale.colour(values))
    if not points.row.size:
        empty("No map", words_of(data)("These surveys have no position."))
        return
    if not (STATIC / "leaflet.js").is_file():
        st.warning("The map needs Leaflet once: `python -m sdm.maps.leaflet`. The table below works without it.")
        return
    position = None if picked is None else position_of(data, picked)
    mark = None if position is None else Mark(position)
    with st.container(key="map-frame"):
        drawn_map.click_map(
            "survey_list_map", None, RASTER_ZOOM if rasters.scenes(data) else HIGHEST_ZOOM,
            datasets.map_bounds(data),
            drawn_map.script_of(
                points_layer(points, listed.name, mark, theme(), _closest(data), _rasters(data, site))
            ),
            HEIGHT, partial(_clicked, points, site),
        )  # fmt: skip
    st.html(legend(listed.scale.legend(values)))
    if len(points.row) < np.isfinite(lon + lat).sum():
        listed_all = counted(len(site), item_name(data))
        st.caption(f"{whole(MOST_POINTS)} of {listed_all} are drawn, evenly chosen; the table has all.")


def _rasters(data: Dataset, site: np.ndarray) -> tuple[TileLayer, ...]:
    """The raster from which the sites were cut, where there is a scene of them."""
    source = str(data.sites["source"].iloc[site[0]])
    layers = [layer for scene in rasters.scenes(data) if scene.source == source for layer in scene.layers]
    inputs = [layer for layer in layers if layer.modality in data.modalities]
    return tuple(TileLayer("raster", scene_choices.raster_url(layer), 300) for layer in (inputs or layers)[:1])


def _closest(data: Dataset) -> int:
    """The zoom at which the smallest things of the list are told apart."""
    return REGION_ZOOM if item_name(data) == SURVEY else HIGHEST_ZOOM


def _clicked(points: Points, site: np.ndarray) -> None:
    clicked = (st.session_state.get("survey_list_map") or {}).get("last_clicked")
    if clicked:
        row = points.nearest(float(clicked["lng"]), float(clicked["lat"]))
        st.session_state[Key.LISTED_SURVEY] = None if row is None else int(site[row])


def _table(data: Dataset, listed: SurveyList) -> None:
    shown = surveys_table(data, listed.table)
    link = f"/?{urlencode(linked.query(survey=''))}"
    with_links = shown.assign(dossier=[f"{link}{quote_plus(name)}" for name in shown["survey"]])
    table_key = f"survey_list_table_{listed.name}"
    item = item_name(data)
    where = SITE if item == SURVEY else ()
    named = {"survey": st.column_config.TextColumn(item.capitalize(), width=64)}
    data_table(
        with_links, {**COLUMNS, **named, **listed.columns}, height=TABLE_HEIGHT, key=table_key,
        selection_mode="single-row",
        on_select=partial(_row_picked, table_key, listed.table["site"].to_numpy()),
        column_order=["survey", *listed.columns, "dossier", *where],
        phone=["survey", listed.value, "dossier", *where],
    )  # fmt: skip
    download(f"These {plural(item)}", lambda: shown, "confusion-surveys", "save_survey_list")


def _row_picked(table_key: str, site: np.ndarray) -> None:
    rows = st.session_state[table_key]["selection"]["rows"]
    st.session_state[Key.LISTED_SURVEY] = int(site[rows[0]]) if rows else None


def _preview(data: Dataset, listed: SurveyList, picked: int | None) -> None:
    if picked is None:
        st.caption(f"Click the map or a row of the table to look at one {item_name(data)}.")
        return
    shown = datasets.survey(data, picked)
    link = linked.query(survey=survey_key(data, picked))
    with st.container(border=True, key="picked"), beside_picture(shown, 3):
        dossier.header(shown, Location(row=picked))
        with st.container(horizontal=True):
            st.page_link("pages/explore.py", label="Its dossier", query_params=link)
            st.page_link("pages/predict.py", label="What models say", query_params={**link, "models": listed.run})
