"""A figure on the page: the plot with alt text, its caption, the table behind it and the way to save that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd
import streamlit as st

from sdm.figures import Figure
from sdm.formats.spreadsheet import to_csv
from sdm.number_format import counted, whole
from sdm.ui.cache.figures import Dressed
from sdm.ui.components.data_table import data_table
from sdm.ui.components.theme import theme

CONFIG = {"displayModeBar": False, "scrollZoom": False}
MOST_ROWS = 1000  # shown; the file has all
TABLE_HEIGHT, TABLE_WIDTH = 260, 560


def show_figure(figure: Figure, key: str, name: str = "") -> None:
    """The plot with its caption, and its table where the file to save has a `name`."""
    with st.container(gap="xxsmall"):
        plot(figure, key)
        st.caption(figure.caption)
        if name:
            show_table(figure, key, name)


def plot(figure: Figure, key: str) -> None:
    """The plot alone."""
    st.plotly_chart(Dressed(figure.plot, theme()), key=key, config=CONFIG, alt=figure.alt, theme=None)


def clickable_plot(figure: Figure, key: str, clicked: Callable[[], None] | Literal["rerun"]) -> Any:
    """The plot alone, whose points can be clicked; Streamlit's account of those selected."""
    sent = Dressed(figure.plot, theme(), clickable=True)
    return st.plotly_chart(
        sent, key=key, config=CONFIG, alt=figure.alt, theme=None, on_select=clicked, selection_mode="points"
    )


def show_table(figure: Figure, key: str, name: str) -> None:
    """The table behind a figure, sent to the browser only when it is opened."""
    table = figure.table
    with st.popover(
        "Table", icon=":material/table_rows:", type="tertiary", key=f"{key}_open", on_change="rerun"
    ) as opened:
        if not opened.open:
            return
        data_table(
            table.head(MOST_ROWS), height=TABLE_HEIGHT, width=TABLE_WIDTH, key=f"{key}_table",
            alt=f"Table: {figure.alt}",
        )  # fmt: skip
        if len(table) > MOST_ROWS:
            st.caption(f"The first {whole(MOST_ROWS)} of {counted(len(table), 'row')}.")
        download("Save as CSV", lambda: table, name, f"{key}_save")


def download(label: str, make: Callable[[], pd.DataFrame], name: str, key: str) -> None:
    """A button that makes the table and saves it as CSV."""
    st.download_button(
        label, lambda: to_csv(make()), file_name=f"{name}.csv", mime="text/csv", key=key, on_click="ignore",
        icon=":material/download:", type="tertiary",
    )  # fmt: skip
