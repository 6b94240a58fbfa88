"""What a species responds to: records and predictions along the predictors, or each predictor changed alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from sdm.data.site_words import words_of
from sdm.errors import SdmError
from sdm.evaluation.species.response import telling
from sdm.figures import responses
from sdm.inference.partial_dependence import Dependence, dependences, why_not
from sdm.jobs import Jobs, Report
from sdm.runs import Run
from sdm.ui.cache import species as tables
from sdm.ui.cache.figures import drawn_in_words
from sdm.ui.cache.memo import memo
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import job, linked
from sdm.ui.components.figure import show_figure
from sdm.ui.components.job import TICK_SECONDS
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.theme import on_phone
from sdm.ui.state import Key

Answers = dict[int, Dependence]  # by position of the predictor
PANELS: Final = 6
VIEWS = {"observed": "As observed", "partial": "Partial dependence"}
NONE = "No survey here has a table of predictors, so there is nothing it could respond to."
NO_ORDER = "Class codes have no order to change along. Choose a predictor that is a number."
MOST_ANSWERS = 12  # that are remembered; one has some megabytes


@memo(1)
def jobs() -> Jobs:
    """Of this process."""
    return Jobs(MOST_ANSWERS)


def show(query: SpeciesQuery, run: Run | None) -> None:
    """How often it is recorded along the predictors that tell most of it, or those chosen."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### Response curves: what does it respond to?", width="content")
        view = "observed"
        if query.run:
            view = linked.segmented_control("Responses", VIEWS, Key.RESPONSE_VIEW, label_visibility="collapsed")
    try:
        chosen = _predictors(query)
        if not chosen:
            return
        if view == "partial" and run is not None:
            _partial(query, run, chosen)
        else:
            _observed(query, chosen)
    except SdmError as error:
        problem("The predictors cannot be read", error)


def _predictors(query: SpeciesQuery) -> tuple[int, ...]:
    """Positions of the predictors to draw; none where nothing is known of any, which is said."""
    strengths = tables.strengths(query)
    variables = tables.predictors(query.data)
    order = telling(strengths, variables)
    if not order:
        empty("No predictors", words_of(query.data)(NONE))
        return ()
    by_strength = sorted(range(len(strengths)), key=lambda place: -strengths[place])
    telling_some = [variables[place] for place in by_strength if strengths[place] == strengths[place]]
    picked = linked.multiselect(
        "Predictors", {variable.name: variable.title for variable in telling_some}, Key.PREDICTORS,
        max_selections=PANELS, wrap=True, label_visibility="collapsed",
        placeholder="Shown: those that tell most. Choose others here, most telling first.",
    )  # fmt: skip
    places = {variable.name: place for place, variable in enumerate(variables)}
    return tuple(places[name] for name in picked) or tuple(order[:PANELS])


def _observed(query: SpeciesQuery, chosen: tuple[int, ...]) -> None:
    words = words_of(query.data)
    curves = tables.responses(query, chosen)
    figure = drawn_in_words(words, responses.responses, curves, _columns(), tables.predictors(query.data))
    show_figure(figure, "figure_responses", "responses")
    if not query.run:
        st.caption(words("Without a model there is no prediction to stand beside; these are all surveys."))


def _partial(query: SpeciesQuery, run: Run, chosen: tuple[int, ...]) -> None:
    """The curves, once the model has been asked; until then, how far that is."""
    words = words_of(query.data)
    numbers = tuple(place for place in chosen if tables.predictors(query.data)[place].kind == "number")
    reason = why_not(run) or (NO_ORDER if not numbers else "")
    if reason:
        empty("No partial dependence", words(reason))
        return
    name = f"{run.card.digest} {query.data.identity} {query.splits} {numbers}"
    work = partial(dependences, run, query.data, tables.evaluated_rows(query), numbers)
    latest = jobs().get(name)
    if latest is None:
        latest = jobs().start(name, work)
        latest.wait(TICK_SECONDS)
    if latest.state == "done":
        _curves(query, latest.result)
        return
    again = partial(_start, name, work)
    job.unfinished(latest, "dependence", "The model could not be asked", "Ask the model again", again)


def _start(name: str, work: Callable[[Report], Answers]) -> None:
    jobs().start(name, work)


def _curves(query: SpeciesQuery, found: Answers) -> None:
    words = words_of(query.data)
    if not found:
        empty("No partial dependence", words("These predictors have one value at all surveys."))
        return
    curves = {
        place: each.curves(query.column, tables.true_dependence(query, place, each))
        for place, each in found.items()
    }
    recorded, variables = tables.responses(query, tuple(found)), tables.predictors(query.data)
    figure = drawn_in_words(words, responses.partial_dependence, curves, recorded, _columns(), variables)
    show_figure(figure, "figure_partial_dependence", "partial-dependence")


def _columns() -> int:
    return 2 if on_phone() else 3
