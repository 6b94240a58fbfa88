"""What is this and how far can I trust it? Provenance, counts, gaps, effort, unequal species, licences."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.ui import about
from sdm.ui.guard import require_dataset


@st.fragment
def body(key: str, data: Dataset) -> None:
    """From what it is to whose it is."""
    about.provenance(data)
    about.counted(key, data)
    about.where(key)
    about.unequal(key)
    about.checked(key)
    about.judged(key, data)
    about.licences(data)


body(*require_dataset("What is this, and how far can I trust it?"))
