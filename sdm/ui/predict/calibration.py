"""Calibration of the probabilities, and conformal prediction sets: sets with a coverage guarantee."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, short_split
from sdm.errors import SdmError
from sdm.evaluation.calibration import Bins, calibration_error
from sdm.evaluation.calibration import reliability as reliability_table
from sdm.evaluation.calibration_report import coverage_sentence, coverage_table, share_at_thirty
from sdm.evaluation.conformal import ConformalSets
from sdm.evaluation.predicted_species import HIT, MISS, UNJUDGED, ranking
from sdm.figures.reliability import coverage, reliability
from sdm.inference.answers import Answer
from sdm.number_format import PERCENT, counted, percent, whole
from sdm.runs import Run
from sdm.ui.cache import predictions
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import download, show_figure
from sdm.ui.components.number_table import mean_size, number_table
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.predict.request import NOT_COUNTED, PredictionQuery, prediction_of, selected_answer
from sdm.ui.state import LINK, Key

MOST_NAMES = 60  # of a set, before all are asked for
FIRST_STATED = 90  # per cent
CALIBRATIONS = {"none": "Uncalibrated", "temperature": "Temperature", "isotonic": "Isotonic"}
WEIGHTS = {"plain": "Plain", "weighted": "Weighted"}
WEIGHTS_HELP = """
Sets are fitted on validation surveys. The guarantee is for surveys drawn like those.

- **Plain**: each counts alike
- **Weighted** (weighted conformal prediction under covariate shift): each counts by how much more often places
  like it occur among the test surveys. A logistic regression on the environment tells the two apart, never by
  species. Each test survey has a threshold of its own
"""
CALIBRATION_HELP = """
Recalibration turns predicted probabilities into what was observed, fitted on validation surveys.

