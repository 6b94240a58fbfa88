"""A survey kept on the page, to compare another one with it."""

from __future__ import annotations

import re

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.ui.components import linked
from sdm.ui.components.location import Choice, read_coordinates, survey_row, survey_text, write_coordinates
from sdm.ui.state import Key
from sdm.virtual_europe.simulated_survey import can_simulate

SIMULATED = re.compile(r"^(?P<at>[^,]+,[^,]+),\s*(?P<year>\d{4})$")


def text(data: Dataset, choice: Choice) -> str:
    """How a link names what is kept: a survey, or "latitude, longitude, year" of a simulated one."""
    if choice.row is not None:
        return survey_text(data, choice.row)
    return "" if choice.at is None else f"{write_coordinates(*choice.at)}, {choice.year}"


def kept(data: Dataset) -> Choice | None:
    """The survey kept, here or before another page was shown; None without one in this data set."""
    named = linked.text(Key.PINNED)
    row = survey_row(data, named) if named else None
    if row is not None:
        return Choice(row=row)
    found = SIMULATED.match(named)
    at = read_coordinates(found["at"]) if found else None
    if found is None or at is None or not can_simulate(data):
        return None
    return Choice(at=at, year=int(found["year"]))


def keep(named: str) -> None:
    """Keep the survey of that name."""
    st.session_state[Key.PINNED] = named


def put_away() -> None:
    """Keep none."""
    st.session_state[Key.PINNED] = ""
