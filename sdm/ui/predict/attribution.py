"""Attribution: what each input adds to a prediction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.data.survey import Dossier
from sdm.errors import SdmError
from sdm.figures import attribution as figures
from sdm.figures.attribution import PERCENT, Unit
from sdm.inference.attribution import (
    Attribution,
    attribution,
    columns_to_explain,
    never_without_inputs,
    single_inputs,
    why_not,
)
from sdm.inference.band_attribution import BandAttribution, band_attribution, raster_inputs
from sdm.inference.shapley import BASE, PREDICTION, attribution_table, contribution_steps, mean_contributions
from sdm.modalities import MODALITIES
from sdm.number_format import number, percent
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.predict import occlusion
from sdm.ui.predict.request import PredictionQuery, selected_answer, service
from sdm.ui.state import Key

MOST_ROWS = 15  # classes in a figure
LONGEST = 60


class SurveyQuery(NamedTuple):
    """A survey of a data set, and the run that predicts it."""

    data: Dataset
    run: Run
    survey: Dossier


@memo(64, "Asking again without each input …")
def _attribution(query: SurveyQuery) -> Attribution:
    return attribution(service(), query.run, query.survey)


def show(query: PredictionQuery) -> None:
    """One model: one species step by step on the left, all species named on the right."""
    able_first = sorted(query.answers, key=lambda answer: bool(why_not(answer.run, query.survey)))
    answer = selected_answer(replace(query, answers=able_first))
    if answer.problem is not None:
        problem("No answer", answer.problem)
        return
    lacking = why_not(answer.run, query.survey)
    if lacking:
        if not _bands(query, answer.run):
            empty("No attribution", lacking)
        return
    try:
        shares = _attribution(SurveyQuery(query.data, answer.run, query.survey))
        dependent = never_without_inputs(answer.run)
    except SdmError as error:
        problem("The model cannot be asked without its inputs", error)
        return
    _shown(query, answer.run, shares, dependent)
    _bands(query, answer.run)


@memo(64, "Asking again without each band …")
def _band_attribution(query: SurveyQuery, modality: str) -> BandAttribution:
    return band_attribution(service(), query.run, query.survey, modality)


def _bands(query: PredictionQuery, run: Run) -> bool:
    """Which bands of each raster count; False where the model reads none here."""
    inputs = raster_inputs(run, query.survey) if run.card.predicts else []
    unit = Unit(1.0, run.card.unit, run.card.unit) if run.card.kind is TargetKind.REGRESSION else PERCENT
    for modality in inputs:
        try:
            changes = _band_attribution(SurveyQuery(query.data, run, query.survey), modality)
        except SdmError as error:
            problem("The model cannot be asked without a band", error)
            continue
        classes, columns = _classes(run), columns_to_explain(run.card, changes.whole, query.decoder)
        names = {int(classes["class_id"].iloc[i]): str(classes["name"].iloc[i]) for i in columns[:MOST_ROWS]}
        if not names:
            continue
        what = "bands and dates" if changes.by_step.size else "bands"
        st.markdown(f"#### Which {what} count: {MODALITIES[modality].title}")
        key = next(iter(names))
        if len(names) > 1:
            key = linked.selectbox("Bands for the probability of", names, Key.BANDS_OF, width=300)
        column = int(np.flatnonzero(classes["class_id"].to_numpy() == key)[0])
        occlusion.show(query.data, query.survey, changes, names[key], column, unit)
    if inputs and query.same_data:
        occlusion.over_many(query.data, run)
    return bool(inputs)


def _shown(query: PredictionQuery, run: Run, shares: Attribution, dependent: Sequence[str]) -> None:
    unit = Unit(1.0, run.card.unit, run.card.unit) if run.card.kind is TargetKind.REGRESSION else PERCENT
    named = columns_to_explain(run.card, shares.whole, query.decoder)
    shown, missed = named[:MOST_ROWS], _missed(query, run, named)
    every = attribution_table(_classes(run), shares.without, shares.added, [*shown, *missed])
    table, modalities = every.head(len(shown)), list(shares.added)
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        remarks = dict.fromkeys(every["class_id"][len(shown) :], f" ({query.true_word}, not named)")
        row = _picked(every, remarks, unit)
        st.markdown(_sentence(row, shares, unit) + _recorded(query, run, int(row["class_id"])))
        steps = contribution_steps(row, modalities, shares.missing, unit.factor)
        show_figure(figures.waterfall(steps, str(row["name"]), unit), "figure_waterfall", "attribution-steps")
        for note in _notes(run, shares, dependent):
            st.html(markup.fine(note))
    with right:
        if len(table) < 2:
            return
        st.markdown("#### Which inputs count here")
        means = mean_contributions(table, modalities, shares.missing, unit.factor)
        show_figure(figures.summary(means, len(table), unit), "figure_inputs", "attribution-inputs")
        show_figure(figures.bars(table, modalities, unit), "figure_attribution", "attribution-species")


def _classes(run: Run) -> pd.DataFrame:
    if run.card.kind is TargetKind.REGRESSION:
        return pd.DataFrame({"class_id": [0], "name": ["the value"]})
    return run.card.classes


def _missed(query: PredictionQuery, run: Run, named: np.ndarray) -> np.ndarray:
    """The first columns that were recorded here and are not named."""
    truth = query.truth(run)
    if truth is None or run.card.kind is not TargetKind.MULTILABEL:
        return np.array([], int)
    return np.setdiff1d(truth, named)[:MOST_ROWS]


def _picked(table: pd.DataFrame, remarks: Mapping[int, str], unit: Unit) -> pd.Series:
    """The class to explain step by step; some ids have `remarks`, put behind their names."""
    if unit is not PERCENT:
        return table.iloc[0, :]
    ids = table["class_id"].tolist()
    names = {
        one: name[:LONGEST] + remarks.get(one, "")
        for one, name in zip(ids, table["name"].astype(str), strict=True)
    }
    picked = linked.selectbox("Attribution of the probability of", names, Key.ATTRIBUTION_OF)
    return table.iloc[ids.index(picked), :]


def _sentence(row: pd.Series, shares: Attribution, unit: Unit) -> str:
    """ "Base value 12 %. Then Landsat adds 30 points. Prediction: 42 %." """
    parts = [
        f"{MODALITIES[name].phrase} {_moves(unit.factor * float(row[name]))}"
        for name in shares.added
        if name not in shares.missing
    ]
    if unit is PERCENT:
        parts[0] += " points"
    begin, end = (unit.factor * float(row[name]) for name in (BASE, PREDICTION))
    sign = " %" if unit is PERCENT else ""
    return (
        f"Base value **{number(begin, 2)}{sign}**. Then {', '.join(parts)}. "
        f"Prediction: **{number(end, 2)}{sign}**."
    )


def _recorded(query: PredictionQuery, run: Run, class_id: int) -> str:
    if run.card.kind is TargetKind.REGRESSION or query.truth(run) is None:
        return ""
    there = any(one.class_id == class_id for one in query.survey.recorded)
    return f" It is {'' if there else 'not '}{query.true_word} here."


def _moves(points: float) -> str:
    return f"{'adds' if points >= 0 else 'takes away'} **{number(abs(points), 2)}**"


def _notes(run: Run, attribution: Attribution, dependent: Sequence[str]) -> Iterator[str]:
    """What the numbers rest on, where it is not what one would expect."""
    base = "the mean prediction over validation surveys"
    yield f"Base value: {base if VALIDATION in run.splits() else 'the prediction for a survey without any input'}."
    if attribution.missing:
        names = ", ".join(MODALITIES[name].phrase for name in attribution.missing)
        yield f"This survey lacks {names}: a missing input adds nothing."
    if run.card.members:
        yield "Shares of a mean are the mean of the members' shares: so an ensemble's add up as well."
    for one in single_inputs(run):
        yield (
            f"Off-distribution answers: in training {one.name} was shown exactly one of its {one.inputs} inputs "
            f"in {percent(one.single)} of the cases, each of them alone in {percent(one.each)} (inputs are left "
            f"out with probability {percent(one.dropout, 0)}). The values also rest on such answers, hardly "
            "learnt."
        )
    if dependent:
        yield (
            f"Never trained without an input: {', '.join(dependent)}. An input left out reads as zeros there, "
            "and its share is what the real input adds to that."
        )
