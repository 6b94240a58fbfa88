"""Work in the background, on the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from sdm.jobs import Job, Progress
from sdm.number_format import duration, percent
from sdm.ui.components.fragment import fragment
from sdm.ui.components.page_frame import empty, problem

TICK_SECONDS: Final = 0.6


def unfinished(job: Job[Any], key: str, failure: str, label: str, again: Callable[[], None]) -> None:
    """The progress of a job with a way to stop it; of one that has failed or was stopped, why, and a button
    with `label` that calls `again`."""
    if job.state == "running":
        _progress(job, key)
        return
    if job.error is not None:
        problem(failure, job.error)
    else:
        empty("Stopped", "Nothing was kept.")
    st.button(label, on_click=again, key=f"{key}_again")


@partial(fragment, run_every=TICK_SECONDS)
def _progress(job: Job[Any], key: str) -> None:
    if job.state != "running":
        st.rerun()
    progress = job.progress
    st.progress(progress.share, text=_how_far(progress))
    st.button("Stop", on_click=job.cancel, icon=":material/stop:", key=f"{key}_stop")


def _how_far(progress: Progress) -> str:
    if not progress.total:
        return "Beginning …"
    left = progress.seconds_left
    return percent(progress.share) if left is None else f"{percent(progress.share)} · about {duration(left)} left"
