"""Whether the picture of a survey shows the survey."""

from __future__ import annotations

import streamlit as st

from sdm.data.patch_position import lies_elsewhere, offset_text
from sdm.data.survey import Dossier


def warn_of_another_place(dossier: Dossier) -> None:
    """Say how far off the patch lies, where its own position is not that of its survey."""
    metres = dossier.patch_offset_m
    if metres is not None and lies_elsewhere(metres):
        st.warning(
            f"This picture shows another place: by its own position, its centre lies {offset_text(metres)} from "
            f"survey {dossier.survey_id}.",
            icon=":material/wrong_location:",
        )
