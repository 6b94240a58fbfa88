"""The choice among the known data sets, in the sidebar, and the making of simulated ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sdm.data.catalogue import known_datasets, uploaded
from sdm.data.simulations import SIMULATIONS, Simulation
from sdm.data.uploads import note_visit
from sdm.data.visibility import is_own, is_public
from sdm.figures.markdown import literal
from sdm.ui import visitor
from sdm.ui.components import job, linked, simulated_sites
from sdm.ui.state import Key


def choose_dataset() -> str | None:
    """The data switcher, in the sidebar; the key of the data set chosen, None when there is none.

    Where a link leads to another page the data set it names goes before that chosen on the page it stood on.

    The one look at the folders in a run of a page: what comes after it stands on `Key.DATA`.
    """
    visit = visitor.current()
    note_visit(visit)
    known = {key: _title(key, path, visit) for key, path in known_datasets(visit).items()}
    if not known:
        st.session_state.pop(Key.DATA, None)  # of one that is gone
        return None
    _follow_link(known)
    offers: linked.Actions = {
        f"make {each.name}": (f"+ {each.heading}", partial(_make, each)) for each in simulated_sites.offered(known)
    }
    with st.sidebar:
        chosen = linked.selectbox(
            "Data set", known, Key.DATA, on_change=_elsewhere, actions=offers,
            help="Folders under data/, or SDM_DATA. +: simulated sites, made when they are chosen.",
        )  # fmt: skip
        _making(chosen)
    return chosen


def _title(key: str, path: Path, visit: str) -> str:
    """The key, and whether others see that data set."""
    return f"{key} · only you" if uploaded(path) and is_own(path, visit) and not is_public(path) else key


def _follow_link(known: Mapping[str, str]) -> None:
    """Open the data set that the address names where the page is another than that of the last run.

    Streamlit takes it out of its own parameters: it has a value of that name from the page before.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    before, page = st.session_state.get(Key.PAGE), context.page_script_hash
    st.session_state[Key.PAGE] = page
    named = parse_qs(context.query_string).get(Key.DATA, [""])[-1]
    if before not in (None, page) and named in known and named != st.session_state.get(Key.DATA):
        st.session_state[Key.DATA] = named
        _elsewhere()


def _elsewhere() -> None:
    """Another data set has other surveys: a place, and what shows it, is no longer asked for."""
    for key in (Key.SURVEY, Key.AT):
        st.session_state[key] = ""
    st.session_state.pop(Key.MAP_MOVE, None)


def _make(simulation: Simulation) -> None:
    st.session_state[Key.MAKING] = simulation.name
    simulated_sites.start(simulation)


def _making(chosen: str) -> None:
    """How far the simulated sites are that were chosen here last, and the way to them."""
    simulation = next((each for each in SIMULATIONS if each.name == st.session_state.get(Key.MAKING)), None)
    work = None if simulation is None else simulated_sites.latest(simulation)
    if simulation is None or work is None or work.state == "cancelled":
        return
    made = simulated_sites.made(simulation)
    if work.state != "done":
        st.caption(f"**{simulation.heading}** ({simulated_sites.cost(simulation)})")
        job.unfinished(work, "switcher", "They could not be made", "Close", _close)
    elif made and chosen not in made:
        st.caption(f"**{simulation.heading}**: in the list now.")
        icon = ":material/folder_open:"
        st.button(f"Open {literal(made[0])}", on_click=_open, args=(made[0],), key="open_simulated", icon=icon)


def _open(key: str) -> None:
    st.session_state[Key.DATA] = key
    _close()
    _elsewhere()


def _close() -> None:
    st.session_state.pop(Key.MAKING, None)
