"""Twenty-one years of Landsat in full: the curve with its trend, the heat strip, the seasons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from sdm.analysis.bands import Measure, own_measure
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.landsat import MEASURES, all_bands, by_season, curve, heat_strip
from sdm.modalities import LANDSAT
from sdm.ui.components.dossier.choices import OWN, measure_choice, own_formula
from sdm.ui.components.dossier.sides import figures, having, heading
from sdm.ui.state import Key

BANDS: Final = "bands"
EXAMPLE = "(nir - swir1) / (nir + swir1)"
HEIGHT = 270


def show(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """Curve, strip and seasons of the chosen measure; or all bands."""
    if not having(dossiers, LANDSAT.name):
        return
    with heading("Twenty years of Landsat"):
        name = measure_choice((BANDS, "All six bands"), (OWN, "Own formula"))
    if name == BANDS:
        figures(dossiers, LANDSAT.name, lambda values: all_bands(values, HEIGHT), "landsat")
        return
    measure = _measure(name)
    if measure is None:
        return
    figures(dossiers, LANDSAT.name, lambda values: curve(values, measure, HEIGHT, trended=True), "landsat")
    st.markdown("#### Year by year")
    figures(dossiers, LANDSAT.name, lambda values: heat_strip(values, measure), "strip")
    st.markdown("#### Season by season")
    figures(dossiers, LANDSAT.name, lambda values: by_season(values, measure), "seasons")


def _measure(name: str) -> Measure | None:
    if name == OWN:
        return own_formula(Key.LANDSAT_FORMULA, LANDSAT.channels, EXAMPLE, partial(own_measure, modality=LANDSAT))
    return MEASURES[name]
