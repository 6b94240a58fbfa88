"""Predictions of several models for one survey: the request, and the views of the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from sdm.data.survey import Dossier
from sdm.modalities import MODALITIES
from sdm.ui.components import linked, markup
from sdm.ui.predict import agreement, attribution, calibration, set_size, species
from sdm.ui.predict.request import MOST_MODELS, PredictionQuery
from sdm.ui.state import Key

View = Callable[[PredictionQuery], None]
SPECIES: Final = "species"
VIEWS: Final[dict[str, tuple[str, View]]] = {
    SPECIES: ("Species", species.show),
    "set-size": ("Set size", set_size.show),
    "agreement": ("Agreement", agreement.show),
    "attribution": ("Attribution", attribution.show),
    "calibration": ("Calibration", calibration.show),
}

ONLY_PRESENT = (
    "A presence-only record: what it does not name may grow here as well, so nothing is marked right or wrong. "
    "Recorded:"
)


def views(query: PredictionQuery) -> None:
    """The chosen view of the answers."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        titles = {name: title for name, (title, _) in VIEWS.items()}
        chosen = linked.segmented_control(
            "View of the predictions", titles, Key.PREDICT_VIEW, label_visibility="collapsed"
        )
        if query.has_truth:
            st.html(markup.verdict_key(), width="content")
    if query.same_data and query.survey.known and not query.has_truth:
        st.html(markup.fine(f"{ONLY_PRESENT} {_recorded(query.survey)}."))
    lacking = _lacking(query)
    if lacking:
        st.html(markup.fine(f"Not here: {', '.join(lacking)}. Models that see more answer without it."))
    VIEWS[chosen][1](query)


def _lacking(query: PredictionQuery) -> list[str]:
    """Inputs of the models asked that the survey does not have."""
    seen = dict.fromkeys(name for answer in query.answers for name in answer.run.card.inputs)
    return [MODALITIES[name].title for name in seen if query.survey.values.get(name) is None]


def _recorded(survey: Dossier) -> str:
    return ", ".join(one.name for one in survey.recorded) or "nothing"


__all__ = ["MOST_MODELS", "VIEWS", "PredictionQuery", "views"]
