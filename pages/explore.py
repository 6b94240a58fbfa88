"""What is here? A click on the map opens the dossier of the place."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.maps.selection import Selection
from sdm.ui import cache, dossier, filters, place
from sdm.ui.guard import require_dataset
from sdm.ui.map import click_map

STEPS = """
<ol class="steps"><li>Click anywhere on the map: the nearest survey opens here.</li>
<li>See it from space, through twenty years, month by month, and what grows there.</li>
<li>Go on to <b>Predict</b> and ask the models what they think.</li></ol>
"""


def survey(key: str, data: Dataset, selection: Selection, choice: place.Choice) -> None:
    """The dossier of what was chosen, or how to choose."""
    if choice.row is None:
        st.subheader("Start anywhere", anchor=False)
        st.html(STEPS)
        st.button("Show me any survey", on_click=place.surprise, args=(data, selection, key), type="primary")
        return
    shown = cache.survey(key, choice.row)
    dossier.header(shown, choice)
    dossier.panels(shown, key)


@st.fragment
def explore(key: str, data: Dataset) -> None:
    """Map on the left, dossier on the right; one rerun for both."""
    selection = filters.current(data)
    left, right = st.columns([1.1, 1], gap="medium")
    with left, st.container(key="sticky"):
        place.boxes(key, data, selection)
        choice = place.chosen(key, data, selection)
        by = st.session_state.get("colour", "split")
        click_map(key, data, selection, by, place.mark(choice, data))
        with st.expander("Filter and colour the surveys", icon=":material/tune:"):
            filters.colour_choice()
            filters.filters(data)
    with right:
        survey(key, data, selection, choice)


st.title("What is here?", anchor=False)
chosen_key, chosen_data = require_dataset()
explore(chosen_key, chosen_data)
