"""Data sets made here: simulated sites at a click, and the deletion of one's own."""

from __future__ import annotations

import shutil
from functools import partial

import streamlit as st

from sdm.data import catalogue
from sdm.data.simulations import COAST, MOUNTAIN, SIMULATIONS, Simulation
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.ui.cache import datasets
from sdm.ui.components import job, simulated_sites
from sdm.ui.components.page_frame import empty
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.state import Key

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
        st.session_state[Key.DELETED] = f"{key} was not deleted: {relative_paths(str(error))}"
        return
    datasets.dataset.clear()  # another one may get its name
    if st.session_state.get(Key.DATA) == key:
        st.session_state.pop(Key.DATA)
    st.session_state[Key.DELETED] = f"{key} was deleted."
