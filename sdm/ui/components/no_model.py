"""What stands on a page that no model can answer."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import RECORDS
from sdm.evaluation.leaderboard.run_scores import same_question
from sdm.models.registry import REGISTRY
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
# The model trained fastest of each kind of input; that of the first kind that the data have is named.
TO_TRY = (
    "landsat-cnn", "environment-mlp", "presence-blend", "pixel-mlp", "lime-mlp", "series-transformer", "image-cnn",
    "nearest-surveys",
)  # fmt: skip
OF_RECORDS = "presence-blend"  # of presence-only records, whatever their inputs
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
        st.code(f"python -m sdm train {to_try(data)} --data {place}", language="bash", wrap_lines=True)
    else:
        st.markdown(f"{NOT_TRAINABLE}. {TO_BE_TRAINABLE}")
        st.markdown(f"Predictions made elsewhere can be shown: **Scores**, {FILE_SECTION}.")
    if reasons:
        with st.expander("Why the models at hand do not fit"):
            st.html("".join(f"<p class='lead'>{markup.text(reason)}</p>" for reason in reasons.values()))
    set_aside()


def to_try(data: Dataset) -> str:
    """A model that can learn from `data`, in minutes."""
    first = (OF_RECORDS,) if (data.sites["source"] == RECORDS).any() else ()
    for card in (REGISTRY[name] for name in (*first, *TO_TRY)):
        inputs = card.inputs_of(card.completed({}, data.modalities))
        if data.targets.kind in (card.kinds or TargetKind) and set(inputs) <= set(data.modalities):
            return card.name
    return TO_TRY[-1]


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
