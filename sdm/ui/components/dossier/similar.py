"""The surveys most like this one, by one kind of data, and what they have in common with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sdm.analysis.renderings import render
from sdm.data.dataset import Dataset
from sdm.data.site_words import SPECIES, item_name, words_of
from sdm.data.survey import Dossier
from sdm.data.survey_keys import row_of, survey_key
from sdm.errors import DataError
from sdm.figures.patch import picture
from sdm.geo.distance import distance_km
from sdm.maps.place_names import describe
from sdm.maps.png import FORMAT
from sdm.modalities import MODALITIES, in_order
from sdm.number_format import fixed, whole
from sdm.ui.cache import datasets
from sdm.ui.components import linked, location, markup, pinned_survey
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.page_frame import empty
from sdm.ui.state import Key

COUNT, A_ROW = 6, 3


def show(dossiers: Sequence[Dossier], data: Dataset) -> None:
    """Cards of the surveys most alike."""
    words = words_of(data)
    able = in_order(
        {name for dossier in dossiers for name, values in dossier.values.items() if values is not None}
    )
    if not able:
        empty(
            "Nothing to compare by", words("No satellite, climate or environmental data of this survey is here.")
        )
        return
    titles = {name: MODALITIES[name].title for name in able}
    modality = linked.segmented_control("Nearest analogues by", titles, Key.NEIGHBOURS_BY)
    st.caption(words("Nearest first; distance 0 is the same, about 1 is as far apart as surveys usually are."))
    for ending, dossier in sides(dossiers):
        analogues = _analogues(dossier, data, modality)
        for start in range(0, len(analogues), A_ROW):
            part = analogues.iloc[start : start + A_ROW]
            for column, (_, near) in zip(st.columns(A_ROW, gap="small"), part.iterrows(), strict=False):
                with column:
                    _card(dossier, data, int(near["row"]), float(near["distance"]), ending)


def _analogues(dossier: Dossier, data: Dataset, modality: str) -> pd.DataFrame:
    values = dossier.values.get(modality)
    if values is None:
        empty("Nothing to compare by", f"This {item_name(data)} has no {MODALITIES[modality].title}.")
        return pd.DataFrame()
    own = row_of(data, f"{dossier.source}/{dossier.survey_id}")  # None of one simulated on the spot
    try:
        return datasets.similarity(data, modality).nearest(values, COUNT, own)
    except DataError as reason:
        empty(markup.sentence(reason.what), reason.remedy or "")
        return pd.DataFrame()


def _card(dossier: Dossier, data: Dataset, row: int, distance: float, ending: str) -> None:
    other = datasets.survey(data, row)
    values = other.values.get("patch")
    if values is not None:
        small = picture(render(np.asarray(values)))
        st.image(small.png, width="stretch", alt=small.alt, output_format=FORMAT)
    st.html(f"<p class='lead'>{markup.text(describe(other.lon, other.lat))}</p>")
    st.html(markup.fine(_words(dossier, other, distance, words_of(data).known == SPECIES)))
    name = survey_key(data, row)
    pin: dict[str, Any] = {"on_click": pinned_survey.pin, "args": (name,)}
    look: dict[str, Any] = {"on_click": location.look_at, "args": (data, row)}
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Open", key=f"look_{row}{ending}", type="tertiary", icon=":material/arrow_forward:",
            help=f"{item_name(data).capitalize()} {name} in place of this one.", **(pin if ending else look),
        )  # fmt: skip
        if not ending:
            st.button("Pin", key=f"pin_{row}", type="tertiary", icon=":material/push_pin:", **pin)


def _words(dossier: Dossier, other: Dossier, distance: float, sets: bool) -> str:
    """How alike and how far away the `other` is, and what is common to their `sets` of species, or their class."""
    words = [f"distance {fixed(distance, 2)}"]
    if None not in (dossier.lon, dossier.lat, other.lon, other.lat):
        words.append(f"{whole(distance_km(dossier.lon, dossier.lat, other.lon, other.lat))} km away")  # type: ignore[arg-type]
    if dossier.recorded and other.recorded:
        mine, theirs = ({species.class_id for species in d.recorded} for d in (dossier, other))
        words.append(
            f"{len(mine & theirs)} of {len(mine | theirs)} species shared" if sets
            else "of the same class" if mine == theirs else f"of another class: {other.recorded[0].name}"
        )  # fmt: skip
    return " · ".join(words)
