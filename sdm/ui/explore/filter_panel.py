"""Which surveys are on the map and which are hidden, by a filter in the page's address; what colours mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import Words, words_of
from sdm.data.splits import split_title
from sdm.data.survey_filter import Options, Span, SurveyFilter
from sdm.data.survey_filter_counts import hidden_words, part_title
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.ui.cache import datasets
from sdm.ui.components import linked
from sdm.ui.components.page_frame import empty
from sdm.ui.state import Key

COLOURS = {
    "split": "Colour by split",
    "source": "Colour by source",
    "country": "Colour by country",
    "target": "Colour by record",
}
_LISTS: dict[
    str, tuple[str, Key, Callable[[str], str], int]
] = {  # part -> label, key, words, offered from so many
    "splits": ("Split", Key.FILTER_SPLITS, split_title, 0),
    "countries": ("Country", Key.FILTER_COUNTRIES, str, 0),
    "sources": ("Table (surveys, records, background)", Key.FILTER_SOURCES, str, 2),
    "publishers": ("Source of the records (publisher)", Key.FILTER_PUBLISHERS, str, 2),
}


def colour() -> str:
    """What the colour of a survey means."""
    return linked.selectbox("Colour by", COLOURS, Key.COLOUR, width=185, label_visibility="collapsed")


def current(options: Options) -> SurveyFilter:
    """The filter as it stands in the address; what the data do not know filters nothing."""
    try:
        return options.shown(SurveyFilter.from_query(dict(parse_qsl(linked.text(Key.FILTER)))))
    except SdmError:
        return options.shown(SurveyFilter())


def chips(data: Dataset, selection: SurveyFilter) -> None:
    """One chip per part of the filter: what it leaves, how much it hides, and a click that removes it."""
    options, parts = datasets.options(data), selection.parts()
    if not parts:
        return
    with st.container(horizontal=True, key="filter_chips"):
        for part in parts:
            words = f"{part_title(part, options)} · {hidden_words(datasets.hidden(data, part))}"
            st.button(
                literal(words), key=f"remove_{part.to_query()}", icon=":material/close:", icon_position="right",
                on_click=_set, args=(options, selection.without(part)), help="Remove this filter.",
            )  # fmt: skip
    if not datasets.selected(selection, data).any():
        say = words_of(data)
        empty(say("No survey passes the filters"), say("Remove one of them to see surveys."))


def panel(options: Options, selection: SurveyFilter, words: Words) -> None:
    """The widgets, in an expander that draws them when opened."""
    with st.expander(
        words("Filter the surveys"), icon=":material/tune:", on_change="rerun", key=Key.FILTER_PANEL
    ) as opened:
        if opened.open:
            _widgets(options, selection)


def _widgets(options: Options, selection: SurveyFilter) -> None:
    state = st.session_state
    callback: dict[str, Any] = {"on_change": _write, "args": (options,)}
    for names, (label, key, title, fewest) in _LISTS.items():
        if len(getattr(options, names)) >= fewest:
            state[key] = list(getattr(selection, names))
            st.multiselect(label, getattr(options, names), key=key, format_func=title, **callback)
    if options.classes:
        state[Key.FILTER_SPECIES] = selection.species
        label, classes = "Species recorded" if options.sets else "Class recorded", options.classes
        st.selectbox(
            label, list(classes), key=Key.FILTER_SPECIES, format_func=classes.__getitem__, index=None, **callback
        )
    _range("Year", Key.FILTER_YEARS, options.years, selection.years, callback)
    _range("Number of species recorded", Key.FILTER_RICHNESS, options.counts, selection.counts, callback)
    if options.pictured:
        state[Key.FILTER_PATCH] = bool(selection.pictured)
        st.toggle("Only surveys with a satellite picture", key=Key.FILTER_PATCH, **callback)


def _write(options: Options) -> None:
    """Put what the widgets say into the address."""
    state = st.session_state
    chosen = SurveyFilter(
        **{names: tuple(state.get(key) or ()) for names, (_, key, _, _) in _LISTS.items()},
        species=state.get(Key.FILTER_SPECIES),
        years=state.get(Key.FILTER_YEARS),
        counts=state.get(Key.FILTER_RICHNESS),
        pictured=state.get(Key.FILTER_PATCH),
    )
    _set(options, chosen)


def _set(options: Options, selection: SurveyFilter) -> None:
    """Put `selection` into the address; the default is left out."""
    selection = options.possible(selection)
    st.session_state[Key.FILTER] = replace(selection, pictured=None if selection.pictured else False).to_query()


def _range(label: str, key: Key, span: Span | None, chosen: Span | None, callback: dict[str, Any]) -> None:
    if span is not None and span[0] < span[1]:
        st.session_state[key] = chosen or span
        st.slider(label, *span, key=key, **callback)
