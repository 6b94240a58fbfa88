"""What each model predicts: its species, class or value, in a column of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.overview import split_of
from sdm.data.site_words import Words, item_of, words_of
from sdm.data.splits import TRAIN
from sdm.data.survey import Dossier
from sdm.errors import SdmError
from sdm.evaluation.predicted_species import ranking, set_f1
from sdm.evaluation.run_decoding import decoder_of
from sdm.figures.markdown import literal
from sdm.inference.answers import Answer
from sdm.inference.service import Prediction
from sdm.number_format import fixed, number, percent
from sdm.rasters.class_titles import class_titles, in_words
from sdm.runs import Run
from sdm.ui.components import markup
from sdm.ui.components.figure import download
from sdm.ui.predict.request import PredictionQuery, prediction_of, show_ranking

MOST_CLASSES = 10  # of a multiclass answer
MOST_ROWS = 25  # of a ranking, before it is unfolded


def show(query: PredictionQuery) -> None:
    """One column per model."""
    columns = st.columns(len(query.answers), gap="medium")
    for column, answer in zip(columns, query.answers, strict=True):
        with column:
            _answer(answer, query)


def _answer(answer: Answer, query: PredictionQuery) -> None:
    run, survey = answer.run, query.survey
    st.html(f"<h4 class='model'>{markup.text(run.card.title)}</h4>")
    prediction = prediction_of(answer, survey)
    if prediction is None:
        return
    labels = [(run.name, "plain"), (_origin(run, prediction), "plain")]
    if query.same_data:
        labels += _seen(run, survey)
    st.html(markup.chips(labels))
    SHOWN[run.card.kind](answer, prediction.probabilities, query)


def _seen(run: Run, survey: Dossier) -> list[tuple[str, str]]:
    """A label where the model was trained on the survey, or where nobody can tell."""
    words = Words(item_of(survey.values))
    try:
        seen = run.has_seen(survey.source, survey.survey_id)
    except SdmError:
        return [(words("its training surveys cannot be read: it may have seen this one"), "warn")]
    return [(words("the model has seen this survey"), "warn")] if seen else []


def _origin(run: Run, prediction: Prediction) -> str:
    """How long it took and where; of what is only recalled, what its probabilities mean."""
    if not run.card.predicts:
        return "stored prediction" if run.card.ranks else "stored prediction: 100 % means predicted"
    return f"{number(prediction.milliseconds, 2)} ms · {prediction.device}"


def _species(answer: Answer, probabilities: np.ndarray, query: PredictionQuery) -> None:
    decoder = decoder_of(answer.run.card, query.decoder)
    chosen = decoder.decode(probabilities[None]).indices
    truth = query.truth(answer.run)
    table = ranking(probabilities, chosen, answer.run.card.classes, truth)
    line = f"**{len(chosen)}** species by `{decoder}`"
    if truth is not None and len(truth):
        line += f" · F1 of this survey **{fixed(set_f1(chosen, truth), 2)}**"
    st.markdown(line)
    show_ranking(table, f"Species predicted by {answer.run.name}", MOST_ROWS)
    _save(answer, probabilities, query.survey)


def _one_class(answer: Answer, probabilities: np.ndarray, query: PredictionQuery) -> None:
    chosen = np.argsort(-probabilities, kind="stable")[:1]
    truth = query.truth(answer.run)
    table = ranking(probabilities, np.argsort(-probabilities)[:MOST_CLASSES], answer.run.card.classes, truth)
    others = ~table["class_id"].isin(answer.run.card.classes["class_id"].to_numpy()[chosen])
    table.loc[others & (table["verdict"] == "false alarm"), "verdict"] = "predicted"
    titles = class_titles(query.data.targets)
    named = table.assign(name=[in_words(str(name), titles) for name in table["name"]])
    st.html(markup.ranking(named, f"Classes predicted by {answer.run.name}", latin=False))
    _levels(answer, probabilities, query)
    _save(answer, probabilities, query.survey)


def _levels(answer: Answer, probabilities: np.ndarray, query: PredictionQuery) -> None:
    """The most probable group at each coarser level: the probabilities of its classes added up."""
    classes, levels = query.data.targets.classes, query.data.targets.hierarchy[-2::-1]
    known = classes.assign(name=classes["name"].astype(str)).set_index("name")
    names = [str(name) for name in answer.run.card.class_names]
    if not query.same_data or not set(names) <= set(known.index):
        return
    facts, titles = [], class_titles(query.data.targets)
    for level in levels:
        total = pd.Series(probabilities, known.loc[names, level].astype(str)).groupby(level=0).sum()
        group = f"{in_words(str(total.idxmax()), titles)} · {percent(float(total.max()))}"
        facts.append((markup.sentence(level.replace("_", " ")), group))
    if facts:
        st.html(markup.facts(facts))


def _value(answer: Answer, probabilities: np.ndarray, query: PredictionQuery) -> None:
    recorded = query.survey.target if query.same_data and query.survey.known else None
    st.metric(
        "Predicted", f"{number(float(probabilities[0]))} {literal(answer.run.card.unit)}",
        delta=None if recorded is None else f"{query.true_word} {number(recorded)}",
        delta_color="off", delta_arrow="off",
    )  # fmt: skip
    mean = _training_mean(query.data) if query.same_data else None
    if mean is not None:
        words = words_of(query.data)("the mean of the training surveys")
        st.html(markup.fine(f"Who knows nothing would say {number(mean)}, {words}."))


def _training_mean(data: Dataset) -> float | None:
    """The mean of the known values of the training sites; None for other targets, or without any."""
    targets = data.targets
    if targets.kind is not TargetKind.REGRESSION:
        return None
    training = np.asarray(targets.values, float)[(split_of(data) == TRAIN) & targets.known]
    return float(training.mean()) if training.size else None


SHOWN = {TargetKind.MULTILABEL: _species, TargetKind.MULTICLASS: _one_class, TargetKind.REGRESSION: _value}


def _save(answer: Answer, probabilities: np.ndarray, survey: Dossier) -> None:
    name = answer.run.name
    download(
        "All probabilities",
        lambda: answer.run.card.classes.assign(probability=probabilities),
        f"survey-{survey.survey_id}-{name}",
        f"save_{name}",
    )
