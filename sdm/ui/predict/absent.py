"""What stands on a page that no model can answer."""

from __future__ import annotations

import shlex

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.ui import markup, runs
from sdm.ui.guard import empty

TO_TRY = "landsat-cnn"  # the model trained fastest
GAP_BANNER = """
<p class="banner" role="alert"><b>Domain-gap demonstration.</b> These models have learnt from other data. What they
say here is no answer, so nothing is marked right or wrong.</p>
"""


def no_model(data: Dataset, reasons: dict[str, str]) -> None:
    """Why no model answers, and what to do."""
    st.subheader("No model is trained on this data", anchor=False)
    st.markdown("A model knows only the species and places it was trained on. Train one here:")
    place = shlex.quote(str(data.place or data.name))
    st.code(f"python -m sdm train {TO_TRY} --data {place}", language="bash")
    if reasons:
        with st.expander("Why the models at hand do not fit"):
            st.html("".join(f"<p class='lead'>{markup.text(reason)}</p>" for reason in reasons.values()))
    set_aside()


def set_aside() -> None:
    """Name the runs that cannot be asked, and say what to do."""
    aside = runs.set_aside()
    if aside.unfinished:
        empty("Not finished", f"{', '.join(aside.unfinished)}: the same training command goes on with them.")
    for damage in aside.broken:
        empty("A run that cannot be read", str(damage))
