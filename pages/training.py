"""How did it learn? Curves of any number of runs, the study of the LSTM, and trainings started from here."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.ui.components.page_state import require_dataset
from sdm.ui.state import LINK, Key
from sdm.ui.training import curves, start, study

SECTIONS: dict[str, tuple[str, Callable[[Dataset], None]]] = {
    "curves": ("Curves", curves.section),
    "study": ("The LSTM study", study.section),
    "train": ("Train a model", start.section),
}


_, data = require_dataset("How did it learn?")
chosen = st.segmented_control(
    "Part of this page", list(SECTIONS), default="curves", required=True, key=Key.CURVES, bind=LINK,
    format_func=lambda name: SECTIONS[name][0], label_visibility="collapsed",
)  # fmt: skip
SECTIONS[chosen][1](data)
