"""The choice of a decoder: what makes a set of species of probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.evaluation.decoding import SPECIES_THRESHOLDS
from sdm.runs import Run
from sdm.ui.components import linked
from sdm.ui.state import LINK, Key

VALIDATED, BY_F1 = "validated", "expected-f1"
KINDS = {
    VALIDATED: "As validated",
    "top-k": "Top k",
    "threshold": "Threshold",
    SPECIES_THRESHOLDS: "Own thresholds",
    "richness": "Richness",
    BY_F1: "Expected F1",
}
MEANINGS = """
- **As validated**: what scored best on each model's validation surveys
- **Top k**: the k most probable species
- **Threshold**: every species of at least this probability
- **Own thresholds**: every species of at least its own threshold; only where a model has them
- **Richness**: as many as are expected, the sum of all probabilities
- **Expected F1**: the number of the highest expected F1
"""
WORKED_OUT = {"expected-f1": "by means", "exact-f1": "exactly", "simulated-f1:200": "by chance draws"}


def decoder_choice(kind: TargetKind, runs: Sequence[Run] = ()) -> str:
    """The decoder in its grammar; "" for each run's own, chosen on validation surveys.

    Offered is what each of `runs` can do.
    """
    if kind is not TargetKind.MULTILABEL:
        return ""
    have_thresholds = bool(runs) and all(run.card.thresholds for run in runs)
    kinds = {name: title for name, title in KINDS.items() if name != SPECIES_THRESHOLDS or have_thresholds}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = linked.segmented_control("From probabilities to species", kinds, Key.DECODER, help=MEANINGS)
        if chosen == "top-k":
            return f"top-k:{st.slider('k species', 1, 60, 25, key=Key.TOP_K, bind=LINK, width=220)}"
        if chosen == "threshold":
            least = st.slider(
                "Probability at least", 0.02, 0.98, 0.2, 0.02, key=Key.THRESHOLD, bind=LINK, width=220
            )
            return f"threshold:{least:g}"
        if chosen == BY_F1:
            return linked.segmented_control("Worked out", WORKED_OUT, Key.EXPECTED_F1)
    return "" if chosen == VALIDATED else chosen
