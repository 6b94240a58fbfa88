"""Data sets made here: simulated sites at a click, and the deletion of one's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
from sdm.virtual_coast.make import DATASETS as COAST_DATASETS
from sdm.virtual_coast.make import make_coast
from sdm.virtual_mountain.make import DATASET as TREES
from sdm.virtual_mountain.make import make_mountain


@dataclass(frozen=True)
class _Simulation:
    """Simulated sites that a click makes: state key of the job, name, what they hold, their data sets."""

    key: Key
    name: str
    heading: str
    says: str
    datasets: tuple[str, ...]
    icon: str
    make: Callable[[Path, Report], object]


SIMULATIONS = (
    _Simulation(
        Key.COAST, "coasts", "Two simulated coasts",
        "Ecosystem types: satellite, radar, orthophoto and drone pictures, ground photographs and polygons of "
        "disagreeing mappers. One or two minutes and some 125 MB.",
        tuple(dataset.name for dataset in COAST_DATASETS), "waves", make_coast,
    ),
    _Simulation(
        Key.MOUNTAIN, "mountain", "A simulated mountain",
        "Tree species: monthly Sentinel-2 series of 16,464 labelled pixels, and of every pixel of an unseen site. "
        "About ten seconds and some 50 MB.",
        (TREES,), "landscape", make_mountain,
    ),
)  # fmt: skip


def simulated() -> None:
    """The simulated sites: made once, in the background."""
    st.markdown("#### Nothing at hand?")
    st.caption("Simulated sites, made by a program: they say nothing of nature.")
    for simulation in SIMULATIONS:
        st.caption(f"**{simulation.heading}.** {simulation.says}")
        _offer(simulation)


def _offer(simulation: _Simulation) -> None:
    """The button, what has become of the work, or where the data sets are."""
    if any((catalogue.HOME / name).exists() for name in simulation.datasets):
        names = ", ".join(simulation.datasets)
        st.success(f"In the list of data sets: {names}.", icon=":material/check_circle:")
        return
    latest: Job[object] | None = st.session_state.get(simulation.key)
    start, name = partial(_start, simulation), simulation.name
    if latest is not None and latest.state != "done":
        job.unfinished(latest, name, f"The {name} could not be made", f"Make the {name} again", start)
        return
    icon = f":material/{simulation.icon}:"
    st.button(f"Make the simulated {name}", on_click=start, icon=icon, key=f"{name}_begin")


def _start(simulation: _Simulation) -> None:
    work = partial(simulation.make, catalogue.HOME)
    started = st.session_state[simulation.key] = Job[object](work, simulation.name)
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
