"""What a reader has chosen on a page is still there on coming back: by the menu, by the back button, by a link.

Choices are widgets with a key of `Key`. Those that make a view have `bind=LINK`: Streamlit keeps their values
while other pages are shown and writes them into the address of their own page; an address that has them wins.
The rest have `persist_state=KEEP`. The browser's history needs the help of this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_entries = st.components.v2.component(
    "one_entry_per_visit", js=Path(__file__).with_name("history.js").read_text(encoding="utf-8")
)


@contextmanager
def keep_history() -> Iterator[None]:
    """Round a page: one entry of the browser's history per visit, and per choice made there, with the page's
    choices in its address; what the address chose is carried to the next page.
    """
    with st.container(key="history"):
        _entries(key="history_entries")
    _whole_address()
    try:
        yield
    finally:
        _settle()


def _settle() -> None:
    """Count what the address chose as chosen: Streamlit does so when the page is run again, and forgets it where
    another page is opened instead.
    """
    context = get_script_run_ctx()
    if context is not None:
        context.session_state.on_script_will_rerun(None)


def _whole_address() -> None:
    """After the back button, put into the address what Streamlit left out: it takes a choice that both pages have
    by the same name for a left-over of the page before.
    """
    context = get_script_run_ctx()
    if context is None or not context.is_history_navigation:
        return
    with context.session_state.query_params() as address:
        address.set_initial_query_params(context.query_string)
        for key, values in parse_qs(context.query_string, keep_blank_values=True).items():
            if not address.has_param(key):
                address.set_corrected_value(key, values, "string_array_value")
