"""Which species, which run, and at which surveys it is judged."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.record_types import of_records
from sdm.data.site_words import words_of
from sdm.data.splits import VALIDATION, split_title
from sdm.errors import SdmError
from sdm.evaluation.species.occurrences import column_of
from sdm.runs import Run
from sdm.ui.cache import species as tables
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import linked, runs
from sdm.ui.components.no_model import no_model
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.state import Key

ALL_TESTS, ALL_TITLE = "tests", "all tests"


def choose(data: Dataset) -> tuple[SpeciesQuery, Run | None]:
    """The boxes on top of the page, and what they ask; `run` and `splits` are empty where no run can be judged."""
    able, _ = runs.fitting(data)
    with st.container(key="boxes"):
        boxes = st.columns([1.7, 1, 0.8], gap="small")
    with boxes[0]:
        column = column_of(data.targets, _species(data))
    if not able:
        return SpeciesQuery(data, column), None
    with boxes[1]:
        run = able[linked.selectbox("Model", runs.titles(able, data), Key.RUN)]
    with boxes[2]:
        splits = _splits(data, run)
    return SpeciesQuery(data, column, run, splits) if splits else SpeciesQuery(data, column), run


def why_not_evaluated(data: Dataset, run: Run | None) -> None:
    """Why no model is judged here, and what to do."""
    if run is None:
        no_model(data, runs.fitting(data)[1])
        return
    try:
        tables.answerable(data, run)
    except SdmError as error:
        problem("The stored predictions cannot be read", error)
        return
    words = words_of(data)
    empty(
        "Nothing to judge by",
        f"{run.name} "
        + words("has no stored predictions of surveys whose species are known. ")
        + ("Train it again, or choose another model." if data.trainable else words("No species is known here.")),
    )


def _species(data: Dataset) -> int:
    """The class_id looked at; the page's address carries it, whatever the species is called."""
    known = tables.labels(data)
    named = st.query_params.get(Key.SPECIES)
    if named is not None:
        st.session_state[Key.UNKNOWN_SPECIES] = named not in map(str, known)
    if st.session_state.get(Key.UNKNOWN_SPECIES):
        st.warning(words_of(data)("No species of this data set has the id in the link; here is another one."))
    told = "name" if of_records(data) else "name, common name or id"
    return linked.selectbox(
        f"{words_of(data).known.capitalize()}: {told}", known, Key.SPECIES, tables.first(data),
        _chosen, placeholder="Type a name",
    )  # fmt: skip


def _chosen() -> None:
    st.session_state[Key.UNKNOWN_SPECIES] = False


def _splits(data: Dataset, run: Run) -> tuple[str, ...]:
    """The splits to judge at; none where nothing can be judged."""
    try:
        there = tables.answerable(data, run)
    except SdmError:
        return ()
    tests = tuple(split for split in there if split != VALIDATION)
    options = {ALL_TESTS: tests} if len(tests) > 1 else {}
    options |= {split: (split,) for split in (*tests, VALIDATION) if split in there}
    if not options:
        return ()
    titles = {name: ALL_TITLE if name == ALL_TESTS else split_title(name) for name in options}
    return options[linked.selectbox("Evaluated on", titles, Key.SPECIES_SPLIT)]
