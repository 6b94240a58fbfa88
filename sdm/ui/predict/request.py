"""The request to the models, their predictions, and whether records can be compared with them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.inference.answers import Answer, RunService, missing_inputs
from sdm.inference.local_address import VARIABLE
from sdm.inference.remote import RemoteInference
from sdm.inference.service import Prediction
from sdm.modalities.layouts import PO_TRAIN
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup, runs
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.state import Key

MOST_MODELS = 4  # asked at once
MOST_UNFOLDED = 300  # rows of a ranking

NOT_COUNTED = (
    "–: nobody can tell, because only the most probable species of each survey are stored, and such sets may hold "
    "more of them."
)


@memo(1)
def service() -> RunService:
    """That of this process, or of the inference process that the environment names."""
    address = os.environ.get(VARIABLE)
    return RunService(RemoteInference(address) if address else None)


class _Unanswered(Exception):  # noqa: N818  an answer that is not to be held
    """Not all models have answered."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__()
        self.answers = answers


@memo(64)
def _answers(asked: tuple[Run, ...], survey: Dossier) -> list[Answer]:
    answers = service().ask(asked, survey)
    if any(answer.problem for answer in answers):
        raise _Unanswered(answers)
    return answers


def ask(asked: Sequence[Run], survey: Dossier) -> list[Answer]:
    """What the runs say of the survey; where each of them has answered, they are not asked again."""
    try:
        return _answers(tuple(asked), survey)
    except _Unanswered as incomplete:
        return incomplete.answers


@dataclass(frozen=True)
class PredictionQuery:
    """One survey, the answers of several runs, and how they are decoded.

    `decoder` is in the decoders' grammar, "" for each run's own; `same_data` tells whether the runs were trained
    for this data, so that records can be compared with their predictions.
    """

    data: Dataset
    survey: Dossier
    answers: Sequence[Answer]
    decoder: str
    same_data: bool

    @property
    def has_truth(self) -> bool:
        """Whether hits and misses can be told here: presence-only records do not say what is absent."""
        return self.same_data and self.survey.known and self.survey.source != PO_TRAIN

    @property
    def true_word(self) -> str:
        """What is said of a species that does grow here: nobody has recorded a simulated place."""
        return "true in the simulation" if self.survey.on_the_spot else "recorded"

    def truth(self, run: Run) -> np.ndarray | None:
        """Columns of `run` that were recorded here; None when they do not count."""
        if not self.has_truth:
            return None
        return np.flatnonzero(np.isin(run.card.class_ids, [c.class_id for c in self.survey.recorded]))


def selected_answer(query: PredictionQuery) -> Answer:
    """The answer of the model selected."""
    known = {answer.run.name: answer for answer in query.answers}
    if len(known) == 1:
        return query.answers[0]
    by_name = {name: answer.run for name, answer in known.items()}
    return known[linked.selectbox("Model looked at", runs.titles(by_name, query.data), Key.MODEL, width=260)]


def show_ranking(table: pd.DataFrame, title: str, most: int) -> None:
    """A table of `sdm.evaluation.predicted_species`, its first `most` rows in sight and `MOST_UNFOLDED` in all."""
    st.html(markup.ranking(table[:most], title))
    if len(table) > most:
        with st.expander(f"{len(table) - most} more"):
            st.html(markup.ranking(table[most:MOST_UNFOLDED], f"{title}, continued"))


def prediction_of(answer: Answer, survey: Dossier) -> Prediction | None:
    """The prediction of a model; None after showing why there is none."""
    lacking = missing_inputs(answer.run, survey)
    if lacking:
        empty("No input for this model", f"It sees only {' and '.join(lacking)}, which this survey does not have.")
        return None
    if answer.problem is not None:
        problem("No answer", answer.problem)
    return answer.prediction
