"""What is here? A click on the map opens the dossier of the place."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.site_words import item_name, words_of
from sdm.data.survey import Dossier
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import Location
from sdm.modalities.raster_bands import on_rasters
from sdm.ui.cache import datasets
from sdm.ui.components import dossier, location, location_boxes, pinned_survey
from sdm.ui.components.fragment import fragment
from sdm.ui.components.into_sight import into_sight
from sdm.ui.components.page_frame import require_dataset
from sdm.ui.components.survey import chosen_survey, simulate_switch
from sdm.ui.components.turns import PAGES as TURNS
from sdm.ui.explore import filter_panel
from sdm.ui.explore.map import click_map
from sdm.ui.explore.raster_layers import scene_view

STEPS = """
<ol class="steps"><li>Click anywhere on the map: the nearest survey opens here.</li>
<li>See it from space, through twenty years, month by month, and what grows there.</li>
<li>Go on to <b>Predict</b> and ask the models what they think.</li></ol>
"""
RASTER_STEPS = """
<ol class="steps"><li>Click anywhere on the map: the nearest labelled place opens here.</li>
<li>See {seen}, and what was mapped there.</li>
<li>Go on to <b>Predict</b>: the models tell its {told}{painted}.</li></ol>
"""
SEEN = {
    "pixel": "its bands against those of others",
    "image": "the image in several composites",
    "photograph": "the photograph",
}


def _raster_steps(data: Dataset) -> str:
    """What can be done with pixels, images or photographs, of classes or numbers."""
    item, number = item_name(data), data.targets.kind is TargetKind.REGRESSION
    painted = "" if item == "photograph" else " and paint the whole raster"
    return RASTER_STEPS.format(seen=SEEN[item], told="value" if number else "class", painted=painted)


def welcome(data: Dataset, selection: SurveyFilter) -> None:
    """How to begin."""
    st.subheader("Start anywhere", anchor=False)
    st.html(_raster_steps(data) if on_rasters(data.modalities) else STEPS)
    st.button(
        words_of(data)("Show me any survey"),
        on_click=location.surprise,
        args=(data, selection),
        type="primary",
        key="any_survey",
    )


@fragment
def explore(data: Dataset) -> None:
    """Map on the left, dossier on the right, or two of them; one rerun for all."""
    with TURNS.turn():
        map_and_dossier(data)


def map_and_dossier(data: Dataset) -> None:
    """What `explore` shows."""
    selection = filter_panel.current(datasets.options(data))
    pinned = pinned_survey.pinned(data)
    left, right = st.columns([1.1, 1] if pinned is None else [0.6, 1.4], gap="medium")
    with left, st.container(key="sticky"):
        entered = location_boxes.boxes(data, selection)
        above = st.container()
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            year = simulate_switch(data, selection)
            colour = filter_panel.colour()
        filter_panel.panel(datasets.options(data), selection, words_of(data))
        choice = location.chosen(data, selection, entered, year)
        source = None if choice.row is None else str(data.sites["source"].iloc[choice.row])
        scene = scene_view(data, source, above)
        with above:
            filter_panel.chips(data, selection)
            click_map(data, selection, colour, location.mark(choice, data, pinned), choice.row, scene)
    with right, st.container(key="dossier"):
        survey = chosen_survey(data, choice)
        if survey is not None:
            dossiers(data, selection, (survey, choice), pinned)
        elif choice.year is None:
            welcome(data, selection)
    into_sight("dossier", None if survey is None else choice.key(data))


def dossiers(
    data: Dataset, selection: SurveyFilter, current: tuple[Dossier, Location], pinned: Location | None
) -> None:
    """The current survey; the pinned one, if any, stands left of it. What stands over a dossier acts on it."""
    shown, locations = [current[0]], [current[1]]
    both = pinned is not None and not pinned.is_survey_of(current[1])
    other = chosen_survey(data, pinned) if both and pinned is not None else None
    if pinned is not None and other is not None:
        shown, locations = [other, *shown], [pinned, *locations]
    for (ending, survey), place in zip(dossier.sides(shown), locations, strict=True):
        near = location.near_place(data, selection, place)
        dossier.header(survey, place, near, selection.pictured or False, bool(ending))
        if near is not None:
            dossier.other_types(data, near)
        dossier.tools(data, selection, place, ending, pinned)
    if pinned is not None and other is None:
        st.caption("Pinned. Click another place, and the two stand side by side.")
    dossier.panels(shown, data)


explore(require_dataset("What is here?"))
