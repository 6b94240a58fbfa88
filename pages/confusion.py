"""What is mistaken for what? Errors by species, by pair and as a matrix, and the surveys behind each."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.runs import Run
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import survey_list
from sdm.ui.components.page_state import require_dataset
from sdm.ui.confusion import query as choice
from sdm.ui.confusion import selection, values, views


def surveys(key: str, data: Dataset, run: Run, query: ConfusionQuery) -> None:
    """The surveys behind what was chosen."""
    recorded, predicted = selection.boxes(query)
    items = tables.judged(query).rows_of(recorded, predicted)
    st.html(selection.sentence(query, recorded, predicted, len(items), views.italic(run, query)))
    name = f"{run.name} {query.split} {query.level} {recorded} {predicted}"
    survey_list.show(key, data, selection.listed(run, query, items, name))


@st.fragment
def body(key: str, data: Dataset) -> None:
    """The question above; errors on the left, their surveys on the right."""
    query = choice.choose(key, data)
    if query is None:
        return
    choice.compared_line(*query)
    if query[0].card.kind is TargetKind.REGRESSION:
        values.headline(data, query[1])
        values.show(key, data, *query)
        return
    choice.headline(data, *query)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        views.show(*query)
    with right, st.container(key="sticky"):
        surveys(key, data, *query)


body(*require_dataset("What is mistaken for what?"))
