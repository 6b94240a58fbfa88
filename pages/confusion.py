"""What is mistaken for what? Errors by species, by pair and as a matrix, and the surveys behind each."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.runs import Run
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import survey_list
from sdm.ui.components.page_state import require_dataset
from sdm.ui.confusion import query, selection, values, views


def surveys(key: str, data: Dataset, run: Run, asked: ConfusionQuery) -> None:
    """The surveys behind what was chosen."""
    recorded, predicted = selection.boxes(asked)
    items = tables.judged(asked).rows_of(recorded, predicted)
    st.html(selection.sentence(asked, recorded, predicted, len(items), views.italic(run, asked)))
    name = f"{run.name} {asked.split} {asked.level} {recorded} {predicted}"
    survey_list.show(key, data, selection.behind(run, asked, items, name))


@st.fragment
def body(key: str, data: Dataset) -> None:
    """The question above; errors on the left, their surveys on the right."""
    asked = query.ask(key, data)
    if asked is None:
        return
    query.compared_line(*asked)
    if asked[0].card.kind is TargetKind.REGRESSION:
        values.headline(data, asked[1])
        values.show(key, data, *asked)
        return
    query.headline(data, *asked)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        views.show(*asked)
    with right, st.container(key="sticky"):
        surveys(key, data, *asked)


body(*require_dataset("What is mistaken for what?"))
