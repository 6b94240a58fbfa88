"""What was found at a survey."""

from __future__ import annotations

import streamlit as st

from sdm.data.survey import Dossier
from sdm.figures.markdown import literal
from sdm.figures.style import number
from sdm.ui.components.markup import species_list
from sdm.ui.components.page_state import empty

MOST_LISTED = 40


def recorded(dossier: Dossier) -> None:
    """The species, the class or the number recorded."""
    if not dossier.known:
        empty("Nothing is known of what grows here", "The records of this survey are not part of the data.")
    elif dossier.target is not None:
        st.metric("Recorded", f"{number(dossier.target)} {literal(dossier.unit)}")
    else:
        st.markdown(f"#### Recorded here · {len(dossier.recorded)}")
        names = [species.name for species in dossier.recorded]
        st.html(species_list(names[:MOST_LISTED]))
        if len(names) > MOST_LISTED:
            with st.expander(f"{len(names) - MOST_LISTED} more"):
                st.html(species_list(names[MOST_LISTED:]))
