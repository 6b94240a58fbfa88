"""A figure with its table and the way to save it."""

from __future__ import annotations

import streamlit as st

from sdm.figures import Figure
from sdm.ui.components.figure import download, show_figure

MOST_ROWS = 1000  # shown; the file has all
HEIGHT, WIDTH = 260, 560


def show_with_table(figure: Figure, key: str, name: str) -> None:
    """The figure, its caption, and the table behind it when asked for; `name` is that of the saved file."""
    with st.container(gap="xxsmall"):
        show_figure(figure, key)
        table_of(figure, key, name)


def table_of(figure: Figure, key: str, name: str) -> None:
    """The table behind a figure, sent to the browser only when it is opened."""
    table = figure.table
    with st.popover(
        "Table", icon=":material/table_rows:", type="tertiary", key=f"{key}_open", on_change="rerun"
    ) as opened:
        if not opened.open:
            return
        st.dataframe(
            table.head(MOST_ROWS), hide_index=True, height=HEIGHT, width=WIDTH, key=f"{key}_table",
            alt=f"Table: {figure.alt}",
        )  # fmt: skip
        if len(table) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS:,} of {len(table):,} rows.")
        download("Save as CSV", lambda: table, name, f"{key}_save")
