"""The survey that is pinned beside the one looked at."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import Location, survey_key
from sdm.ui.components import linked
from sdm.ui.components.location import beside
from sdm.ui.state import Key
from sdm.virtual_europe.simulated_survey import can_simulate


def step_pinned(data: Dataset, selection: SurveyFilter, choice: Location, by: int) -> None:
    """Pin the survey after the pinned one, or before it."""
    row = beside(data, selection, choice, by)
    if row is not None:
        pin(survey_key(data, row))


def pinned(data: Dataset) -> Location | None:
    """The pinned survey; None without one in this data set."""
    location = Location.parse(data, linked.text(Key.PINNED))
    return None if location is None or (location.year is not None and not can_simulate(data)) else location


def pin(key: str) -> None:
    """Pin the survey that a link names by `key`."""
    st.session_state[Key.PINNED] = key


def unpin() -> None:
    """Pin none."""
    st.session_state[Key.PINNED] = ""
