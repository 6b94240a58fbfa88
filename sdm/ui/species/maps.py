"""The two maps of a species: where it was recorded, and where a run expects it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.location import position_of, survey_key
from sdm.data.selection import Selection
from sdm.evaluation.species.records import recorded_at_tests, rows_of_tests, surveyed_splits
from sdm.figures import Figure, species_maps
from sdm.maps.place_names import describe
from sdm.runs import Run
from sdm.ui import cache
from sdm.ui.cache import species as tables
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import CONFIG, show_figure, show_table
from sdm.ui.components.static_maps import ground, points_url
from sdm.ui.species import grid
from sdm.ui.state import Key

AREAS = {"surveys": "At the surveys", "europe": "All over Europe"}
FAINT = 0.25  # opacity of surveys without the species


def show(data: Dataset, asked: SpeciesQuery, run: Run | None) -> None:
    """Truth on the left, prediction on the right."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### Distribution: where does it live?", width="content")
        everywhere = grid.possible(data) and _area() == "europe"
    left, right = st.columns(2, gap="medium")
    if everywhere:
        grid.show(left, right, data, asked, run)
        return
    with left:
        _recorded(data, asked)
    with right:
        if asked.run:
            _predicted(data, asked)


def _area() -> str:
    return linked.segmented_control("Area", AREAS, Key.AREA, label_visibility="collapsed")


def _recorded(data: Dataset, asked: SpeciesQuery) -> None:
    class_id = int(data.targets.class_ids[asked.column])
    selection, surveyed = Selection(species=class_id), Selection(splits=surveyed_splits(data))
    beneath = ground((points_url(asked.key, data, surveyed), FAINT), (points_url(asked.key, data, selection), 1.0))
    known = bool(data.targets.known[rows_of_tests(data)].any())
    st.markdown("**Recorded**")
    figure = species_maps.recorded_map(recorded_at_tests(data, asked.column), beneath, known)
    show_figure(figure, "map_recorded", f"{class_id}-tests")
    st.html(markup.legend(cache.legend(asked.key, "split", selection)))


def _predicted(data: Dataset, asked: SpeciesQuery) -> None:
    surveys = tables.judged_surveys(asked)
    sites = data.sites.iloc[surveys["row"].to_numpy()][["survey_id", "lon", "lat"]].reset_index(drop=True)
    figure = species_maps.predicted_map(pd.concat([surveys, sites], axis=1), ground())
    st.markdown("**Predicted**")
    picked = _clickable(figure, f"map_predicted_{asked.column}_{asked.run_name}_{'_'.join(asked.splits)}")
    show_table(figure, "map_predicted", f"{asked.run_name}-predictions")
    if picked is not None:
        _survey(data, asked, picked, surveys)


def _clickable(figure: Figure, key: str) -> int | None:
    """Draw the map; the row of the survey that was clicked."""
    with st.container(key="map_predicted"):
        event = st.plotly_chart(
            figure.plot, key=key, config=CONFIG, alt=figure.alt, on_select="rerun", selection_mode="points"
        )
    st.caption(figure.caption)
    points = event.selection.points
    return int(points[0]["customdata"][0]) if points and points[0].get("customdata") else None


def _survey(data: Dataset, asked: SpeciesQuery, row: int, surveys: pd.DataFrame) -> None:
    """The survey clicked in one line, and the way to its dossier."""
    found = surveys[surveys["row"] == row]
    if found.empty:
        return
    name, verdict = survey_key(data, row), "recorded" if found["recorded"].iloc[0] else "not recorded"
    probability = markup.percent(float(found["probability"].iloc[0]))
    labels = [(f"survey {name}", "strong"), (where(data, row), "plain"), (verdict, "plain")]
    with st.container(horizontal=True, vertical_alignment="center", key="picked_survey"):
        st.html(markup.chips([*labels, (f"predicted {probability}", "plain")]))
        link = {"survey": name, "data": asked.key}
        st.page_link("pages/explore.py", label="Its dossier", icon=":material/arrow_forward:", query_params=link)


def where(data: Dataset, row: int) -> str:
    """The place of a survey in words."""
    position = position_of(data, row)
    return "position unknown" if position is None else describe(*position)
