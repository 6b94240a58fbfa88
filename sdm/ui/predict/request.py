"""What is asked of the models: by which decoder, and whether records may judge the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.inference.answers import Answer, missing_inputs
from sdm.inference.service import Prediction
from sdm.modalities.layouts import PO_TRAIN
from sdm.runs import Run
from sdm.ui.components import linked
from sdm.ui.components.page_state import empty, problem
from sdm.ui.state import Key

MOST_MODELS = 4  # asked at once

NOT_COUNTED = (
    "–: nobody can tell, because only the most probable species of each survey are stored, and such sets may hold "
    "more of them."
)


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


def one_answer(question: PredictionQuery) -> Answer:
    """The answer that a view of one model looks at."""
    known = {answer.run.name: answer for answer in question.answers}
    if len(known) == 1:
        return question.answers[0]
    return known[linked.selectbox("Model looked at", known.keys(), Key.MODEL, width=260)]


def said(answer: Answer, survey: Dossier) -> Prediction | None:
    """What a model says of the survey; None after saying why there is nothing."""
    lacking = missing_inputs(answer.run, survey)
    if lacking:
        empty(
            "This model is blind here", f"It sees only {' and '.join(lacking)}, which this survey does not have."
        )
        return None
    if answer.problem is not None:
        problem("No answer", answer.problem)
    return answer.prediction
