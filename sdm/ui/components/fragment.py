"""Parts of a page that run alone, at which nothing chosen elsewhere at the same moment is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

P = ParamSpec("P")


def fragment(draw: Callable[P, None], run_every: float | str | None = None) -> Callable[P, None]:
    """`st.fragment`, which runs all of the page afterwards where something outside of it was chosen, too.

    Streamlit's browser part sends all that happens in one turn of its event loop as one message, and asks for a
    run of the one fragment alone (`scheduleFlush` of its WidgetStateManager). Else a survey id that was entered
    just when the first screen said that it stands would be in its box and in the address, and not on the page.
    """

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        draw(*args, **kwargs)
        context = get_script_run_ctx()
        if context is not None and context.fragment_ids_this_run and chosen_elsewhere(context):
            st.rerun()

    return st.fragment(drawn, run_every=run_every)


def chosen_elsewhere(context: ScriptRunContext) -> bool:
    """Whether the message that asked for this run of fragments also has a choice made outside of them."""
    running, fragments = context.fragment_ids_this_run or [], context.fragment_storage
    state = context.session_state._state
    sent = state._new_widget_state
    for widget in sent:
        known = sent.widget_metadata.get(widget)
        if known is None or not state._widget_changed(widget):
            continue
        home = known.fragment_id
        if home is None or (home not in running and not fragments.has_ancestor_in(home, running)):
            return True
    return False
