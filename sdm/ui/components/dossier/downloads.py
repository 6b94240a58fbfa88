"""The tables behind a dossier, made when they are asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sdm.data.survey import Dossier, recorded_table
from sdm.modalities import MODALITIES
from sdm.ui.components.dossier.views import view_of
from sdm.ui.components.figure import download


def downloads(dossier: Dossier, key: str) -> None:
    """One button per table."""
    with st.popover("Download", icon=":material/download:"):
        name = f"survey-{dossier.survey_id}"
        download("Recorded", lambda: recorded_table(dossier), f"{name}-recorded", "save_recorded")
        for modality, array in dossier.values.items():
            if array is not None:
                table = partial(view_of(modality).table, array, key)
                download(MODALITIES[modality].title, table, f"{name}-{modality}", f"save_{modality}")
