"""What stands on a page that no model can answer."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.evaluation.leaderboard.run_scores import same_question
from sdm.runs import Run
from sdm.ui.components import markup, runs
from sdm.ui.components.page_frame import empty
from sdm.ui.components.shown_paths import command_data

NOT_TRAINABLE = "Nothing can be trained on this data"
TO_BE_TRAINABLE = (
    "No training survey tells what was recorded at it. The training tables (python -m sdm fetch) "
    "belong into this folder."
)
FILE_SECTION = "“Score a file”"
TO_TRY = "landsat-cnn"  # the model trained fastest
GAP_BANNER = """
<p class="banner" role="alert"><b>Domain-gap demonstration.</b> These models have learnt from other data. What they
say here is no answer, so nothing is marked right or wrong.</p>
"""


def no_model(data: Dataset, reasons: dict[str, str]) -> None:
    """Why no model answers, and what to do."""
    st.subheader("No model is trained on this data", anchor=False)
    if data.trainable:
        st.markdown("A model knows only the species and places it was trained on. Train one here:")
        place = shlex.quote(str(command_data(data)))
        st.code(f"python -m sdm train {TO_TRY} --data {place}", language="bash", wrap_lines=True)
    else:
        st.markdown(f"{NOT_TRAINABLE}. {TO_BE_TRAINABLE}")
        st.markdown(f"Predictions made elsewhere can be shown: **Scores**, {FILE_SECTION}.")
    if reasons:
        with st.expander("Why the models at hand do not fit"):
            st.html("".join(f"<p class='lead'>{markup.text(reason)}</p>" for reason in reasons.values()))
    set_aside()


def alike(selected: Sequence[Run]) -> list[Run]:
    """Those of `selected` that answer what the first one answers, after naming the others."""
    same, others = same_question(selected)
    if others:
        names = ", ".join(run.name for run in others)
        st.html(markup.fine(f"Left out: {names}. What they name or measure is not what {same[0].name} does, so "
                            "their predictions cannot stand together."))  # fmt: skip
    return same


def set_aside() -> None:
    """Name the runs that cannot predict, and say what to do."""
    known = runs.inventory()
    if known.unfinished:
        empty("Not finished", f"{', '.join(known.unfinished)}: the same training command goes on with them.")
    if known.hidden:
        empty("Hidden by a shipped run", f"{', '.join(known.hidden)}: rename the folder of your own to ask it.")
    for damage in known.broken:
        empty("A run that cannot be read", str(damage))
