"""What is mistaken for what? Errors by species, by pair and as a matrix, and the surveys behind each."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import survey_list
from sdm.ui.components.first_screen import run_again_when_drawn, stands
from sdm.ui.components.fragment import fragment
from sdm.ui.components.into_sight import into_sight
from sdm.ui.components.page_frame import require_dataset
from sdm.ui.confusion import clickable, selection, values, views
from sdm.ui.confusion import query as choice


def surveys(query: ConfusionQuery) -> None:
    """The surveys of the cell or bar chosen."""
    recorded, predicted = selection.boxes(query)
    items = tables.class_outcomes(query).rows_of(recorded, predicted)
    name = f"{query.run.name} {query.split} {query.level} {recorded} {predicted}"
    with st.container(key="listed"):
        st.html(selection.sentence(query, recorded, predicted, len(items), clickable.italic(query)))
        survey_list.show(query.data, selection.listed(query, items, name))
    into_sight("listed", None if recorded is None and predicted is None else name)


@fragment
def body(data: Dataset) -> None:
    """The question above; errors on the left, their surveys on the right; long tables once these are drawn."""
    mistakes(data)
    if not stands():
        run_again_when_drawn()


def mistakes(data: Dataset) -> None:
    """What `body` shows."""
    query = choice.choose(data)
    if query is None:
        return
    choice.compared_line(query)
    if query.run.card.kind is TargetKind.REGRESSION:
        values.headline(query)
        values.show(query)
        return
    choice.headline(query)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        views.show(query)
    with right, st.container(key="sticky"):
        surveys(query)


body(require_dataset("What is mistaken for what?"))
