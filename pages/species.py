"""Where does it live, how well is it known? One species: maps, precision and recall, responses, mistakes."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.ui.cache import species as tables
from sdm.ui.components.page_state import require_dataset
from sdm.ui.species import maps, quality, query, views


@st.fragment
def body(key: str, data: Dataset) -> None:
    """Boxes on top, then where it lives, how well it is found, what it responds to, and examples."""
    if not tables.has_species(key):
        views.no_species(key, data)
        return
    asked, run = query.question(key, data)
    views.header(data, asked)
    maps.show(data, asked, run)
    if asked.run and run is not None:
        quality.show(data, asked, run)
    else:
        query.why_unjudged(key, data, run)
    views.responses(asked)
    if asked.run:
        views.examples(data, asked)


body(*require_dataset("Where does it live, how well is it known?"))
