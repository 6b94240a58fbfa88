"""The choice among the known data sets, in the sidebar."""

from __future__ import annotations

import streamlit as st

from sdm.data.catalogue import known_datasets
from sdm.ui.components import linked
from sdm.ui.state import Key


def choose_dataset() -> str | None:
    """The data switcher, in the sidebar; the key of the data set chosen, None when there is none."""
    known = list(known_datasets())
    if not known:
        return None
    with st.sidebar:
        return linked.selectbox(
            "Data set", known, Key.DATA, on_change=_elsewhere, help="Folders under data/, or SDM_DATA."
        )


def _elsewhere() -> None:
    """Another data set has other surveys: a place, and what shows it, is no longer asked for."""
    for key in (Key.SURVEY, Key.AT):
        st.session_state[key] = ""
    st.session_state.pop(Key.MAP_MOVE, None)
