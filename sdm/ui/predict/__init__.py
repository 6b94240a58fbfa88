"""Predictions of several models for one survey: the request, and the views of the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.modalities import MODALITIES, PATCH
from sdm.ui.components import linked, markup
from sdm.ui.components.dossier.position import warn_of_another_place
from sdm.ui.predict import agreement, attribution, calibration, set_size, species
from sdm.ui.predict.request import PredictionQuery
from sdm.ui.state import Key

SIMULATED_TRUTH = "A simulated place: compared with what is true in the simulation, not with a record."
View = Callable[[PredictionQuery], None]
VIEWS: Final[dict[str, tuple[str, View]]] = {
    "species": ("Species", species.show),
    "set-size": ("Set size", set_size.show),
    "agreement": ("Agreement", agreement.show),
    "attribution": ("Attribution", attribution.show),
    "calibration": ("Calibration", calibration.show),
}
FIRST = {TargetKind.MULTICLASS: "Class", TargetKind.REGRESSION: "Value"}  # what the first view is called

ONLY_PRESENT = (
    "A presence-only record: what it does not name may grow here as well, so nothing is marked right or wrong. "
    "Recorded:"
)


def views(query: PredictionQuery) -> None:
    """The chosen view of the answers."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        first = FIRST.get(query.data.targets.kind, VIEWS["species"][0])
        views = VIEWS | {"species": (first, species.show)}
        show = linked.view("View of the predictions", views, Key.PREDICT_VIEW)
        if query.has_truth and query.data.targets.kind is not TargetKind.REGRESSION:
            st.html(markup.verdict_key(query.true_word), width="content")
    if query.survey.on_the_spot:
        st.html(markup.fine(SIMULATED_TRUTH))
    if query.same_data and query.survey.known and not query.has_truth:
        names = ", ".join(one.name for one in query.survey.recorded) or "nothing"
        st.html(markup.fine(f"{ONLY_PRESENT} {names}."))
    inputs = dict.fromkeys(name for answer in query.answers for name in answer.run.card.inputs)
    if PATCH.name in inputs:
        warn_of_another_place(query.survey)
    lacking = [MODALITIES[name].title for name in inputs if query.survey.values.get(name) is None]
    if lacking:
        st.html(markup.fine(f"Not here: {', '.join(lacking)}. Models that see more answer without it."))
    show(query)
