"""Trainings in progress on the page: how far, live curves, stop, go on. All is read from the run folders."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.figures.training_curves import history
from sdm.models.registry import REGISTRY
from sdm.number_format import counted, duration, number
from sdm.runs import ModelCard, Run
from sdm.training import jobs
from sdm.training_logs.catalogue import log_files
from sdm.training_logs.logged_scalars import Group, group_of
from sdm.training_logs.read import read_log
from sdm.training_logs.smoothing import CurveView, drawn_curves
from sdm.ui.components import markup, runs, trainings
from sdm.ui.components.figure import show_figure
from sdm.ui.components.fragment import fragment
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.state import Key
from sdm.ui.training import logs
from sdm.ui.training.logs import EVERY, MOST_RUNS

MOST_SHOWN = 3  # interrupted runs that are not folded away
BATCHES = CurveView("step", weight=0.9, stars=False)
EPOCHS = CurveView(weight=0.0)
FIGURE_HEIGHT = 240
WELCOME = """
<ol class="steps"><li>Choose a model, or leave everything as it is, and start.</li>
<li>Watch: the loss per batch should fall, the score on what it never sees should rise.</li>
<li>Change one thing, train again, and lay both side by side under <b>Curves</b>.</li></ol>
"""


def show(data: Dataset) -> None:
    """All of it, looked at again and again while something is being trained."""
    watched = bool(jobs.running(runs.home_of(data)))
    fragment(_trainings, run_every=EVERY if watched else None)(data, watched)


def _trainings(data: Dataset, watched: bool) -> None:
    home = runs.home_of(data)
    unfinished = jobs.unfinished(home)
    busy = [run for run in unfinished if jobs.state(run) is jobs.State.RUNNING]
    if bool(busy) != watched:
        logs.forget()
        st.rerun()
    idle = [run for run in unfinished if run not in busy]
    finished = jobs.finished(home)[:MOST_SHOWN]
    if not unfinished and not finished:
        st.markdown("#### Nothing is being trained")
        if data.trainable:
            st.html(WELCOME)
    for run in busy:
        _training(run, data)
    for run in finished:
        _done(run, data)
    for run in idle[:MOST_SHOWN]:
        _interrupted(run, data)
    if len(idle) > MOST_SHOWN:
        with st.expander(f"{len(idle) - MOST_SHOWN} more that were interrupted"):
            for run in idle[MOST_SHOWN:]:
                _interrupted(run, data)


def _head(run: Run, data: Dataset, doing: str, kind: str = "plain") -> None:
    """What it is and what it is doing."""
    training = run.config.training
    st.markdown(f"#### {_title(run)}")
    rate = f"learning rate {training.lr:g}"
    labels = [(run.name, "strong"), (doing, kind)]
    if not _fitted(run):
        labels += [(counted(training.epochs, "epoch"), "plain"), (rate, "plain")]
        labels.append((f"batch {training.batch_size}", "plain"))
    labels.append((f"seed {training.seed}", "plain"))
    if run.config.data.fingerprint != data.fingerprint:
        labels.append((f"other data: {run.config.data.title}", "warn"))
    st.html(markup.chips(labels))


def _fitted(run: Run) -> bool:
    """Whether its model is fitted in one go."""
    card = REGISTRY.get(run.config.training.model)
    return card is not None and card.baseline


def _title(run: Run) -> str:
    card = REGISTRY.get(run.config.training.model)
    return "A model this version does not know" if card is None else card.title


def _training(run: Run, data: Dataset) -> None:
    with st.container(border=True, key=f"training_{run.name}"):
        head, button = st.columns([4, 1], vertical_alignment="top")
        with head:
            _head(run, data, "training")
        stop = button.button(
            "Stop", key=f"stop_{run.name}", icon=":material/stop:", width="stretch",
            help="It begins anew later." if _fitted(run) else "It saves its state first and can go on later.",
        )  # fmt: skip
        if stop:
            jobs.stop(run.path)
            st.toast("Stopping: it finishes what it is at.", icon=":material/hourglass_bottom:")
        try:
            progress = jobs.progress(run)
            st.progress(progress.share, text=trainings.progress_sentence(progress))
            _curves(run)
        except SdmError as damage:
            problem("Its log cannot be read", damage)


def _curves(run: Run) -> None:
    """Loss per batch and score per epoch, as far as they have come."""
    if not log_files(run.path):
        return
    table = read_log(run.path)
    groups = table["series"].map(group_of)
    left, right = st.columns(2, gap="small")
    with left:
        _figure("Loss per batch", table[groups == Group.BATCH], BATCHES, f"live_batches_{run.name}")
    with right:
        scores = table[groups == Group.SCORE]
        first = scores[scores["series"] == scores["series"].iloc[0]] if len(scores) else scores
        _figure("Score on the validation split", first, EPOCHS, f"live_score_{run.name}")


def _figure(title: str, table: pd.DataFrame, view: CurveView, name: str) -> None:
    st.markdown(f"##### {title}")
    if table.empty:
        empty("Not yet", "The first point comes when the first epoch is over.")
    else:
        show_figure(history(drawn_curves(table, view), FIGURE_HEIGHT), name, name)


def _done(run: Run, data: Dataset) -> None:
    with st.container(border=True, key=f"done_{run.name}"):
        _head(run, data, "finished")
        try:
            st.html(markup.fine(_result(run.card)))
        except SdmError as damage:
            problem("Its card cannot be read", damage)
        icon = ":material/show_chart:"
        if st.button("Show its curves", key=f"show_{run.name}", icon=icon, on_click=_look, args=(run,)):
            st.rerun()  # all of the page, not this part of it alone


def _result(card: ModelCard) -> str:
    """Score, best epoch, time."""
    metric = METRICS[HEADLINE[card.kind]]
    score = card.scores.get("validation", {}).get(metric.name)
    measured = "" if score is None else f"{metric.title} {number(score.value)} on validation, "
    best = "" if card.best_epoch is None else f"best in epoch {card.best_epoch}, "
    return f"{measured}{best}trained in {duration(card.seconds)}."


def _look(run: Run) -> None:
    """Its curves, beside those chosen before."""
    st.session_state[Key.TRAINING_SECTION] = "curves"
    before = [name for name in st.session_state.get(Key.RUNS, []) if name != run.name]
    st.session_state[Key.RUNS] = [run.name, *before][:MOST_RUNS]


def _interrupted(run: Run, data: Dataset) -> None:
    with st.container(border=True, key=f"interrupted_{run.name}"):
        _head(run, data, "interrupted", "warn")
        why, source = relative_paths(jobs.failure(run.path) or ""), run.config.data
        st.html(
            markup.fine(f"It gave up: {why}" if why else trainings.stopped_sentence(run.config.training.model))
        )
        icon = ":material/play_arrow:"
        if source.fingerprint != data.fingerprint:
            st.html(markup.fine(f"It learns from {source.title} ({source.name}): open that to go on."))
        elif st.button("Go on", key=f"go_on_{run.name}", icon=icon) and trainings.start(
            run.path, run.config, data
        ):
            st.rerun()
        if words := jobs.output(run.path):
            with st.expander("What it printed last"):
                st.code(relative_paths(words), language=None, wrap_lines=True)
