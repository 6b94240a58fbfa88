"""What is asked of the models: by which decoder, and whether records may judge the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.dossier import Dossier
from sdm.runs import Run
from sdm.ui.runs import Answer
from sdm.ui.state import LINK, Key

KINDS = {
    "validated": "As validated",
    "top-k": "Top k",
    "threshold": "Threshold",
    "expected-f1": "Expected F1",
}


@dataclass(frozen=True)
class Question:
    """One survey, what the runs asked say of it, and how that is read.

    `key` names the data set; `decoder` is in the decoders' grammar, "" for each run's own; `judged` tells whether
    records may judge what is said.
    """

    key: str
    data: Dataset
    survey: Dossier
    answers: Sequence[Answer]
    decoder: str
    judged: bool

    def truth(self, run: Run) -> np.ndarray | None:
        """Columns of `run` that were recorded here; None when they must not judge."""
        if not (self.judged and self.survey.known):
            return None
        return np.flatnonzero(np.isin(run.card.class_ids, [c.class_id for c in self.survey.recorded]))


def decoder_choice(kind: TargetKind) -> str:
    """The decoder in its grammar; "" for each run's own, chosen on validation surveys."""
    if kind is not TargetKind.MULTILABEL:
        return ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "From probabilities to species", list(KINDS), key=Key.DECODER, bind=LINK, default="validated",
            required=True, format_func=KINDS.__getitem__,
            help="As validated: what scored best on each model's validation surveys.",
        )  # fmt: skip
        if chosen == "top-k":
            return f"top-k:{st.slider('k species', 1, 60, 25, key=Key.TOP, bind=LINK, width=220)}"
        if chosen == "threshold":
            least = st.slider(
                "Probability at least", 0.02, 0.98, 0.2, 0.02, key=Key.THRESHOLD, bind=LINK, width=220
            )
            return f"threshold:{least:g}"
    return "expected-f1" if chosen == "expected-f1" else ""
