"""Split schemes: where the surveys lie that each holds back, and how near those are to what is learnt from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data import validation_folds
from sdm.data.dataset import Dataset
from sdm.data.schemes import RANDOM, scheme_shares, scheme_title, schemes_with_folds
from sdm.data.site_words import words_of
from sdm.data.split_folds import BLOCK_DEGREES, BUFFER_KM, SITE_KM
from sdm.figures import folds as figures
from sdm.modalities.raster_bands import family_of
from sdm.number_format import distance, number, whole
from sdm.ui.cache.figures import drawn, drawn_in_words
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import empty
from sdm.ui.components.static_maps import ground
from sdm.ui.state import Key

BLOCK = "block"
DRAWN = {
    BLOCK: f"Squares of {number(BLOCK_DEGREES)}° are held back whole, crowded and empty ones of each country in "
    f"every fold; training surveys within {number(BUFFER_KM)} km of them are left out. A test of new places.",
    "site": f"Study areas are held back whole: surveys linked by steps of at most {whole(SITE_KM * 1000)} m. A "
    "test of new plots, whose neighbours may be learnt from.",
    RANDOM: "Single surveys are held back, whatever lies beside them: model and judge share sites, even plots.",
}
ORDER = (BLOCK, "site", RANDOM)
NEARER = 0.5  # random is, as a share of the median distance under the scheme that keeps the most apart

distances = memo(4, "Measuring distances …")(validation_folds.held_back_distances)
fold_table = memo(16)(validation_folds.fold_table)


def show(data: Dataset) -> None:
    """A map of the folds beside the distances; of rasters the distances alone: their pixels lie side by side."""
    st.markdown("#### Splits: what is kept apart?")
    table = distances(data)
    if table.empty:
        empty("No split", "There are no training surveys here, or none is held back to validate models.")
        return
    st.html(f"<p class='lead'>{markup.text(words_of(data)(_meaning(table)))}</p>")
    rasters = any(map(family_of, data.modalities))
    left, right = st.columns(2, gap="medium")
    with left:
        if rasters:
            st.html(_kept_apart(table))
        else:
            _map(data, table)
    with right:
        st.markdown("**Distance to training, by split**")
        schemes = table["scheme"].unique() if rasters else _ordered(table)
        named = {scheme: scheme_title(scheme) for scheme in schemes}
        figure = drawn_in_words(
            words_of(data), figures.fold_distances, table, named, patches="patch" in data.modalities
        )
        show_figure(figure, "figure_fold_distances", "distance-by-split")


def _ordered(table: pd.DataFrame) -> list[str]:
    """The schemes that validate anything, as they are chosen from."""
    return sorted(table["scheme"].unique(), key=lambda scheme: ORDER.index(scheme) if scheme in ORDER else -1)


def _map(data: Dataset, table: pd.DataFrame) -> None:
    schemes = _ordered(table)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Folds**", width="content")
        titles = {scheme: markup.sentence(scheme_title(scheme)) for scheme in schemes}
        scheme = linked.segmented_control("Split", titles, Key.SPLIT_SCHEME, label_visibility="collapsed")
    surveys = fold_table(data, scheme)
    st.caption(
        DRAWN.get(scheme, "") if scheme != BLOCK or len(schemes_with_folds(data.schemes)[BLOCK]) > 1 else ""
    )
    show_figure(drawn(figures.fold_map, surveys, ground()), "figure_folds", f"folds-{scheme}")


def _meaning(table: pd.DataFrame) -> str:
    """What a score under the random scheme tells beside one under the scheme that keeps the most apart."""
    near = validation_folds.median_km(table)
    farthest = max(near, key=near.__getitem__)
    words = "Where the surveys lie that are held back to judge a model decides what its score means."
    if near.get(RANDOM, np.inf) > NEARER * near[farthest]:
        return words
    return (
        f"{words} Split at random, half of them have a survey the model has learnt from within "
        f"{distance(near[RANDOM])}; split {scheme_title(farthest)}, within {distance(near[farthest])}. Neighbours "
        "are alike for reasons no input tells, so a random split flatters: it rewards memory of the place next "
        "door. Only surveys far away show what a model has understood."
    )


def _kept_apart(table: pd.DataFrame) -> str:
    """What training and validation share under each scheme."""
    rows = [
        [markup.sentence(scheme_title(scheme)), distance(km), f"\n{scheme_shares(scheme)}"]
        for scheme, km in validation_folds.median_km(table).items()
    ]
    heads = ["Split", "To training", "Training and validation share"]
    return number_table("Split schemes", (), heads, rows, cards=True)
