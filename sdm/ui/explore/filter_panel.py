"""Which surveys are on the map, and what their colours mean. The filter stands in the page's address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from sdm.data.splits import split_title
from sdm.data.survey_filter import Options, Span, SurveyFilter
from sdm.errors import SdmError
from sdm.ui.components import linked
from sdm.ui.state import KEEP, Key

COLOURS = {
    "split": "Colour by split",
    "source": "Colour by source",
    "country": "Colour by country",
    "target": "Colour by record",
}


def colour() -> str:
    """What the colour of a survey means."""
    return linked.selectbox("Colour by", COLOURS, Key.COLOUR, width=185, label_visibility="collapsed")


def current(options: Options) -> SurveyFilter:
    """The filter as it stands in the address; what the data do not know filters nothing."""
    try:
        return options.possible(SurveyFilter.from_query(dict(parse_qsl(linked.text(Key.FILTER)))))
    except SdmError:
        return SurveyFilter()


def panel(options: Options, selection: SurveyFilter) -> None:
    """The widgets, in an expander that draws them when opened."""
    with st.expander(
        "Filter the surveys", icon=":material/tune:", on_change="rerun", key=Key.FILTER_PANEL
    ) as opened:
        if opened.open:
            _widgets(options, selection)


def _widgets(options: Options, selection: SurveyFilter) -> None:
    state = st.session_state
    state[Key.FILTER_SPLITS], state[Key.FILTER_COUNTRIES] = list(selection.splits), list(selection.countries)
    callback: dict[str, Any] = {"on_change": _write, "args": (options,)}
    st.multiselect("Split", options.splits, key=Key.FILTER_SPLITS, format_func=split_title, **callback)
    st.multiselect("Country", options.countries, key=Key.FILTER_COUNTRIES, **callback)
    if options.classes:
        state[Key.FILTER_SPECIES] = selection.species
        label, names = "Species recorded" if options.sets else "Class recorded", options.classes
        st.selectbox(
            label, list(names), key=Key.FILTER_SPECIES, format_func=names.__getitem__, index=None, **callback
        )
    _range("Year", Key.FILTER_YEARS, options.years, selection.years, callback)
    _range("Number of species recorded", Key.FILTER_RICHNESS, options.counts, selection.counts, callback)
    st.toggle(
        "A click finds surveys with a satellite picture only", True, key=Key.FILTER_PATCH, persist_state=KEEP
    )


def _write(options: Options) -> None:
    """Put what the widgets say into the address."""
    state = st.session_state
    chosen = SurveyFilter(
        splits=tuple(state.get(Key.FILTER_SPLITS) or ()),
        countries=tuple(state.get(Key.FILTER_COUNTRIES) or ()),
        species=state.get(Key.FILTER_SPECIES),
        years=state.get(Key.FILTER_YEARS),
        counts=state.get(Key.FILTER_RICHNESS),
    )
    state[Key.FILTER] = options.possible(chosen).to_query()


def _range(label: str, key: Key, span: Span | None, chosen: Span | None, callback: dict[str, Any]) -> None:
    if span is not None and span[0] < span[1]:
        st.session_state[key] = chosen or span
        st.slider(label, *span, key=key, **callback)
