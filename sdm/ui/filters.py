"""Which surveys are on the map, and what their colours mean."""

from __future__ import annotations

import numpy as np
import streamlit as st
from scipy.sparse import issparse

from sdm.data.dataset import DEFAULT_SCHEME, Dataset
from sdm.maps.colours import SPLITS, richness
from sdm.maps.selection import Selection
from sdm.ui.state import LINK, Key

COLOURS = {"split": "Split", "source": "Source", "country": "Country", "target": "What was recorded"}


def colour_choice() -> str:
    """What the colour of a survey means."""
    return st.selectbox("Colour by", list(COLOURS), key=Key.COLOUR, bind=LINK, format_func=COLOURS.get)


def current(data: Dataset) -> Selection:
    """The filters as they stand, before their widgets are drawn."""
    state = st.session_state
    return Selection(
        splits=tuple(state.get(Key.SPLITS) or ()),
        countries=tuple(state.get(Key.COUNTRIES) or ()),
        species=state.get(Key.SPECIES),
        years=_narrowed(state.get(Key.YEARS), _span(data.sites["year"].to_numpy(float, na_value=np.nan))),
        counts=_narrowed(state.get(Key.COUNTS), _span(richness(data))),
    )


def filters(data: Dataset) -> None:
    """The widgets; each stays as it is when another page is visited."""
    keep = {"persist_state": "session"}
    if f"split_{DEFAULT_SCHEME}" in data.sites:
        st.multiselect("Split", list(data.splits()), key=Key.SPLITS, format_func=_split_title, **keep)
    countries = sorted(str(name) for name in data.sites["country"].dropna().unique())
    st.multiselect("Country", countries, key=Key.COUNTRIES, **keep)
    if len(data.targets.classes):
        titles = dict(zip(data.targets.class_ids.tolist(), data.targets.classes["name"].astype(str), strict=True))
        label = "Species" if issparse(data.targets.values) else "Class"
        st.selectbox(
            f"{label} recorded", list(titles), index=None, key=Key.SPECIES, format_func=titles.get, **keep
        )
    _range("Year", Key.YEARS, data.sites["year"].to_numpy(float, na_value=np.nan))
    _range("Species recorded at the survey", Key.COUNTS, richness(data))


def _split_title(name: str) -> str:
    return SPLITS.get(name, (name, ""))[0]


def _range(label: str, key: Key, values: np.ndarray) -> None:
    span = _span(values)
    if span is not None and span[0] < span[1]:
        st.slider(label, *span, value=span, key=key, persist_state="session")


def _span(values: np.ndarray) -> tuple[int, int] | None:
    known = values[np.isfinite(values)]
    return (int(known.min()), int(known.max())) if known.size else None


def _narrowed(value: tuple[int, int] | None, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """A range only where it leaves something out."""
    return None if value is None or tuple(value) == span else (int(value[0]), int(value[1]))
