"""Data sets made here: the simulated coasts at a click, and the deletion of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import streamlit as st

from sdm.data import catalogue
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.jobs import Job, Report
from sdm.ui.cache import datasets
from sdm.ui.components import job
from sdm.ui.components.page_frame import empty
from sdm.ui.state import Key
from sdm.virtual_coast.make import DATASETS, make_coast


def coast() -> None:
    """The simulated coasts: made once, in the background."""
    st.markdown("#### Nothing at hand? Two simulated coasts")
    st.caption(
        "Satellite, radar, orthophoto and drone pictures, ground photographs and polygons of disagreeing mappers, "
        "all made by a program: one or two minutes and some 125 MB. They say nothing of nature."
    )
    if any((catalogue.HOME / dataset.name).exists() for dataset in DATASETS):
        names = ", ".join(dataset.name for dataset in DATASETS)
        st.success(f"They are in the list of data sets: {names}.", icon=":material/check_circle:")
        return
    latest: Job[tuple[Path, ...]] | None = st.session_state.get(Key.COAST)
    if latest is not None and latest.state != "done":
        job.unfinished(latest, "coast", "The coasts could not be made", "Make them again", _start)
        return
    st.button("Make the simulated coasts", on_click=_start, icon=":material/waves:", key="coast_begin")


def _start() -> None:
    home = catalogue.HOME

    def work(report: Report) -> tuple[Path, ...]:
        return make_coast(home, report)

    started = st.session_state[Key.COAST] = Job(work, "coast")
    started.wait(job.TICK_SECONDS)


def own() -> None:
    """Data sets made in the app, each with a way to delete it."""
    st.markdown("#### Made here")
    message = st.session_state.pop(Key.DELETED, None)
    if message:
        st.info(literal(message))
    mine = {key: path for key, path in catalogue.known_datasets().items() if catalogue.uploaded(path)}
    if not mine:
        empty("None yet", "What you make of your files stands here and in the list of data sets.")
    for key in mine:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/about.py", label=literal(key), query_params={"data": key}, icon=":material/info:")
            st.button("Delete", on_click=_delete, args=(key,), key=f"delete_{key}", icon=":material/delete:")


def _delete(key: str) -> None:
    """Remove the data set `key`, which the catalogue must know as one made here."""
    path = catalogue.known_datasets().get(key)
    if path is None or not catalogue.uploaded(path):
        st.session_state[Key.DELETED] = f"{key} was not deleted: it was not made here."
        return
    try:
        shutil.rmtree(path)
    except (OSError, SdmError) as error:
        st.session_state[Key.DELETED] = f"{key} was not deleted: {error}"
        return
    datasets.dataset.clear()  # another one may get its name
    if st.session_state.get(Key.DATA) == key:
        st.session_state.pop(Key.DATA)
    st.session_state[Key.DELETED] = f"{key} was deleted."
