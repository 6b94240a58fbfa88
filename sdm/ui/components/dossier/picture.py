"""The satellite picture in full: every look and stretch, the spectrum of a pixel, and its place in training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from sdm.analysis.bands import pixel_table, spectrum
from sdm.analysis.histogram import histogram
from sdm.analysis.renderings import LOOKS, Look, own_look, render
from sdm.analysis.stretches import DEFAULT_STRETCH
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.patch import PIXEL_M, stretch_note
from sdm.figures.pixels import REACH, brightness, pixel, pixel_spectrum, pointed
from sdm.modalities import PATCH
from sdm.ui.cache import datasets
from sdm.ui.components import linked
from sdm.ui.components.dossier.choices import OWN, own_formula, stretch_choice
from sdm.ui.components.dossier.sides import arrays, figures, having, heading
from sdm.ui.components.figure import CONFIG, show_table
from sdm.ui.state import LINK, Key

EXAMPLE = "(nir - red) / (nir + red)"
NARROW, WIDE = 330, 430  # pixels high, beside another and alone
CENTRE = PIXEL_M / 2


@st.fragment
def show(dossiers: Sequence[Dossier], data: Dataset) -> None:
    """Picture, spectrum, histogram; a pixel pointed at redraws these alone."""
    if not having(dossiers, PATCH.name):
        return
    look, at = _look(), pixel(*_offset())
    if look is not None:
        for ending, dossier, values in arrays(dossiers, PATCH.name):
            _picture(values, look, at, dossier.survey_id, ending, WIDE if len(dossiers) == 1 else NARROW)
        if look.measure is None:
            st.caption(stretch_note(_stretch()))
    with heading("One pixel"):
        _offset_boxes()
    figures(dossiers, PATCH.name, lambda values: pixel_spectrum(spectrum(values, *at), at), "spectrum")
    st.markdown("#### All pixels, against the training pictures")
    training = datasets.patches(data)
    figures(dossiers, PATCH.name, lambda values: brightness(histogram(values, training)), "brightness")


def _stretch() -> str:
    return st.session_state.get(Key.STRETCH) or DEFAULT_STRETCH


def _look() -> Look | None:
    titles = {name: look.title for name, look in LOOKS.items()} | {OWN: "Own formula"}
    left, right = st.columns(2, gap="small")
    with left:
        name = linked.selectbox("Rendering", titles, Key.RENDERING, label_visibility="collapsed")
    with right:
        if name == OWN or LOOKS[name].measure is not None:
            st.html('<p class="fine">On a scale of its own: no stretch.</p>')
        else:
            stretch_choice()
    return own_formula(Key.PATCH_FORMULA, PATCH.channels, EXAMPLE, own_look) if name == OWN else LOOKS[name]


def _picture(values: np.ndarray, look: Look, at: tuple[int, int], survey: int, ending: str, height: int) -> None:
    drawn = pointed(render(values, look, _stretch()), pixel_table(values, look.measure), at, height)
    key = f"pixels_{survey}{ending}"
    with st.container(key=f"figure_pixels{ending}", gap="xxsmall"):
        st.plotly_chart(
            drawn.plot, key=key, config=CONFIG, alt=drawn.alt, selection_mode="points",
            on_select=partial(_picked, key),
        )  # fmt: skip
        st.caption(drawn.caption)
        show_table(drawn, f"table_{key}", f"survey-{survey}-pixels")


def _picked(key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points:
        st.session_state[Key.EAST], st.session_state[Key.NORTH] = int(points[0]["x"]), int(points[0]["y"])


def _offset() -> tuple[float, float]:
    """Metres east and north of the survey."""
    east, north = (st.session_state.get(name) for name in (Key.EAST, Key.NORTH))
    return (CENTRE if east is None else east, -CENTRE if north is None else north)


def _offset_boxes() -> None:
    """The keyboard's way to a pixel."""
    edge = int(REACH - CENTRE)
    for name, label, first in ((Key.EAST, "Metres east", CENTRE), (Key.NORTH, "Metres north", -CENTRE)):
        st.number_input(label, -edge, edge, int(first), PIXEL_M, key=name, bind=LINK, width=150)
