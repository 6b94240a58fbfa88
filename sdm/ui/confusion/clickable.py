"""Figures and tables of a confusion whose clicks choose surveys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, ParamSpec

import pandas as pd
import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.data.site_words import words_of
from sdm.data.views import SINGLE_LABEL
from sdm.evaluation.confusion.levels import CLASS
from sdm.figures import Figure
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.cache.figures import drawn_in_words
from sdm.ui.cache.keys import run_stamp
from sdm.ui.components.data_table import data_table
from sdm.ui.components.figure import clickable_plot, download
from sdm.ui.state import Key

TABLE_HEIGHT, ROW_HEIGHT = 330, 35  # pixels
P = ParamSpec("P")
ON_A_PHONE = {
    "species": ("name", "hits", "misses", "false_alarms"), "pairs": ("missed_name", "predicted_name", "lift"),
    "tested_pairs": ("missed_name", "predicted_name", "ratio"),
    "report": ("name", "precision", "recall", "f1"),
}  # fmt: skip


def figure(
    query: ConfusionQuery, name: str, pick: Callable[..., None], draw: Callable[P, Figure],
    *values: P.args, **named: P.kwargs,
) -> None:  # fmt: skip
    """What `draw` makes of the values, with its caption; a click calls `pick` with the numbers of the point."""
    shown = drawn_in_words(words_of(query.data), draw, *values, **named)
    key = _fresh(name, query, shown.alt)
    with st.container(key=f"figure_{name}"):
        clickable_plot(shown, key, partial(_pointed, key, pick))
    st.caption(shown.caption)


def table(
    shown: pd.DataFrame,
    columns: Mapping[str, Any],
    name: str,
    query: ConfusionQuery,
    mode: Literal["single-row", "single-cell"],
    pick: Callable[[int, str], None],
) -> None:
    """The `columns` of the table; a click calls `pick` with the row, by position, and the column.

    Rows in another order are another table: what the reader sorted by a head before gives way to the order chosen
    last.
    """
    key = _fresh(f"table_{name}", query, "\n".join(shown[next(iter(columns))].astype(str)))
    height = min(TABLE_HEIGHT, ROW_HEIGHT * (len(shown) + 1) + 2)
    data_table(
        shown, columns, height=height, key=key, column_order=list(columns), phone=ON_A_PHONE[name],
        selection_mode=mode, on_select=partial(_celled, key, pick),
    )  # fmt: skip
    download("This table", lambda: shown[[*columns]], f"confusion-{name}", f"save_{name}")


def italic(query: ConfusionQuery) -> bool:
    """Names of species and genera are written in italics."""
    species = query.run.card.kind is TargetKind.MULTILABEL or query.run.card.view == SINGLE_LABEL
    return species and query.level in (CLASS, "genus")


def _fresh(name: str, query: ConfusionQuery, content: str) -> str:
    """A key that changes with the content, and when the choice was made elsewhere: no stale click is shown."""
    shown = (query.data.fingerprint, run_stamp(query.run), *query[2:], content)
    return f"{name}_{hash(shown):x}_{st.session_state.get(Key.SELECTION_VERSION, 0)}"


def _pointed(key: str, pick: Callable[..., None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    carried = points[0].get("customdata") if points else None
    if carried:
        pick(*(int(value) for value in carried))


def _celled(key: str, pick: Callable[[int, str], None]) -> None:
    selection = st.session_state[key]["selection"]
    if selection.get("cells"):
        pick(*selection["cells"][0])
    elif selection.get("rows"):
        pick(selection["rows"][0], "")
