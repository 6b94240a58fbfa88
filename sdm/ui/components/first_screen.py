"""What a reader sees first is drawn first; what lies below follows once that stands.

A browser draws the charts and tables of a run of the page one after another and shows nothing before the last of
them: a page of eight charts stands in half the time when the two on top come alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sdm.ui.components.fragment import fragment
from sdm.ui.components.turns import PAGES as TURNS
from sdm.ui.state import Key

_drawn = st.components.v2.component(
    "first_screen", js=Path(__file__).with_name("first_screen.js").read_text(encoding="utf-8")
)


@fragment
def below(draw: Callable[[], None]) -> None:
    """`draw` what lies below the first screen, in a fragment of its own: what is chosen there changes nothing
    above.

    To be called once per page, after what is above: of two that report at once Streamlit runs one, and all of
    the page afterwards.
    """
    if stands():
        with TURNS.turn():
            draw()
    else:
        run_again_when_drawn()


def begin_page() -> None:
    """To be called at each run of the app: a page that was left is drawn in two parts again on return."""
    if st.session_state.get(Key.STANDS) != _page():
        st.session_state.pop(Key.STANDS, None)


def stands() -> bool:
    """Whether the reader sees the first screen of this page already. Who asks for pages without a browser gets all
    of a page in one run."""
    return st.session_state.get(Key.STANDS) == _page() or not _in_browser()


def run_again_when_drawn() -> None:
    """Have this fragment run again, `stands` then being true, as soon as all that it has shown so far is drawn."""
    page = _page()
    with st.container(key="below"):
        _drawn(key="first_screen", on_stands_change=lambda: st.session_state.update({Key.STANDS: page}))


def _page() -> str:
    context = get_script_run_ctx()
    return "" if context is None else context.page_script_hash


def _in_browser() -> bool:
    return "Mozilla" in (st.context.headers.get("User-Agent") or "")
