"""The boxes for place name, coordinates and survey id: the keyboard's way to everything a click can do."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import words_of
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import row_of
from sdm.geo.coordinates import parse_coordinates
from sdm.maps.place_names import names
from sdm.ui.components.location import LocationInput, go_to, look_at, move
from sdm.ui.state import LINK, Key

NAME_ZOOM = 8


def boxes(data: Dataset, selection: SurveyFilter) -> LocationInput:
    """Place name, coordinates, survey id: the keyboard's way to everything a click can do."""
    words = words_of(data)
    with st.container(key="boxes"):
        columns = st.columns([1.25, 1, 1], gap="small")
    columns[0].selectbox(
        "Place", range(len(names())), index=None, key=Key.PLACE_NAME, placeholder="Town or country",
        on_change=_go_to_name, args=(data, selection), format_func=lambda i: names()[i].text,
    )  # fmt: skip
    survey = columns[2].text_input(
        words("Survey id"), key=Key.SURVEY, bind=LINK, on_change=_go_to_survey, args=(data,),
        placeholder=str(data.sites["survey_id"].iloc[0]),
    )  # fmt: skip
    _forget_old_place(data, survey)
    at = columns[1].text_input(
        "Latitude, longitude", key=Key.AT, bind=LINK, placeholder="48.14, 11.58", on_change=_go_to_coordinates,
        args=(data, selection),
    )  # fmt: skip
    st.session_state[Key.PLACE_SURVEY] = (survey, at)
    if at and parse_coordinates(at) is None:
        st.warning("Write a place as latitude, longitude in degrees, for instance 48.14, 11.58.")
    if survey and row_of(data, survey) is None:
        st.warning(words("There is no survey of that id in this data set."))
    return LocationInput(survey, at)


def _forget_old_place(data: Dataset, survey: str) -> None:
    """A link from another page names a survey alone, and Streamlit adds what stood in the other boxes before."""
    state = st.session_state
    before: tuple[str, str] | None = state.get(Key.PLACE_SURVEY)
    if not survey or row_of(data, survey) is None:
        return
    if state.get(Key.SIMULATE) or Key.SIMULATE in st.query_params:
        state[Key.SIMULATE] = False
    at, linked_at = state.get(Key.AT), Key.AT in st.query_params
    if before is not None and before[0] != survey and before[1] == at and not linked_at:
        state[Key.AT] = ""


def _go_to_name(data: Dataset, selection: SurveyFilter) -> None:
    number = st.session_state[Key.PLACE_NAME]
    if number is None:
        return
    name = names()[number]
    go_to(data, selection, (name.lon, name.lat))
    move((name.lon, name.lat), NAME_ZOOM if name.kind == "town" else NAME_ZOOM - 2)


def _go_to_coordinates(data: Dataset, selection: SurveyFilter) -> None:
    at = parse_coordinates(st.session_state[Key.AT] or "")
    if at is not None:
        go_to(data, selection, at)
        move(at, NAME_ZOOM)


def _go_to_survey(data: Dataset) -> None:
    row = row_of(data, st.session_state[Key.SURVEY] or "")
    if row is not None:
        look_at(data, row)
    elif st.session_state[Key.SURVEY]:
        st.session_state[Key.AT] = ""
