"""A model trained on a data set that was just made: one button, its progress, and the ways to what it says."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.record_types import presence_only
from sdm.errors import SdmError
from sdm.models.registry import REGISTRY
from sdm.runs import DataSource, Run, RunConfig
from sdm.runs.training_options import completed, recipe
from sdm.training import jobs
from sdm.training.trainable import schemes, trainable
from sdm.ui.components import runs, trainings
from sdm.ui.components.fragment import fragment
from sdm.ui.components.no_model import to_try
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.state import Key

EVERY_SECONDS = 1.0
OF_RECORDS = ("presence-blend", "poisson-ensemble", "balanced-forest")


def show(data: Dataset, key: str) -> None:
    """The button, the training in progress, or the links to the pages that ask the model."""
    home = runs.home_of(data)
    unfinished = [run for run in jobs.unfinished(home) if _is_of(run, data)]
    done = [run for run in jobs.finished(home) if _is_of(run, data)]
    if unfinished:
        _under_way(unfinished[0], data)
    elif done:
        _ways(key, done[0])
    else:
        _offer(data, key)


def _under_way(run: Run, data: Dataset) -> None:
    """How far it is, with a way to stop it; why it ended, with a way to go on."""
    if jobs.state(run) is jobs.State.RUNNING:
        _progress(run)
        return
    why = jobs.failure(run.path)
    empty("It was not trained", why or trainings.stopped_sentence(run.config.training.model))
    st.button("Go on", on_click=_go_on, args=(run, data), key="train_go_on")


def _go_on(run: Run, data: Dataset) -> None:
    trainings.start(run.path, run.config, data)


@partial(fragment, run_every=EVERY_SECONDS)
def _progress(run: Run) -> None:
    if jobs.state(run) is not jobs.State.RUNNING:
        st.rerun()
    st.markdown(f"**{REGISTRY[run.config.training.model].title}**: training")
    try:
        progress = jobs.progress(run)
    except SdmError as damage:
        problem("Its log cannot be read", damage)
        return
    st.progress(progress.share, text=trainings.progress_sentence(progress))
    st.button("Stop", on_click=jobs.stop, args=(run.path,), icon=":material/stop:", key="train_stop")


def models(data: Dataset) -> list[str]:
    """The models that can learn from `data`, the one to try first first; none where nothing can be learnt."""
    of_records = OF_RECORDS if presence_only(data).any() else ()
    try:
        able = [card.name for card in trainable(data)]
    except SdmError:
        able = []
    return list(dict.fromkeys(name for name in (to_try(data), *of_records, *able) if _fits(name, data)))


def _fits(name: str, data: Dataset) -> bool:
    """Whether `data` have all that the model sees."""
    card = REGISTRY[name]
    kinds = not card.kinds or data.targets.kind in card.kinds
    return kinds and set(card.inputs_of(card.completed({}, data.modalities))) <= set(data.modalities)


def _is_of(run: Run, data: Dataset) -> bool:
    return run.config.data.fingerprint == data.fingerprint


def _offer(data: Dataset, key: str) -> None:
    able = models(data) if data.trainable else []
    if not able:
        empty("No model can learn from this data", "It has no environment: make it again with rasters or columns.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Model", able, key=Key.TRAIN_FIRST, format_func=lambda name: REGISTRY[name].title, width=300,
            help="The first is what does best on such data without being tuned.",
        )  # fmt: skip
        st.button(
            "Train a model", on_click=_start, args=(data, key, name), type="primary", key="train_begin",
            icon=":material/model_training:",
        )  # fmt: skip


def _start(data: Dataset, key: str, name: str) -> None:
    """Open the data set and begin."""
    st.session_state[Key.DATA] = key
    try:
        options = completed(recipe(name, scheme=schemes(data)[0]), data)
    except SdmError as error:
        problem("The training was not started", error)
        return
    trainings.start(runs.new_folder(data, name), RunConfig(options, DataSource.of(data)), data)


def _ways(key: str, run: Run) -> None:
    """To the maps and scores of the model."""
    st.success(f"{REGISTRY[run.card.model].title}: trained.", icon=":material/check_circle:")
    link = {"data": key, "run": run.name}
    with st.container(horizontal=True):
        st.page_link("pages/species.py", label="Species map", icon=":material/local_florist:", query_params=link)
        st.page_link("pages/scores.py", label="Scores", icon=":material/leaderboard:", query_params={"data": key})
