"""The curves on the page: which runs, how to look at them, figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.figures import Figure
from sdm.figures.markdown import literal
from sdm.figures.training_curves import history
from sdm.number_format import duration, number, whole
from sdm.training import jobs
from sdm.training_logs.catalogue import Log
from sdm.training_logs.logged_scalars import Group
from sdm.training_logs.loss_kind import loss_kind, loss_title, score_kind
from sdm.training_logs.smoothing import CurveView, drawn_curves
from sdm.training_logs.table import AXES
from sdm.ui.cache import training
from sdm.ui.cache.figures import drawn
from sdm.ui.components import linked, markup, runs
from sdm.ui.components.figure import show_figure
from sdm.ui.components.first_screen import below
from sdm.ui.components.fragment import fragment
from sdm.ui.components.page_frame import empty
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.state import LINK, Key
from sdm.ui.training import comparison, logs, network_notes
from sdm.ui.training.logs import EVERY, MOST_RUNS

FIRST_RUNS = 4
HEIGHT, LOW = 360, 300  # of a figure, in pixels
PER_EPOCH = (Group.LOSS, Group.SCORE)
BANDS: Final = {"extremes": ("Lowest to highest", None), "quantiles": ("10 to 90 %", (0.1, 0.9))}
AXIS_TITLES = {"epoch": "Epochs", "step": "Steps", "seconds": "Time"}
LOSS_LEAD = (
    "How wrong the model is, on what it learns from and on what it never sees. Once the second rises "
    "while the first still falls, it learns by heart."
)
SCORE_LEAD = (
    "How good its answers are on what it never sees: what counts in the end. The star marks the best epoch, "
    "beyond which training was in vain."
)
BATCH_LEAD = "The loss of every single batch. It jumps, for no batch is like another: the trend is what counts."
NOTHING = "Choose runs above, train a model of your own, or add a log of Lightning or TensorBoard."
NOTHING_TRAINABLE = "Choose runs above, or add a log of Lightning or TensorBoard."


class Kinds(NamedTuple):
    """What the values of a run's log are, in words: those of runs that differ in it share no axis."""

    loss: str
    score: str


def section(data: Dataset) -> None:
    """All of it, drawn again and again while something is being trained."""
    busy = bool(jobs.running(runs.home_of(data)))
    fragment(_section, run_every=EVERY if busy else None)(data)


def _section(data: Dataset) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="choose_runs"):
        chosen = _choose(data)
        view = _view()
        _add()
    for name, reason in st.session_state.get(Key.REJECTED_LOGS, {}).items():
        empty(f"{name} cannot be read", reason)
    marked = _marked(chosen, data)
    table, kinds = _read(chosen, data)
    if table.empty:
        empty("No curve to show", NOTHING if data.trainable else NOTHING_TRAINABLE)
        return
    score = training.headline(table)
    with st.container(key="wide_facts"):
        best = training.best_of_runs(training.of_groups(table, PER_EPOCH), score)
        st.html(markup.facts((str(row["run"]), _best_in_words(row)) for _, row in best.iterrows()))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("#### Loss")
        _losses(training.of_groups(table, (Group.LOSS,)), view, kinds)
    with right:
        shown = _score_choice(training.of_groups(table, (Group.SCORE,)), score)
        _scores(shown, view, kinds)
    below(partial(_details, chosen, table, view, kinds, marked))


def _details(
    chosen: list[Log | str], table: pd.DataFrame, view: CurveView, kinds: dict[str, Kinds], marked: dict[str, str]
) -> None:
    """What stands below the two figures."""
    _batches(training.of_groups(table, (Group.BATCH,)), view, kinds)
    network_notes.show(chosen)
    comparison.best_epochs(training.of_groups(table, PER_EPOCH))
    comparison.settings(chosen, marked)