- **Temperature**: one number draws all probabilities towards the middle, or apart
- **Isotonic**: a rising curve through what was observed
"""


def show(query: PredictionQuery) -> None:
    """Calibration on the left, conformal sets on the right, the set for this survey below."""
    answer = selected_answer(query)
    run = answer.run
    if run.card.kind is not TargetKind.MULTILABEL:
        empty(
            "Not for this model",
            "This is about models that predict sets; this one names one class, or one number.",
        )
        return
    if not run.card.ranks:
        empty("No probabilities", "This file holds finished sets of species without probabilities.")
        return
    if not query.same_data:
        empty(
            "Nothing to compare with",
            "These models were trained on other data: records here say nothing about them.",
        )
        return
    try:
        _known(query, answer)
    except SdmError as error:
        problem("The stored predictions cannot be read", error)


def _known(query: PredictionQuery, answer: Answer) -> None:
    if not predictions.splits(query.data, answer.run):
        empty("Nothing to compare with", "This run has no stored predictions of surveys whose species are known.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        _probabilities(query.data, answer.run)
    with right:
        stated = _conformal(query.data, answer.run)
    if stated is not None:
        _this_survey(query, answer, stated)


def _probabilities(data: Dataset, run: Run) -> None:
    """The reliability plot by one calibration, and the error by all of them."""
    st.markdown("#### Calibration: does 30 % mean 30 %?")
    bins_by_method = predictions.calibrated(data, run)
    own = run.card.calibration.method if run.card.calibration else "none"
    titles = {name: CALIBRATIONS[name] for name in bins_by_method}
    first = own if own in bins_by_method else "none"
    chosen = linked.segmented_control("Probabilities", titles, Key.CALIBRATION, first, help=CALIBRATION_HELP)
    tables = {short_split(split): reliability_table(bins) for split, bins in bins_by_method[chosen].items()}
    st.html(f"<p class='answer'>{markup.text(share_at_thirty(tables))}</p>")
    show_figure(reliability(tables), "figure_reliability", f"{run.name}-reliability")
    _errors(bins_by_method, own)


def _errors(bins_by_method: dict[str, dict[str, Bins]], own: str) -> None:
    """Calibration errors, before and after."""
    splits = list(bins_by_method["none"])
    rows = []
    for name, bins in bins_by_method.items():
        used = "used for this run" if name == own else ""
        errors = (percent(calibration_error(bins[s]), 2) if s in bins else "" for s in splits)
        rows.append([f"{CALIBRATIONS[name]}\n{used}", *errors])
    st.html(number_table("Expected calibration error", (), ["Calibration error", *map(short_split, splits)], rows))
    st.caption(
        "The mean distance from the dotted line, each group by its number of pairs. Nearly all pairs are absent "
        "species near 0 %, so it is always small: compare models by it. On validation each fifth of the map is "
        "calibrated by the others."
    )


def _conformal(data: Dataset, run: Run) -> float | None:
    """The stated coverage, and what was measured on test surveys; None where no sets can be fitted."""
    st.markdown("#### Conformal prediction sets: sets with a coverage guarantee")
    if VALIDATION not in predictions.splits(data, run):
        empty("No sets", "They are fitted on validation surveys, and this run has no stored predictions of any.")
        return None
    weighted = (
        linked.segmented_control("Validation surveys", WEIGHTS, Key.CONFORMAL, help=WEIGHTS_HELP) == "weighted"
    )
    chosen = st.slider(
        "Coverage: share of a survey's species that its set should hold", 50, 99, FIRST_STATED,
        format=f"%d{PERCENT}%", key=Key.COVERAGE, bind=LINK,
    )  # fmt: skip
    stated = chosen / 100
    titles = {split: short_split(split) for split in predictions.tests(data, run)}
    coverages = predictions.coverages(data, run, stated, weighted=weighted)
    named = {titles[split]: each for split, each in coverages.items()}
    st.html(f"<p class='answer'>{markup.text(coverage_sentence(stated, named))}</p>")
    if not coverages:
        return stated
    table = coverage_table(predictions.all_coverages(data, run, weighted=weighted))
    show_figure(coverage(table, stated, titles), "figure_coverage", f"{run.name}-coverage")
    _coverages(data, run, stated, titles)
    if any(np.isnan(each.size) for each in coverages.values()):
        st.html(markup.fine(NOT_COUNTED))
    return stated


def _coverages(data: Dataset, run: Run, stated: float, titles: dict[str, str]) -> None:
    """Plain and weighted sets side by side."""
    rows = []
    for name, title in WEIGHTS.items():
        for split, each in predictions.coverages(data, run, stated, weighted=name == "weighted").items():
            worth = (
                f": worth {whole(predictions.weights(data, run, split).effective)}" if name == "weighted" else ""
            )
            measured = f"{_percent(each.measured)}\n{_percent(each.low)} to {_percent(each.high)}"
            first = f"{titles[split]}\n{title.lower()}{worth}"
            rows.append([first, measured, percent(each.foretold, 0), mean_size(each.size)])
    heads = [f"Stated: {percent(stated, 0)}", "measured", "foretold", "species a set"]
    st.html(number_table("Stated and measured coverage", (), heads, rows))
    surveys = counted(len(predictions.labelled(data, run, VALIDATION)), "validation survey")
    st.caption(
        "Foretold: the share of all predicted probability that lies inside the sets; what is measured below it is "
        f"overconfidence. Worth: the effective sample size, (Σw)² / Σw², of {surveys}: where it is small, few of "
        "them are like those tested."
    )


def _percent(share: float) -> str:
    return percent(share, 1)


def _this_survey(query: PredictionQuery, answer: Answer, stated: float) -> None:
    """The conformal set here."""
    st.markdown("#### The conformal set for this survey")
    prediction = prediction_of(answer, query.survey)
    if prediction is None:
        return
    run, probabilities = answer.run, prediction.probabilities
    sets, note = _sets_here(query, run, stated)
    chosen = sets.sets(probabilities[None]).indices
    truth = query.truth(run)
    classes = run.card.classes
    table = ranking(probabilities, chosen, classes, truth, most_misses=len(classes))
    st.html(f"<p class='answer'>{_set_sentence(table, truth, sets.threshold, query.true_word)}</p>")
    if note:
        st.html(markup.fine(note))
    _species(table, query.true_word)
    download("Save as CSV", lambda: table, f"survey-{query.survey.survey_id}-{run.name}-set", "save_set")


def _sets_here(query: PredictionQuery, run: Run, stated: float) -> tuple[ConformalSets, str]:
    """The sets by the weights chosen, and what is to be said of them."""
    plain = predictions.conformal_sets(query.data, run, stated)
    if st.session_state.get(Key.CONFORMAL) != "weighted":
        return plain, ""
    survey = query.survey
    threshold = predictions.threshold_here(query.data, run, stated, survey.source, survey.survey_id)
    if threshold is None:
        return plain, "The plain set: weights are known of test surveys alone, and this is none of them."
    return ConformalSets(stated, threshold), ""


def _set_sentence(table: pd.DataFrame, truth: np.ndarray | None, threshold: float, true_word: str) -> str:
    missed = int((table["verdict"] == MISS).sum())
    why = f"all of at least {percent(threshold)}" if threshold else "all there are: fewer would not do"
    line = f"<b>{len(table) - missed} species</b>, {why}. "
    if truth is None or not len(truth):
        return line + "There is no record of all that grows here to compare with."
    inside = int((table["verdict"] == HIT).sum())
    share = percent(inside / len(truth), 0)
    return line + (
        f"It holds <b>{inside} of the {len(truth)}</b> {true_word} ({share}). One survey may lie above or below: "
        "the guarantee is about the mean of many."
    )


def _species(table: pd.DataFrame, true_word: str) -> None:
    """Those that do grow here but are outside first: they are what the guarantee limits."""
    outside, inside = table[table["verdict"] == MISS], table[table["verdict"] != MISS]
    if len(outside):
        st.html(f"<p class='lead'>{true_word.capitalize()}, but outside the set</p>{names(outside)}")
    st.html("<p class='lead'>Inside the set</p>" + names(inside[:MOST_NAMES]))
    if len(inside) > MOST_NAMES:
        with st.expander(f"{len(inside) - MOST_NAMES} more"):
            st.html(names(inside[MOST_NAMES:]))


def names(table: pd.DataFrame) -> str:
    """The rows of a `ranking` as names in columns, each with its verdict and probability."""
    return (
        f'<ul class="species">{"".join(map(_name, *(table[c] for c in ("name", "probability", "verdict"))))}</ul>'
    )


def _name(name: str, probability: float, verdict: str) -> str:
    kind = "" if verdict == UNJUDGED else verdict.replace(" ", "-")
    return (
        f'<li class="{kind}"><b>{markup.SYMBOLS[verdict]}</b>{markup.unseen(verdict)} '
        f'<i lang="la">{markup.text(name)}</i> <span>{percent(probability)}</span></li>'
    )
