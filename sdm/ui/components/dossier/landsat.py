"""Twenty-one years of Landsat in full: the curve with its trend, the heat strip, the seasons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from sdm.analysis.landsat import MEASURES, band_curves, measure_curve, seasons, series, year_by_quarter
from sdm.analysis.spectral_indices import Measure, own_measure
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.landsat import all_bands, by_season, curve, heat_strip
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
    draw = partial(figures, dossiers, LANDSAT.name)
    if name == BANDS:
        draw(lambda values: all_bands(band_curves(values), HEIGHT), "landsat")
        return
    measure = _measure(name)
    if measure is None:
        return
    draw(lambda values: curve(measure_curve(values, measure, trended=True), measure, HEIGHT), "landsat")
    st.markdown("#### Year by year")
    draw(lambda values: heat_strip(year_by_quarter(series(values, measure)), measure), "strip")
    st.markdown("#### Season by season")
    draw(lambda values: by_season(seasons(series(values, measure)), measure), "seasons")


def _measure(name: str) -> Measure | None:
    if name == OWN:
        return own_formula(Key.LANDSAT_FORMULA, LANDSAT.channels, EXAMPLE, partial(own_measure, modality=LANDSAT))
    return MEASURES[name]
