"""The satellite picture in full: every look and stretch, the spectrum of a pixel, and its place in training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from sdm.analysis.histogram import histogram
from sdm.analysis.renderings import LOOKS, Look, own_look, render
from sdm.analysis.spectral_indices import pixel_table, spectrum
from sdm.analysis.stretches import DEFAULT_STRETCH
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.patch import PIXEL_M, stretch_note
from sdm.figures.pixels import SIDE, brightness, metres, pixel, pixel_spectrum, pointed
from sdm.modalities import PATCH
from sdm.ui.cache import datasets
from sdm.ui.components import linked
from sdm.ui.components.dossier.choices import OWN, own_formula, stretch_choice
from sdm.ui.components.dossier.position import warn_of_another_place
from sdm.ui.components.dossier.sides import arrays, figures, having, heading
from sdm.ui.components.figure import clickable_plot, show_table
from sdm.ui.components.fragment import fragment
from sdm.ui.state import Key

EXAMPLE = "(nir - red) / (nir + red)"
NARROW, WIDE = 330, 430  # pixels high, beside another and alone


@fragment
def show(dossiers: Sequence[Dossier], data: Dataset) -> None:
    """Picture, spectrum, histogram; a pixel pointed at redraws these alone."""
    if not having(dossiers, PATCH.name):
        return
    look, pictures = _look(), st.container()
    with heading("One pixel"):
        at = pixel(*_offset_boxes())
    with pictures:
        _pictures(dossiers, look, at)
    figures(dossiers, PATCH.name, lambda values: pixel_spectrum(spectrum(values, *at), at), "spectrum")
    st.markdown("#### All pixels, against the training pictures")
    training = datasets.patches(data)
    figures(dossiers, PATCH.name, lambda values: brightness(histogram(values, training)), "brightness")


def _pictures(dossiers: Sequence[Dossier], look: Look | None, at: tuple[int, int]) -> None:
    if look is not None:
        for ending, dossier, values in arrays(dossiers, PATCH.name):
            warn_of_another_place(dossier)
            _picture(values, look, at, dossier.survey_id, ending, WIDE if len(dossiers) == 1 else NARROW)
        if look.measure is None:
            st.caption(stretch_note(_stretch()))


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
        clickable_plot(drawn, key, partial(_picked, key))
        st.caption(drawn.caption)
        show_table(drawn, f"table_{key}", f"survey-{survey}-pixels")


def _picked(key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points:
        st.session_state[Key.EAST], st.session_state[Key.NORTH] = int(points[0]["x"]), int(points[0]["y"])


def _offset_boxes() -> tuple[int, int]:
    """Metres east and north of the survey to the middle of a pixel: the keyboard's way to it, and the link's."""
    first = metres(SIDE // 2, SIDE // 2)
    east = _offset_box("Metres east", Key.EAST, first[0], lambda east: metres(*pixel(east, 0))[0])
    north = _offset_box("Metres north", Key.NORTH, first[1], lambda north: metres(*pixel(0, north))[1])
    return east, north


def _offset_box(label: str, key: Key, first: int, allowed: Callable[[int], int]) -> int:
    edge = metres(0, SIDE - 1)[0]
    return linked.number_input(
        label, key, first, allowed, min_value=-edge, max_value=edge, step=PIXEL_M, width=150
    )