def _choose(data: Dataset) -> list[Log | str]:
    """The logs chosen; an upload is given by its name."""
    known = logs.catalogue()
    names = [*known, *logs.uploaded()]
    mine = _ordered({name: log for name, log in known.items() if log.of(data)}, data)
    titles = {name: name for name in names} | _marked(known.values(), data)
    picked = linked.multiselect(
        "Runs", titles, Key.RUNS, (mine or names)[:FIRST_RUNS], max_selections=MOST_RUNS, wrap=True,
        placeholder="Choose runs to compare", help="Shipped runs, your own, and any log below runs/.",
    )  # fmt: skip
    return [known.get(name, name) for name in picked]


def _ordered(of_data: Mapping[str, Log], data: Dataset) -> list[str]:
    """The reader's own logs, newest first; then shipped runs, best on validation first, without weights last."""
    fitting, _ = runs.fitting(data)
    rank = {run.name: (not run.card.predicts, place) for place, run in enumerate(fitting.values())}
    last, home = (True, len(rank)), runs.home_of(data)

    def key(name: str) -> tuple[bool, bool, tuple[bool, int]]:
        shipped = of_data[name].folder.parent not in (runs.HOMES[-1], home)
        return of_data[name].other_view, shipped, rank.get(name, last) if shipped else (False, 0)

    return sorted(of_data, key=key)


def _marked(logs_shown: Iterable[Log | str], data: Dataset) -> dict[str, str]:
    """Name -> name of each log, runs of other data marked as such."""
    named = [(log, False) if isinstance(log, str) else (log.name, log.of_other(data)) for log in logs_shown]
    return {name: runs.mark(name, other) for name, other in named}


def _kinds(chosen: Iterable[Log | str], table: pd.DataFrame, data: Dataset) -> dict[str, Kinds]:
    """Run -> its loss and scores; an upload has kinds of its own."""
    series, kinds = training.series_of_runs(table), {}
    for log in chosen:
        name = log if isinstance(log, str) else log.name
        if name in series:
            own = f"as logged in {name}"
            kinds[name] = (
                Kinds(own, own)
                if isinstance(log, str)
                else Kinds(loss_title(loss_kind(log, series[name], data)), score_kind(log, data))
            )
    return kinds


