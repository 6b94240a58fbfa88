"""Showing a figure, and handing out the table behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from sdm.figures import Figure

CONFIG = {"displayModeBar": False, "scrollZoom": False}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def show_figure(figure: Figure, key: str) -> None:
    """The plot with its caption and alt text."""
    st.plotly_chart(figure.plot, key=key, config=CONFIG, alt=figure.alt)
    st.caption(figure.caption)


def download(label: str, make: Callable[[], pd.DataFrame], name: str, key: str) -> None:
    """A button that makes the table and saves it as CSV."""
    st.download_button(
        label, lambda: to_csv(make()), file_name=f"{name}.csv", mime="text/csv", key=key, on_click="ignore",
        icon=":material/download:", type="tertiary",
    )  # fmt: skip


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 CSV; a text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP).

    >>> to_csv(pd.DataFrame({"name": ["=1+1", "Poa annua"], "p": [-0.5, 1.0]})).decode().splitlines()
    ['name,p', "'=1+1,-0.5", 'Poa annua,1.0']
    """
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_defuse)
    return safe.to_csv(index=False).encode()


def _defuse(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
