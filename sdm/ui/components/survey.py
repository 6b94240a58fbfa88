"""The survey the reader looks at, recorded or simulated on the spot."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sdm.analysis.raster_looks import looks, render_raster
from sdm.analysis.renderings import render
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import Location
from sdm.errors import SdmError
from sdm.figures.patch import picture
from sdm.figures.raster_image import raster_picture
from sdm.maps.png import FORMAT, shrunk
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of, of_family
from sdm.ui.cache import datasets
from sdm.ui.cache.figures import drawn
from sdm.ui.components import linked, location
from sdm.ui.components.markup import sentence
from sdm.ui.components.page_frame import empty
from sdm.ui.state import LINK, Key
from sdm.virtual_europe.simulated_survey import can_simulate

DEFAULT_YEAR = 2019
WIDTH = 110  # of a picture beside words, in pixels


def simulate_switch(data: Dataset, selection: SurveyFilter) -> int | None:
    """On a virtual Europe: simulate a survey where one clicks, and in which year; None to find the nearest one."""
    if not can_simulate(data):
        return None
    with st.container(horizontal=True, vertical_alignment="center", key="simulate_row"):
        on = st.toggle(
            "Simulate here", key=Key.SIMULATE, bind=LINK, on_change=location.look_again,
            args=(data, selection),
            help="A survey at the very place you click: the virtual Europe can be visited anywhere on land.",
        )  # fmt: skip
        span = datasets.options(data).years
        if not on or span is None:
            return None
        years, default = range(span[0], span[1] + 1), min(max(DEFAULT_YEAR, span[0]), span[1])
        return linked.selectbox("Year", years, Key.YEAR, default, width=95, label_visibility="collapsed")


def chosen_survey(data: Dataset, choice: Location) -> Dossier | None:
    """The dossier of the choice; None after saying why there is none."""
    if choice.row is not None:
        return datasets.survey(data, choice.row)
    if choice.year is None:
        return None
    if choice.at is None:
        empty(
            "Where is a survey to be simulated?", "Write a place into the boxes, or click on the map of Explore."
        )
        return None
    try:
        return datasets.simulated(data, *choice.at, choice.year)
    except SdmError as error:
        empty(sentence(error.what), error.remedy or "")
        return None


def beside_picture(dossier: Dossier, share: int = 8) -> DeltaGenerator:
    """Where words about a survey stand: beside its picture, or alone where its inputs make none; `share`: their
    width, that of the picture being 1."""
    if _is_pictured(dossier):
        picture, words = st.columns([1, share], gap="small", vertical_alignment="center")
        with picture:
            _picture(dossier)
        return words
    return st.container()


def _is_pictured(dossier: Dossier) -> bool:
    """Whether something stands in the place of the picture, be it that there is none."""
    families = {family_of(name) for name, values in dossier.values.items() if values is not None}
    return not families & {"pixel", "series"} or bool(families & {"photo", "image"})


def _picture(dossier: Dossier) -> None:
    array = dict(dossier.values).get("patch")
    if array is not None:
        small = drawn(picture, render(array))
        st.image(drawn(shrunk, small.png, WIDTH), width=WIDTH, alt=small.alt, output_format=FORMAT)
        return
    for name in [*of_family(dossier.values, "photo"), *of_family(dossier.values, "image")]:
        values, modality = dossier.values[name], MODALITIES[name]
        if values is not None:
            look = next(iter(looks(modality.channels).values()))
            shown = raster_picture(render_raster(values, modality, look), modality, dossier.area_m2)
            st.image(drawn(shrunk, shown.png, WIDTH), width=WIDTH, alt=shown.alt, output_format=FORMAT)
            return
    empty("No satellite picture", dossier.notes.get("patch", "not part of this data"))
