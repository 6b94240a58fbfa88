"""Which model is best, really? Our models, published ones, a file to score."""

from __future__ import annotations

import streamlit as st

from sdm.ui.components.page_state import require_dataset
from sdm.ui.scores import models, published, upload
from sdm.ui.state import LINK, Key

SECTIONS = {
    "models": ("Our models", models.show),
    "published": ("As published", published.show),
    "file": ("Hand in a file", upload.show),
}


key, data = require_dataset("Which model is best, really?")
chosen = st.segmented_control(
    "Part of this page", list(SECTIONS), default="models", required=True, key=Key.SCORES_SECTION, bind=LINK,
    format_func=lambda name: SECTIONS[name][0], label_visibility="collapsed",
)  # fmt: skip
SECTIONS[chosen][1](key, data)
