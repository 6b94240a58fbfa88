"""An import in the background: one at a time, its progress, and the report of what it made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from sdm.data.uploads import new_place, owned, require_room, visit_folder
from sdm.data.visibility import is_public
from sdm.jobs import Job, Report
from sdm.occurrences.report import OccurrenceImport
from sdm.rasters.report import ImportReport
from sdm.rasters.scenes import read_scenes
from sdm.rasters.uploads import plain_name
from sdm.series.import_report import SeriesImport
from sdm.ui import visitor
from sdm.ui.cache import datasets
from sdm.ui.components import import_report, job
from sdm.ui.state import Key
from sdm.ui.your_data import made_datasets, training

Made = ImportReport | SeriesImport | OccurrenceImport


def running() -> bool:
    """Whether one is at work."""
    latest: Job[Made] | None = st.session_state.get(Key.IMPORT)
    return latest is not None and latest.state == "running"


def begin(title: str, work: Callable[[Path, Report], Made]) -> None:
    """Start `work`, which writes a data set called `title` into the folder it is given."""
    visit = visitor.current()
    out = new_place(visit, plain_name(title, "my-data"))

    def within_limits(report: Report) -> Made:
        require_room(visit)
        return work(out, report)

    started = st.session_state[Key.IMPORT] = Job(within_limits, out.name)
    started.wait(job.TICK_SECONDS)


def show() -> None:
    """The import begun last: how far it is, why it failed, or its report and the ways to what it made."""
    latest: Job[Made] | None = st.session_state.get(Key.IMPORT)
    if latest is None:
        return
    if latest.state != "done":
        job.unfinished(latest, "import", "The data set could not be made", "Close", _close)
        return
    visit = visitor.current()
    out = visit_folder(visit) / latest.name
    key = next((key for key, path in owned(visit).items() if path == out), None)
    if key is None:  # it was deleted since
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        seen_by = "everybody sees it" if is_public(out) else "only you see it"
        st.success(f"“{key}” is in the list of data sets; {seen_by}.", icon=":material/check_circle:")
        if not is_public(out):
            made_datasets.keep_button(key, out, "new_")
    of_records = isinstance(latest.result, OccurrenceImport)
    if of_records:
        training.show(datasets.opened(out), key)
    _ways(out, key)
    with st.expander(
        "What the import read and left out", expanded=not isinstance(latest.result, OccurrenceImport)
    ):
        import_report.show(latest.result)


def _ways(out: Path, key: str) -> None:
    """To the pages that show the data set; to opening it, where another one is open."""
    if st.session_state.get(Key.DATA) != key:
        st.button("Open it", on_click=_open, args=(key,), key="open_made", icon=":material/folder_open:")
        return
    with st.container(horizontal=True):
        link = {"data": key}
        st.page_link("pages/about.py", label="About this data", icon=":material/info:", query_params=link)
        st.page_link("pages/explore.py", label="On the map", icon=":material/map:", query_params=link)
        if read_scenes(out):
            st.page_link(
                "pages/predict.py", label="Class map", icon=":material/format_paint:",
                query_params={**link, Key.PREDICT_SECTION: "map"},
            )  # fmt: skip


def _open(key: str) -> None:
    st.session_state[Key.DATA] = key


def _close() -> None:
    st.session_state.pop(Key.IMPORT, None)
