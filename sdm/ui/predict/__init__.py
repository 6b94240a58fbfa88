"""What the models say of a survey: how they are asked, and the views of their answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from sdm.ui.predict import sets, species, sure, together, why
from sdm.ui.predict.absent import GAP_BANNER, no_model, set_aside
from sdm.ui.predict.asking import Question, decoder_choice
from sdm.ui.state import LINK, Key

View = Callable[[Question], None]
SPECIES: Final = "species"
VIEWS: Final[dict[str, tuple[str, View]]] = {
    SPECIES: ("Species", species.show),
    "set-size": ("Set size", sets.show),
    "together": ("Together", together.show),
    "why": ("Why", why.show),
    "how-sure": ("How sure", sure.show),
}


def views(question: Question) -> None:
    """The chosen view of the answers."""
    chosen = st.segmented_control(
        "View of the answers", list(VIEWS), key=Key.ANSWERS, bind=LINK, default=SPECIES, required=True,
        format_func=lambda name: VIEWS[name][0], label_visibility="collapsed",
    )  # fmt: skip
    VIEWS[chosen][1](question)


__all__ = ["GAP_BANNER", "Question", "decoder_choice", "no_model", "set_aside", "views"]
