"""Predictions for a list of surveys: a file dropped in, a model, progress, two tables to save."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.formats.problem import Problem
from sdm.inference.batch import Predicted, predict_asked
from sdm.inference.survey_requests import FORMS, PredictionRequest
from sdm.jobs import Job
from sdm.runs import Run
from sdm.ui.cache import uploads
from sdm.ui.components import markup
from sdm.ui.components.figure import download
from sdm.ui.components.page_state import problem
from sdm.ui.state import Key

TICK_SECONDS = 0.5
SHOWN, TABLE_ROWS = 5, 200


@dataclass
class Work:
    """A prediction under way: what it predicts, and the job."""

    name: str
    job: Job[Predicted]


def show(key: str, data: Dataset, able: dict[str, Run], decoder: str) -> None:
    """The list, the model, the way to start; then what came of it. `decoder` "": each run's own."""
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        dropped = st.file_uploader("A list of surveys or places", type=["csv", "txt", "tsv"], key=Key.SURVEY_FILE)
    with right:
        st.caption("A CSV file with one of these headers: " + ", or ".join(f"`{form}`" for form in FORMS) + ".")
        st.code("\n".join(["surveyId", *map(str, data.sites["survey_id"].head(2))]), language="csv")
    if dropped is None:
        return
    content = dropped.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    asked, wrong = uploads.survey_list(key, content)
    _said(asked, wrong)
    if asked is None or not len(asked):
        return
    titles = {name: run.card.title for name, run in able.items()}
    run = able[st.selectbox("Model", list(able), key=Key.BATCH_MODEL, format_func=titles.__getitem__)]
    name = f"{key} {digest} {run.name} {decoder}"
    work: Work | None = st.session_state.get(Key.BATCH)
    if work is None or work.name != name:
        st.button(
            f"Predict {markup.counted(len(asked), 'survey')}", on_click=_begin,
            args=(name, run, data, asked, decoder), type="primary", key="batch_begin",
        )  # fmt: skip
        return
    _come_of_it(work, (name, run, data, asked, decoder))


def _said(asked: PredictionRequest | None, wrong: list[Problem]) -> None:
    """How many surveys were understood, and the first of what was not."""
    if asked is not None:
        st.caption(f"{markup.counted(len(asked), 'survey')} understood.")
    if wrong:
        more = f" · and {markup.counted(len(wrong) - SHOWN, 'more line')}" if len(wrong) > SHOWN else ""
        lines = "".join(f"<div>{markup.text(problem)}</div>" for problem in wrong[:SHOWN])
        st.html(f'<div class="empty"><b>Left out</b>{lines}<span>{more}</span></div>')


def _begin(name: str, run: Run, data: Dataset, asked: PredictionRequest, decoder: str) -> None:
    job = Job(partial(predict_asked, run, data, asked, decoder), f"batch {run.name}")
    job.wait(TICK_SECONDS)
    st.session_state[Key.BATCH] = Work(name, job)


def _come_of_it(work: Work, again: tuple[str, Run, Dataset, PredictionRequest, str]) -> None:
    job = work.job
    if job.state == "running":
        _progress(job)
    elif job.state == "done":
        _tables(job.result, again[1])
    else:
        if job.error is not None:
            problem("The list could not be predicted", job.error)
        else:
            st.caption("Stopped. Nothing was kept.")
        st.button("Predict again", on_click=_begin, args=again, key="batch_again")


@st.fragment(run_every=TICK_SECONDS)
def _progress(job: Job[Predicted]) -> None:
    if job.state != "running":
        st.rerun()
    share = job.progress.share
    st.progress(share, text=f"{share:.0%}")
    st.button("Stop", on_click=job.cancel, icon=":material/stop:", key="batch_stop")


def _tables(found: Predicted, run: Run) -> None:
    with st.container(horizontal=True):
        download("Submission", found.submission.copy, f"submission-{run.name}", "save_batch_submission")
        download("Every prediction", found.table.copy, f"predictions-{run.name}", "save_batch_table")
    st.dataframe(
        found.table.head(TABLE_ROWS), hide_index=True, height=300, key="batch_table",
        alt=f"Predictions of {run.name}, one per row.",
    )  # fmt: skip
    if len(found.table) > TABLE_ROWS:
        st.caption(f"The first {TABLE_ROWS} of {len(found.table):,} rows; the file has all.")
