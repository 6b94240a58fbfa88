"""Modalities at a glance: pictures, the Landsat curve, a climate diagram, and the environment in a few numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from sdm.analysis.climate import climatology
from sdm.analysis.landsat import MEASURES, measure_curve
from sdm.analysis.renderings import LOOKS, render
from sdm.analysis.stretches import COMPOSITES
from sdm.analysis.walter_lieth import diagram
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures import Figure, climate, patch
from sdm.figures.landsat import curve
from sdm.maps.png import FORMAT
from sdm.modalities import ENVIRONMENT
from sdm.number_format import UNKNOWN, fixed, number
from sdm.ui.cache.figures import drawn
from sdm.ui.components import linked
from sdm.ui.components.dossier.choices import measure_choice, stretch_choice
from sdm.ui.components.dossier.position import warn_of_another_place
from sdm.ui.components.dossier.sides import arrays, figures, having, heading
from sdm.ui.components.markup import facts
from sdm.ui.state import Key

# Predictors worth a glance, with a short title.
WORTH = (
    ("Elevation", "Elevation"),
    ("Bio1", "Mean temperature"),
    ("Bio12", "Precipitation a year"),
    ("Soilgrid-phh2o", "Soil acidity"),
    ("Soilgrid-clay", "Clay"),
    ("Soilgrid-soc", "Organic carbon"),
)
DIAGRAMS: dict[str, tuple[str, Callable[[np.ndarray], Figure]]] = {
    "monthly": ("Monthly", lambda values: climate.monthly(climatology(values))),
    "walter-lieth": ("Walter–Lieth", lambda values: climate.walter_lieth(diagram(values))),
}


def patch_glance(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """Composites of the patch and their stretch."""
    if not having(dossiers, "patch"):
        return
    pictures, stretch = st.container(), stretch_choice()
    with pictures:
        for ending, dossier, values in arrays(dossiers, "patch"):
            warn_of_another_place(dossier)
            with st.container(key=f"patches{ending}"):
                for column, name in zip(st.columns(len(COMPOSITES), gap="small"), COMPOSITES, strict=True):
                    shown = drawn(patch.picture, render(values, LOOKS[name], stretch))
                    column.image(shown.png, width="stretch", alt=shown.alt, output_format=FORMAT)
                    column.caption(shown.caption)
    st.caption(patch.stretch_note(stretch))


def landsat_glance(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """The curve of a band or an index."""
    if having(dossiers, "landsat"):
        with heading("Twenty years of Landsat"):
            measure = MEASURES[measure_choice()]
        draw = partial(figures, dossiers, "landsat", name="landsat", twin=False)
        draw(lambda values: curve(measure_curve(values, measure), measure))


def climate_glance(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """One climate diagram."""
    if having(dossiers, "climate"):
        with heading("Climate"):
            draw = linked.view("Diagram", DIAGRAMS, Key.CLIMATE_DIAGRAM)
        figures(dossiers, "climate", draw, "climate", twin=False)


def environment_glance(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """The predictors WORTH a glance."""
    if having(dossiers, "environment"):
        for _ending, _dossier, values in arrays(dossiers, "environment"):
            _environment(values)


def _environment(values: np.ndarray) -> None:
    physical = dict(zip(ENVIRONMENT.channels, ENVIRONMENT.to_physical(values), strict=True))
    units = dict(zip(ENVIRONMENT.channels, ENVIRONMENT.units, strict=True))
    st.markdown("#### Environment")
    st.html(facts((title, _quantity(float(physical[name]), units[name])) for name, title in WORTH))


def _quantity(value: float, unit: str) -> str:
    """The value with its unit, a dash for an unknown one; the sign of acidity stands before its number.

    >>> _quantity(5.0, "pH"), _quantity(404.2, "mm"), _quantity(float("nan"), "%")
    ('pH 5.0', '404 mm', '–')
    """
    if value != value:
        return UNKNOWN
    return f"pH {fixed(value, 1)}" if unit == "pH" else f"{number(value)} {unit}"
