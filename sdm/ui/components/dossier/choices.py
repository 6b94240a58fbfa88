"""Choices that several views of a dossier share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import streamlit as st

from sdm.analysis.formula import LONGEST, FormulaError
from sdm.analysis.landsat import MEASURES
from sdm.analysis.stretches import STRETCHES
from sdm.figures.markdown import literal
from sdm.ui.components import linked
from sdm.ui.state import LINK, Key

OWN: Final = "own"
T = TypeVar("T")


def stretch_choice() -> str:
    """How pixels become brightness."""
    titles = {name: f"{stretch.title} stretch" for name, stretch in STRETCHES.items()}
    return linked.selectbox("Stretch", titles, Key.STRETCH, label_visibility="collapsed")


def measure_choice(*more: tuple[str, str]) -> str:
    """A band or an index of Landsat, or one of `more` (name, title)."""
    titles = {name: measure.title for name, measure in MEASURES.items()} | dict(more)
    return linked.selectbox("Band or index", titles, Key.LANDSAT_BAND, label_visibility="collapsed", width=190)


def own_formula(key: Key, bands: tuple[str, ...], example: str, read: Callable[[str], T]) -> T | None:
    """What `read` makes of a formula the reader types; None after saying what is wrong with it."""
    typed = st.text_input(
        "Formula over reflectances", key=key, bind=LINK, placeholder=example, max_chars=LONGEST,
        help=f"Bands: {', '.join(bands)}. Signs: + - * / ** ( ). Functions: abs, sqrt, exp, log, min, max.",
    )  # fmt: skip
    try:
        return read(typed or example)
    except FormulaError as mistake:
        st.warning(literal(f"{mistake.what.capitalize()}{f': {mistake.got}' if mistake.got else ''}"))
        return None
