"""What is here? A click on the map opens the dossier of the place."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.maps.selection import Selection
from sdm.ui import cache, dossier, filters, place
from sdm.ui.guard import require_dataset
from sdm.ui.map import click_map
from sdm.ui.survey import found, simulate_switch

STEPS = """
<ol class="steps"><li>Click anywhere on the map: the nearest survey opens here.</li>
<li>See it from space, through twenty years, month by month, and what grows there.</li>
<li>Go on to <b>Predict</b> and ask the models what they think.</li></ol>
"""


def welcome(key: str, data: Dataset, selection: Selection) -> None:
    """How to begin."""
    st.subheader("Start anywhere", anchor=False)
    st.html(STEPS)
    st.button("Show me any survey", on_click=place.surprise, args=(data, selection, key), type="primary")


@st.fragment
def explore(key: str, data: Dataset) -> None:
    """Map on the left, dossier on the right; one rerun for both."""
    selection = filters.current(cache.options(key))
    left, right = st.columns([1.1, 1], gap="medium")
    with left, st.container(key="sticky"):
        asked = place.boxes(key, data, selection)
        above = st.container()
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            year = simulate_switch(key, data)
            colour = filters.colour()
        filters.panel(cache.options(key))
        choice = place.chosen(key, data, selection, asked, year)
        with above:
            click_map(key, data, selection, colour, place.mark(choice, data))
    with right:
        shown = found(key, choice)
        if shown is not None:
            dossier.header(shown, choice)
            dossier.panels(shown, key)
        elif choice.year is None:
            welcome(key, data, selection)


explore(*require_dataset("What is here?"))
