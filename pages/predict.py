"""What do the models say grows here? One or several models on the survey chosen, beside what was recorded."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import words_of
from sdm.data.survey import Dossier, with_classes_of
from sdm.data.views import seen_through
from sdm.evaluation.leaderboard.run_scores import independent
from sdm.runs import Run
from sdm.ui import predict
from sdm.ui.cache import datasets, rasters
from sdm.ui.components import dossier, linked, location, location_boxes, runs
from sdm.ui.components.decoder_choice import decoder_choice
from sdm.ui.components.fragment import fragment
from sdm.ui.components.no_model import GAP_BANNER, alike, no_model
from sdm.ui.components.page_frame import empty, require_dataset
from sdm.ui.components.survey import beside_picture, chosen_survey, simulate_switch
from sdm.ui.predict import class_map, survey_list
from sdm.ui.predict.request import MOST_MODELS, PredictionQuery
from sdm.ui.predict.request import ask as answers_of
from sdm.ui.state import LINK, Key

SECTIONS = {"survey": "One survey", "list": "A list of surveys"}
MAP = {"map": "Class map"}  # of data with scenes
GAP_QUESTION = "Ask them all the same, as a domain-gap demonstration"


def welcome(data: Dataset) -> None:
    """How to choose a survey."""
    words = words_of(data)
    st.markdown(words("Choose a survey: by the boxes above, on the map of the page **Explore**, or by chance."))
    shown = datasets.default_filter(data)
    st.button(
        words("Any survey"), on_click=location.surprise, args=(data, shown), type="primary", key="any_survey"
    )


def models(data: Dataset, able: dict[str, Run]) -> list[Run]:
    """The runs to ask."""
    names = linked.multiselect(
        "Models", runs.titles(able, data), Key.MODELS, independent(able, 2),
        max_selections=MOST_MODELS, placeholder="Choose up to four", wrap=True,
    )  # fmt: skip
    return [able[name] for name in names]


def ask(data: Dataset, survey: Dossier) -> None:
    """Models, decoder, answers."""
    able, reasons = runs.fitting(data)
    same_data = bool(able)
    if not able:
        no_model(data, reasons)
        if not reasons or not st.toggle(GAP_QUESTION, key=Key.DOMAIN_GAP, bind=LINK):
            return
        st.html(GAP_BANNER)
        able = runs.finished_runs()
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        selected = models(data, able)
        if not same_data or len({run.card.class_ids for run in selected}) > 1:
            selected = alike(selected)
    with right:
        decoder = decoder_choice(data.targets.kind, selected)
    if not selected:
        empty("No model is asked", "Choose one or more of the models above.")
    else:
        answers = answers_of(selected, survey)
        if same_data and (seen := seen_through(data, selected[0].card.view)) is not data:
            data, survey = seen, with_classes_of(survey, seen)
        predict.views(PredictionQuery(data, survey, answers, decoder, same_data))


def many(data: Dataset) -> None:
    """A list of surveys at once."""
    able, reasons = runs.fitting(data)
    if able:
        survey_list.show(data, able, decoder_choice(data.targets.kind, list(able.values())))
    else:
        no_model(data, reasons)


@fragment
def body(data: Dataset) -> None:
    """Survey above, answers below."""
    inputs = {layer.modality for scene in rasters.scenes(data) for layer in scene.layers}
    sections = {name: words_of(data)(title) for name, title in SECTIONS.items()}
    sections |= MAP if inputs & set(data.modalities) else {}
    section = linked.segmented_control("Ask about", sections, Key.PREDICT_SECTION, label_visibility="collapsed")
    if section == "map":
        class_map.show(data)
        return
    if section == "list":
        many(data)
        return
    selection = datasets.default_filter(data)
    entered, year = location_boxes.boxes(data, selection), simulate_switch(data, selection)
    choice = location.chosen(data, selection, entered, year)
    survey = chosen_survey(data, choice)
    if survey is None:
        if choice.year is None:
            welcome(data)
        return
    with beside_picture(survey):
        near = location.near_place(data, selection, choice)
        dossier.header(survey, choice, near, selection.pictured or False)
        if near is not None:
            dossier.other_types(data, near)
    ask(data, survey)


body(require_dataset("What do the models say grows here?"))
