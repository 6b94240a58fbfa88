"""Our models: the board, one of them, and those that are not on it."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.evaluation.leaderboard import RunScores, Standings
from sdm.ui.components.markup import text
from sdm.ui.components.no_model import no_model, set_aside
from sdm.ui.components.page_state import empty
from sdm.ui.scores import ranking, run_detail

EVERY = "1s"  # between looks at what is still being measured


def show(key: str, data: Dataset) -> None:
    """Drawn again by itself when what is measured beside the page is there."""
    found = ranking.standings(key)
    if not found.scores:
        no_model(data, {})
        _remarks(found)
        return
    picked = ranking.chosen(found.scores)
    waits = ranking.waiting(key, picked)
    st.fragment(_board, run_every=EVERY if waits else None)(key, data, picked, waits)
    run_detail.show(key, data, picked)
    set_aside()
    _remarks(found)


def _board(key: str, data: Dataset, standings: list[RunScores], waited: bool) -> None:
    if waited and not ranking.waiting(key, standings):
        st.rerun()
    ranking.show(key, data, standings)


def _remarks(found: Standings) -> None:
    """Which finished runs are not on the board, and why."""
    for problem in found.broken:
        empty("A run that cannot be read", str(problem))
    if found.elsewhere:
        with st.expander(f"Runs on other data: {len(found.elsewhere)}"):
            st.html("".join(f"<p class='lead'>{text(reason)}</p>" for reason in found.elsewhere))
