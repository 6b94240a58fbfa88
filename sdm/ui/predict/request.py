"""What is asked of the models: by which decoder, and whether records may judge the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.survey import Dossier
from sdm.evaluation.decoding import SPECIES_THRESHOLDS
from sdm.inference.service import Prediction
from sdm.modalities.layouts import PO_TRAIN
from sdm.runs import Run
from sdm.ui.components.page_state import empty, problem
from sdm.ui.components.runs import Answer, blind
from sdm.ui.state import LINK, Key

MOST_MODELS = 4  # asked at once
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
- **Expected F1**: the number that promises the best F1
"""
WORKED_OUT = {"expected-f1": "by means", "exact-f1": "exactly", "simulated-f1:200": "by chance draws"}


@dataclass(frozen=True)
class PredictionQuery:
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

    @property
    def judges(self) -> bool:
        """Whether this record tells right from wrong: presence-only records do not say what is absent."""
        return self.judged and self.survey.known and self.survey.source != PO_TRAIN

    def truth(self, run: Run) -> np.ndarray | None:
        """Columns of `run` that were recorded here; None when they must not judge."""
        if not self.judges:
            return None
        return np.flatnonzero(np.isin(run.card.class_ids, [c.class_id for c in self.survey.recorded]))


def decoder_choice(kind: TargetKind, asked: Sequence[Run] = ()) -> str:
    """The decoder in its grammar; "" for each run's own, chosen on validation surveys.

    Offered is what every run of those `asked` can do.
    """
    if kind is not TargetKind.MULTILABEL:
        return ""
    kinds = [name for name in KINDS if name != SPECIES_THRESHOLDS or _have_thresholds(asked)]
    if st.session_state.get(Key.DECODER) not in {None, *kinds}:
        st.session_state[Key.DECODER] = VALIDATED  # what these runs cannot do
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "From probabilities to species", kinds, key=Key.DECODER, bind=LINK, default=VALIDATED, required=True,
            format_func=KINDS.__getitem__, help=MEANINGS,
        )  # fmt: skip
        if chosen == "top-k":
            return f"top-k:{st.slider('k species', 1, 60, 25, key=Key.TOP, bind=LINK, width=220)}"
        if chosen == "threshold":
            least = st.slider(
                "Probability at least", 0.02, 0.98, 0.2, 0.02, key=Key.THRESHOLD, bind=LINK, width=220
            )
            return f"threshold:{least:g}"
        if chosen == BY_F1:
            return st.segmented_control(
                "Worked out", list(WORKED_OUT), key=Key.EXPECTATION, bind=LINK, default=BY_F1, required=True,
                format_func=WORKED_OUT.__getitem__,
            )  # fmt: skip
    return "" if chosen == VALIDATED else chosen


def _have_thresholds(asked: Sequence[Run]) -> bool:
    return bool(asked) and all(run.card.thresholds for run in asked)


def one_answer(question: PredictionQuery) -> Answer:
    """The answer that a view of one model looks at."""
    known = {answer.run.name: answer for answer in question.answers}
    if len(known) == 1:
        return question.answers[0]
    if st.session_state.get(Key.ONE) not in known:
        st.session_state.pop(Key.ONE, None)  # a model that is no longer asked
    return known[st.selectbox("Model looked at", list(known), key=Key.ONE, bind=LINK, width=260)]


def said(answer: Answer, survey: Dossier) -> Prediction | None:
    """What a model says of the survey; None after saying why there is nothing."""
    lacking = blind(answer.run, survey)
    if lacking:
        empty(
            "This model is blind here", f"It sees only {' and '.join(lacking)}, which this survey does not have."
        )
        return None
    if answer.problem is not None:
        problem("No answer", answer.problem)
    return answer.prediction