def _by_kind(table: pd.DataFrame, kinds: Mapping[str, str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Title and curves of each kind; the title is "" where there is one alone."""
    kind = table["run"].map(kinds)
    if len(kind.unique()) == 1:
        yield "", table
        return
    for title in kind.unique():
        yield f"{title[:1].upper()}{title[1:]}", table[kind == title]


def _losses(table: pd.DataFrame, view: CurveView, kinds: Mapping[str, Kinds]) -> None:
    _panels(LOSS_LEAD, table, view, {run: kind.loss for run, kind in kinds.items()}, "loss")


def _scores(table: pd.DataFrame, view: CurveView, kinds: Mapping[str, Kinds]) -> None:
    _panels(SCORE_LEAD, table, replace(view, log=False), {run: kind.score for run, kind in kinds.items()}, "score")


def _panels(lead: str, table: pd.DataFrame, view: CurveView, kinds: Mapping[str, str], name: str) -> None:
    """A figure per kind of loss or score: the values of different ones cannot be compared."""
    if table.empty:
        empty(f"No {name} in these logs", "Choose other runs.")
        return
    st.caption(lead)
    for i, (title, part) in enumerate(_by_kind(table, kinds)):
        if title:
            st.markdown(f"##### {literal(title)}")
        numbered = f"{name}_{i}" if i else name
        figure = drawn(_history, part, view, HEIGHT, _runs(table))
        show_figure(figure, f"figure_{numbered}", f"training-{numbered}")


def _history(table: pd.DataFrame, view: CurveView, height: int, order: list[str]) -> Figure:
    return history(drawn_curves(table, view), height, order)


def _runs(table: pd.DataFrame) -> list[str]:
    return [str(run) for run in table["run"].unique()]


def _view() -> CurveView:
    """Axis, smoothing, band, logarithm."""
    with st.popover("View", icon=":material/tune:"):
        axis = linked.segmented_control("Along", {name: AXIS_TITLES[name] for name in AXES}, Key.AXIS, "epoch")
        log = st.toggle("Logarithmic axis of losses", True, key=Key.LOGARITHMIC, bind=LINK)
        weight = st.slider(
            "Smoothing", 0.0, 0.99, 0.0, 0.01, key=Key.SMOOTHING, bind=LINK,
            help="Bold: debiased exponential average, as in TensorBoard. The raw line stays, faint.",
        )  # fmt: skip
        band = linked.selectbox(
            "Band round the curve", {name: title for name, (title, _) in BANDS.items()}, Key.BAND,
            help="Between which values the raw line moves within as many points as the smoothing takes in.",
        )  # fmt: skip
    return CurveView(axis, weight, BANDS[band][1], log)


def _add() -> None:
    """A log from elsewhere."""
    with st.popover("Add a log", icon=":material/upload_file:"):
        st.file_uploader(
            "Training logs from elsewhere", accept_multiple_files=True, key=Key.LOG_UPLOAD, on_change=_take_up
        )
        st.caption("A CSV with a column per curve, or a TensorBoard event file. It stays for this visit only.")


def _take_up() -> None:
    """Keep what was uploaded and draw it."""
    refused: dict[str, str] = {}
    for file in st.session_state[Key.LOG_UPLOAD] or []:
        try:
            label = logs.add_upload(file.name, file.getvalue())
        except SdmError as problem:
            refused[file.name] = relative_paths(". ".join(part for part in (problem.what, problem.remedy) if part))
            continue
        drawn = st.session_state.get(Key.RUNS) or []
        if label not in drawn and len(drawn) < MOST_RUNS:
            st.session_state[Key.RUNS] = [*drawn, label]
    st.session_state[Key.REJECTED_LOGS] = refused


def _read(chosen: list[Log | str], data: Dataset) -> tuple[pd.DataFrame, dict[str, Kinds]]:
    """All their curves, by names marked where they are of other data, and run -> kinds; a damaged log is named and
    left out."""
    tables = []
    for log in chosen:
        try:
            tables.append(logs.uploaded()[log] if isinstance(log, str) else logs.curves(log))
        except SdmError as problem:
            name = log if isinstance(log, str) else log.name
            empty(f"{name} cannot be read", ". ".join(filter(None, (problem.what, problem.got, problem.remedy))))
    table = training.together(tuple(tables))
    marked, kinds = _marked(chosen, data), _kinds(chosen, table, data)
    return training.renamed(table, marked), {marked[name]: kind for name, kind in kinds.items()}


def _best_in_words(best: pd.Series) -> str:
    epoch = "" if pd.isna(best["epoch"]) else f" in epoch {whole(best['epoch'])} of {whole(best['epochs'])}"
    seconds = "" if pd.isna(best["seconds"]) else f", after {duration(best['seconds'])}"
    return f"{best['series']} {number(best['value'])}{epoch}{seconds}"


def _score_choice(table: pd.DataFrame, headline: str | None) -> pd.DataFrame:
    """The curves of one score: different ones share no axis."""
    names = list(table["series"].unique())
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### Score", width="content")
        if len(names) < 2:
            return table
        name = linked.selectbox("Which score", names, Key.SCORE, headline, width=190, label_visibility="collapsed")
    return training.of_series(table, name)


def _batches(table: pd.DataFrame, view: CurveView, kinds: Mapping[str, Kinds]) -> None:
    if table.empty:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown("#### Loss per batch", width="content")
        weight = st.slider(
            "Smoothing of batches", 0.0, 0.99, 0.9, 0.01, key=Key.BATCH_SMOOTHING, bind=LINK, width=220
        )
    st.caption(BATCH_LEAD)
    smoothed = replace(view, weight=weight, stars=False)
    for i, (title, part) in enumerate(_by_kind(table, {run: kind.loss for run, kind in kinds.items()})):
        if title:
            st.markdown(f"##### {literal(title)}")
        name = f"batches_{i}" if i else "batches"
        show_figure(drawn(_history, part, smoothed, LOW, _runs(table)), f"figure_{name}", f"training-{name}")
