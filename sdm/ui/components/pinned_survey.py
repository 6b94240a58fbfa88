"""A survey that stays on the page, to compare another one with it."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.location import Location
from sdm.ui.components import linked
from sdm.ui.state import Key
from sdm.virtual_europe.simulated_survey import can_simulate


def pinned(data: Dataset) -> Location | None:
    """The pinned survey; None without one in this data set."""
    found = Location.parse(data, linked.text(Key.PINNED))
    return None if found is None or (found.year is not None and not can_simulate(data)) else found


def pin(key: str) -> None:
    """Pin the survey that a link names by `key`."""
    st.session_state[Key.PINNED] = key


def unpin() -> None:
    """Pin none."""
    st.session_state[Key.PINNED] = ""
