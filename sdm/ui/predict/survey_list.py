"""Predictions for a list of surveys: a file dropped in, a model, progress, two tables to save."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import item_name, words_of
from sdm.errors import DataError, SdmError
from sdm.evaluation.run_inputs import prediction_coverage
from sdm.figures.markdown import literal
from sdm.files import temporary_file
from sdm.formats.problem import Problem, Problems
from sdm.inference.survey_predictions import Predicted, predict_surveys
from sdm.inference.survey_requests import FORMS, OccurrenceListError, PredictionRequest, read_requests
from sdm.jobs import Job, Report
from sdm.number_format import counted
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.components import job, markup, runs
from sdm.ui.components.data_table import data_table
from sdm.ui.components.figure import download
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key

SHOWN, TABLE_ROWS = 5, 200
MINUTES_10 = 600  # how long what was read of a file is held for its visitor


@memo(8, "Reading the list …", seconds=MINUTES_10)
def _request(data: Dataset, content: bytes) -> tuple[PredictionRequest | OccurrenceListError | None, Problems]:
    """The surveys of a list, and what is wrong with it; of a list of another kind the error that says so."""
    with temporary_file(content) as path:
        try:
            return read_requests(path, data)
        except OccurrenceListError as error:
            return error, Problems()
        except DataError as error:
            return None, Problems.of([Problem.of(error)])


def show(data: Dataset, able: dict[str, Run], decoder: str) -> None:
    """The list, the model, the way to start; then what came of it. `decoder` "": each run's own."""
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        dropped = st.file_uploader(
            words_of(data)("A list of surveys or places"), type=["csv", "txt", "tsv"], key=Key.SURVEY_FILE
        )
    with right:
        st.caption("A CSV file with one of these headers: " + ", or ".join(f"`{form}`" for form in FORMS) + ".")
        st.code("\n".join(["surveyId", *map(str, data.sites["survey_id"].head(2))]), language="csv")
    if dropped is None:
        return
    content = dropped.getvalue()
    requests, problems = _request(data, content)
    if isinstance(requests, OccurrenceListError):
        problem("This list belongs elsewhere", requests)
        return
    _summary(requests, problems)
    if requests is None or not len(requests):
        return
    other = {name: run.card.data.fingerprint != data.fingerprint for name, run in able.items()}
    titles = {name: runs.mark(run.card.title, other[name]) for name, run in able.items()}
    run = able[st.selectbox("Model", list(able), key=Key.BATCH_MODEL, format_func=titles.__getitem__)]
    if not _covered(run, data, requests):
        return
    name = f"{data.fingerprint} {hashlib.sha256(content).hexdigest()} {run.name} {decoder}"
    start = partial(_start, name, partial(predict_surveys, run, data, requests, decoder))
    latest: Job[Predicted] | None = st.session_state.get(Key.BATCH)
    if latest is None or latest.name != name:
        count = counted(len(requests), item_name(data))
        st.button(f"Predict {count}", on_click=start, type="primary", key="batch_begin")
    elif latest.state == "done":
        _tables(latest.result, run)
    else:
        job.unfinished(latest, "batch", "The list could not be predicted", "Predict again", start)


def _summary(requests: PredictionRequest | None, problems: Problems) -> None:
    """How many surveys were understood, and the first of what was not."""
    if requests is not None:
        st.caption(f"{counted(len(requests), 'survey')} understood.")
    if problems:
        more = f" · and {counted(problems.total - SHOWN, 'more line')}" if problems.total > SHOWN else ""
        lines = "".join(f"<div>{markup.text(problem)}</div>" for problem in problems[:SHOWN])
        st.html(f'<div class="empty"><b>Left out</b>{lines}<span>{more}</span></div>')


def _covered(run: Run, data: Dataset, requests: PredictionRequest) -> bool:
    """Whether any survey of the list has what the model sees; says which have not."""
    try:
        coverage = prediction_coverage(run, data, requests.row, "the list")
    except SdmError as error:
        problem("The model sees nothing of these surveys", error)
        return False
    sentences = [*coverage.warnings(), coverage.without_sentence()]
    lines = "\n".join(f"- {literal(sentence)}" for sentence in sentences if sentence)
    if lines:
        st.warning(f"The model predicts from gaps:\n{lines}", icon=":material/warning:")
    return True


def _start(name: str, work: Callable[[Report], Predicted]) -> None:
    started = st.session_state[Key.BATCH] = Job(work, name)
    started.wait(job.TICK_SECONDS)


def _tables(predicted: Predicted, run: Run) -> None:
    with st.container(horizontal=True):
        download("Submission", predicted.submission.copy, f"submission-{run.name}", "save_batch_submission")
        download("Every prediction", predicted.table.copy, f"predictions-{run.name}", "save_batch_table")
    data_table(
        predicted.table.head(TABLE_ROWS), height=300, key="batch_table",
        alt=f"Predictions of {run.name}, one per row.",
    )  # fmt: skip
    if len(predicted.table) > TABLE_ROWS:
        st.caption(f"The first {TABLE_ROWS} of {counted(len(predicted.table), 'row')}; the file has all.")
