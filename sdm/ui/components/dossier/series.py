"""Any modality without a view of its own: a curve per channel along its last axis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sdm.data.survey import Dossier
from sdm.figures.series import series
from sdm.modalities import Modality
from sdm.ui.components.dossier.sides import figures, having


def show(modality: Modality, shown: Sequence[Dossier], key: str) -> None:  # noqa: ARG001 no comparison with the data
    """The curves with their table, and where they come from."""
    glance(modality, shown, twin=True)
    st.caption(f"Source: {modality.source}.")


def glance(modality: Modality, shown: Sequence[Dossier], twin: bool = False) -> None:
    """The curves; `twin`: with their table."""
    if having(shown, modality.name):
        st.markdown(f"#### {modality.title}")
        figures(shown, modality.name, partial(series, modality=modality), modality.name, twin)
