"""Data sets made here: simulated sites at a click, and one's own, which can be kept for everybody or deleted."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from sdm.data import uploads
from sdm.data.catalogue import RUNS
from sdm.data.simulations import COAST, MOUNTAIN, SIMULATIONS, Simulation
from sdm.data.visibility import is_public
from sdm.figures.markdown import literal
from sdm.training import jobs
from sdm.ui import visitor
from sdm.ui.cache import datasets
from sdm.ui.components import job, simulated_sites
from sdm.ui.components.page_frame import empty
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.state import Key

PRIVATE = (
    "What is not kept is seen by this browser alone, on every page and in links, and goes a day after your last "
    "visit."
)
ICONS = {COAST.name: "waves", MOUNTAIN.name: "landscape"}


def simulated() -> None:
    """The simulated sites: made once, in the background."""
    st.markdown("#### Nothing at hand?")
    st.caption("Simulated sites, made by a program: they say nothing of nature.")
    for simulation in SIMULATIONS:
        cost = simulated_sites.cost(simulation)
        st.caption(f"**{simulation.heading}.** {simulation.says} {cost[:1].upper()}{cost[1:]}.")
        _offer(simulation)


def _offer(simulation: Simulation) -> None:
    """The button, what has become of the work, or where the data sets are."""
    if made := simulated_sites.made(simulation):
        st.success(f"In the list of data sets: {', '.join(made)}.", icon=":material/check_circle:")
        return
    latest, start = simulated_sites.latest(simulation), partial(simulated_sites.start, simulation)
    name, icon = simulation.name, f":material/{ICONS[simulation.name]}:"
    if latest is not None and latest.state != "done":
        job.unfinished(latest, name, f"The {name} could not be made", f"Make the {name} again", start)
        return
    st.button(f"Make the simulated {name}", on_click=start, icon=icon, key=f"{name}_begin")


def own() -> None:
    """The visitor's data sets, each with a way to keep and to delete it."""
    st.markdown("#### Made by you")
    message = st.session_state.pop(Key.DELETED, None)
    if message:
        st.info(literal(message))
    mine = uploads.owned(visitor.current())
    if not mine:
        empty("None yet", "What you make of your files stands here and in the list of data sets.")
    elif not all(map(is_public, mine.values())):
        st.caption(PRIVATE)
    for key, path in mine.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/about.py", label=literal(key), query_params={"data": key}, icon=":material/info:")
            keep_button(key, path)
            with st.popover("Delete", icon=":material/delete:", key=f"delete_ask_{key}"):
                st.markdown(f"Delete {literal(key)} and its models?")
                st.button("Delete it", on_click=_delete, args=(key,), key=f"delete_{key}", type="primary")


def keep_button(key: str, path: Path, place: str = "") -> None:
    """The way to keep one's data set for everybody; that it is kept, where it is."""
    if is_public(path):
        st.badge("everybody sees it", icon=":material/public:", color="green")
        return
    st.button(
        "Keep it", on_click=_keep, args=(key,), key=f"keep_{place}{key}", icon=":material/public:",
        help="Everybody who uses this app sees it then, with what is trained on it, until you delete it.",
    )  # fmt: skip


def _own(key: str) -> Path | None:
    """The visitor's own data set `key`; None, and a word on the page, where they have none."""
    path = uploads.owned(visitor.current()).get(key)
    if path is None:
        st.session_state[Key.DELETED] = f"{key} is not a data set that you made."
    return path


def _keep(key: str) -> None:
    path = _own(key)
    if path is not None:
        uploads.keep(path)


def _delete(key: str) -> None:
    """Remove the data set `key`, unless something is being trained on it."""
    path = _own(key)
    if path is None:
        return
    if jobs.in_use(path / RUNS):
        st.session_state[Key.DELETED] = f"{key} was not deleted: a model is being trained on it. Stop that first."
        return
    datasets.opened.clear()  # no system but Unix deletes open files
    try:
        uploads.delete(path)
    except OSError as error:
        st.session_state[Key.DELETED] = f"{key} was not deleted: {relative_paths(str(error))}"
        return
    if st.session_state.get(Key.DATA) == key:
        st.session_state.pop(Key.DATA)
    st.session_state[Key.DELETED] = f"{key} was deleted."
