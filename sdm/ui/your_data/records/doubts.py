"""Doubtful records: a switch per filter with what it takes, and the map of all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.figures.record_map import KEPT, record_map
from sdm.number_format import whole
from sdm.occurrences.cleaning.filters import FILTERS, Cleaning
from sdm.occurrences.preview import Preview
from sdm.ui.components.figure import show_figure
from sdm.ui.components.static_maps import ground
from sdm.ui.state import Key


def chosen() -> tuple[str, ...]:
    """The filters that are applied: the usual ones until a switch was moved."""
    return tuple(name for name, one in FILTERS.items() if st.session_state.get(f"{Key.TAKES}_{name}", one.usual))


def show(seen: Preview) -> None:
    """The map, then the filters."""
    cleaning, applied = seen.cleaning, chosen()
    if not np.isfinite(seen.lon).any():
        st.caption("Without a reference system there is no map, and nothing can be held to be in doubt.")
        return
    table = _states(seen, cleaning, applied)
    terms = [FILTERS[name].term for name, count in cleaning.alone.items() if count]
    figure = record_map(table, [KEPT, *terms], [FILTERS[name].term for name in applied], ground())
    show_figure(figure, "record_map", "records")
    kept = int(cleaning.kept(applied).sum())
    st.markdown(f"**Doubtful records**: {whole(kept)} of {whole(cleaning.count)} are kept.")
    alone = cleaning.alone
    columns = st.columns(2, gap="small")
    for place, (name, one) in enumerate(FILTERS.items()):
        columns[place % 2].checkbox(
            f"{one.term} · {whole(alone.get(name, 0))}", one.usual, key=f"{Key.TAKES}_{name}",
            help=f"{one.gloss[:1].upper()}{one.gloss[1:]}.",
        )  # fmt: skip
    st.caption("Each number is what the filter takes alone. Nothing is removed from your file.")


def _states(seen: Preview, cleaning: Cleaning, applied: tuple[str, ...]) -> pd.DataFrame:
    """lon, lat and state: a row per record that is kept, and one per filter and record it takes."""
    masks = [
        (KEPT, cleaning.kept(applied)),
        *((FILTERS[name].term, rows) for name, rows in cleaning.marked.items()),
    ]
    parts = [pd.DataFrame({"lon": seen.lon[rows], "lat": seen.lat[rows], "state": term}) for term, rows in masks]
    return pd.concat(parts, ignore_index=True)
