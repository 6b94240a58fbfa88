"""The two maps of a species: where it was recorded, and where a run expects it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import words_of
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import position_of, survey_key
from sdm.evaluation.species.occurrences import surveyed_splits
from sdm.figures import species_maps
from sdm.inference.prediction_meaning import prediction_meaning
from sdm.maps.place_names import describe
from sdm.modalities.raster_bands import on_rasters
from sdm.number_format import percent
from sdm.runs import Run
from sdm.ui.cache import datasets
from sdm.ui.cache import species as tables
from sdm.ui.cache.figures import drawn_in_words
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import clickable_plot, show_figure, show_table
from sdm.ui.components.page_frame import empty
from sdm.ui.components.static_maps import ground, points_url
from sdm.ui.species import backgrounds, grid, raster_map
from sdm.ui.state import Key

EUROPE = {"surveys": "At the surveys", "europe": "All over Europe"}
BACKGROUNDS = {"backgrounds": "From records alone"}
RASTERS = {"rasters": "All over the area", "surveys": "At the sites"}
FAINT = 0.25  # opacity of surveys without the species


def show(query: SpeciesQuery, run: Run | None) -> None:
    """Truth on the left, prediction on the right."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### Distribution: where does it live?", width="content")
        area, over_rasters = "surveys", raster_map.possible(query.data)
        if over_rasters or grid.possible(query.data):
            areas = RASTERS if over_rasters else EUROPE | (BACKGROUNDS if backgrounds.possible(query.data) else {})
            area = linked.segmented_control("Area", areas, Key.AREA, label_visibility="collapsed")
    if on_rasters(query.data.modalities):
        _ways(query)
        return
    if area == "rasters":
        raster_map.show(query, run)
        return
    if not query.data.sites[["lon", "lat"]].notna().all(axis=1).any():
        empty("No map", words_of(query.data)("No survey here has a position in degrees."))
        return
    if area == "backgrounds":
        backgrounds.show(query)
        return
    left, right = st.columns(2, gap="medium")
    if area == "europe":
        grid.show(left, right, query, run)
        return
    with left:
        _recorded(query)
    with right:
        if query.run:
            _predicted(query)


def _ways(query: SpeciesQuery) -> None:
    """Rasters are far smaller than a map of Europe: the ways to maps on which they can be seen."""
    only = SurveyFilter(species=int(query.data.targets.class_ids[query.column])).to_query()
    with st.container(horizontal=True):
        st.page_link(
            "pages/explore.py", label=words_of(query.data)("Its surveys on the map"), icon=":material/map:",
            query_params=linked.query(filter=only),
        )  # fmt: skip
        st.page_link(
            "pages/predict.py", label="Where models expect it: the class map", icon=":material/format_paint:",
            query_params=linked.query(predict_section="map"),
        )  # fmt: skip


def _recorded(query: SpeciesQuery) -> None:
    class_id = int(query.data.targets.class_ids[query.column])
    selection, surveyed = SurveyFilter(species=class_id), SurveyFilter(splits=surveyed_splits(query.data))
    beneath = ground((points_url(query.data, surveyed), FAINT), (points_url(query.data, selection), 1.0))
    known = bool(query.data.targets.known[tables.rows_of_tests(query.data)].any())
    st.markdown("**Recorded**")
    words = words_of(query.data)
    recorded = tables.recorded_at_tests(query.data, query.column)
    figure = drawn_in_words(words, species_maps.recorded_map, recorded, beneath, known)
    show_figure(figure, "map_recorded", f"{class_id}-tests")
    st.html(markup.legend(datasets.legend(query.data, "split", selection)))


def _predicted(query: SpeciesQuery) -> None:
    surveys = tables.species_surveys(query)
    sites = query.data.sites.iloc[surveys["row"].to_numpy()][["survey_id", "lon", "lat"]].reset_index(drop=True)
    shown = pd.concat([surveys, sites], axis=1)
    assert query.run is not None
    title = prediction_meaning(query.run, query.data).title
    key = f"map_predicted_{query.column}_{query.run_name}_{'_'.join(query.splits)}"
    picked = _picked(st.session_state.get(key))
    words = words_of(query.data)
    figure = drawn_in_words(words, species_maps.predicted_map, shown, ground(), title, picked)
    st.markdown("**Predicted**")
    with st.container(key="map_predicted"):
        clickable_plot(figure, key, "rerun")
    st.caption(figure.caption)
    show_table(figure, "map_predicted", f"{query.run_name}-predictions")
    if picked is not None:
        _survey(query, picked, surveys)


def _picked(event: Any) -> int | None:
    """The row of the survey that was clicked, by Streamlit's account of the points selected."""
    points = event.selection.points if event else []
    return int(points[0]["customdata"][0]) if points and points[0].get("customdata") else None


def _survey(query: SpeciesQuery, row: int, surveys: pd.DataFrame) -> None:
    """The survey clicked in one line, and the way to its dossier."""
    match = surveys[surveys["row"] == row]
    if match.empty:
        return
    name, verdict = survey_key(query.data, row), "recorded" if match["recorded"].iloc[0] else "not recorded"
    probability = percent(float(match["probability"].iloc[0]))
    labels = [
        (f"{words_of(query.data).item} {name}", "strong"),
        (where(query.data, row), "plain"),
        (verdict, "plain"),
    ]
    with st.container(horizontal=True, vertical_alignment="center", key="picked_survey"):
        st.html(markup.chips([*labels, (f"predicted {probability}", "plain")]))
        link = linked.query(survey=name)
        st.page_link("pages/explore.py", label="Its dossier", icon=":material/arrow_forward:", query_params=link)


def where(data: Dataset, row: int) -> str:
    """The place of a survey in words."""
    position = position_of(data, row)
    return "position unknown" if position is None else describe(*position)
