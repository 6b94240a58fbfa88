"""Which surveys are on the map, and what their colours mean."""

from __future__ import annotations

from typing import Final

import streamlit as st

from sdm.maps.colours import SPLITS
from sdm.maps.selection import Options, Selection
from sdm.ui.state import LINK, Key

KEEP: Final = "session"
COLOURS = {
    "split": "Colour by split",
    "source": "Colour by source",
    "country": "Colour by country",
    "target": "Colour by record",
}
Span = tuple[int, int]


def colour() -> str:
    """What the colour of a survey means."""
    return st.selectbox(
        "Colour by", list(COLOURS), key=Key.COLOUR, bind=LINK, format_func=COLOURS.__getitem__, width=185,
        label_visibility="collapsed",
    )  # fmt: skip


def current(options: Options) -> Selection:
    """The filters as they stand, before their widgets are drawn."""
    state = st.session_state
    return Selection(
        splits=tuple(state.get(Key.SPLITS) or ()),
        countries=tuple(state.get(Key.COUNTRIES) or ()),
        species=state.get(Key.SPECIES),
        years=_narrowed(state.get(Key.YEARS), options.years),
        counts=_narrowed(state.get(Key.COUNTS), options.counts),
    )


def panel(options: Options) -> None:
    """The widgets, in an expander that draws them when opened; each keeps its value between pages."""
    with st.expander("Filter the surveys", icon=":material/tune:", on_change="rerun", key=Key.FILTERS) as opened:
        if opened.open:
            _widgets(options)


def _widgets(options: Options) -> None:
    st.multiselect("Split", options.splits, key=Key.SPLITS, format_func=_split_title, persist_state=KEEP)
    st.multiselect("Country", options.countries, key=Key.COUNTRIES, persist_state=KEEP)
    if options.classes:
        label = "Species recorded" if options.sets else "Class recorded"
        st.selectbox(
            label, list(options.classes), index=None, key=Key.SPECIES, format_func=options.classes.__getitem__,
            persist_state=KEEP,
        )  # fmt: skip
    _range("Year", Key.YEARS, options.years)
    _range("Number of species recorded", Key.COUNTS, options.counts)
    st.toggle("A click finds surveys with a satellite picture only", True, key=Key.PICTURED, persist_state=KEEP)


def _split_title(name: str) -> str:
    return SPLITS.get(name, (name, ""))[0]


def _range(label: str, key: Key, span: Span | None) -> None:
    if span is not None and span[0] < span[1]:
        st.slider(label, *span, value=span, key=key, persist_state=KEEP)


def _narrowed(value: Span | None, span: Span | None) -> Span | None:
    """A range only where it leaves something out."""
    return None if value is None or tuple(value) == span else (int(value[0]), int(value[1]))
