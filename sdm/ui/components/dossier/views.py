"""How a dossier shows each modality: views by name; a modality names its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from sdm.analysis.climate import anomalies
from sdm.analysis.environment import table as environment_table
from sdm.analysis.landsat import measure_table
from sdm.analysis.spectral_indices import pixel_table
from sdm.analysis.values import usual_table, value_table
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.series import series
from sdm.modalities import MODALITIES, WIDE_PATCH, Modality
from sdm.ui.cache import datasets
from sdm.ui.components.dossier import (
    climate,
    environment,
    glance,
    image,
    landsat,
    monthly,
    picture,
    predictors,
    spectrum,
    wide_patch,
)
from sdm.ui.components.dossier.sides import figures, having


@dataclass(frozen=True)
class ModalityView:
    """How a dossier shows one modality.

    - title: the name of its part
    - show: one or two dossiers in full, and their data set
    - glance: the same in short
    - table: what is downloaded, from values (*shape) in stored units and the data set
    """

    title: str
    show: Callable[[Sequence[Dossier], Dataset], None]
    glance: Callable[[Sequence[Dossier], Dataset], None]
    table: Callable[[np.ndarray, Dataset], pd.DataFrame]


VIEWS = {
    "picture": ModalityView(
        "Patch", picture.show, glance.patch_glance, lambda values, _: pixel_table(values)
    ),
    "landsat": ModalityView(
        "Landsat", landsat.show, glance.landsat_glance, lambda values, _: measure_table(values)
    ),
    "climate": ModalityView("Climate", climate.show, glance.climate_glance, lambda values, _: anomalies(values)),
    "environment": ModalityView(
        "Environment", environment.show, glance.environment_glance,
        lambda values, data: environment_table(values, datasets.reference(data)),
    ),
    "whole picture": ModalityView(
        "Whole patch", wide_patch.show, wide_patch.glance, lambda values, _: value_table(values, WIDE_PATCH)
    ),
}  # fmt: skip


def _series(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """A curve per channel along the last axis, with their table, and where they come from."""
    _series_glance(modality, dossiers, data, twin=True)
    st.caption(f"Source: {modality.source}.")


def _series_glance(modality: Modality, dossiers: Sequence[Dossier], _: Dataset, twin: bool = False) -> None:
    if having(dossiers, modality.name):
        st.markdown(f"#### {modality.title}")
        draw = partial(figures, dossiers, modality.name, name=modality.name, twin=twin)
        draw(lambda values: series(usual_table(values, modality), modality))


# Views of any modality of a kind, in full and in short.
OF_MODALITY: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    "series": (_series, _series_glance),
    "monthly": (monthly.show, monthly.glance),
    "spectrum": (spectrum.show, spectrum.glance),
    "image": (image.show, image.glance),
    "predictors": (predictors.show, predictors.glance),
    "photo": (image.show_photo, image.photo_glance),
}


def view_of(modality: str) -> ModalityView:
    """The view that `modality` names."""
    row = MODALITIES[modality]
    if row.view in VIEWS:
        return VIEWS[row.view]
    show, in_short = OF_MODALITY[row.view]
    return ModalityView(
        row.title, partial(show, row), partial(in_short, row), lambda values, _: value_table(values, row)
    )


def known_modalities(dossiers: Sequence[Dossier]) -> list[str]:
    """The modalities that any of the dossiers has or lacks, images first."""
    names = {name for dossier in dossiers for name in dossier.values}
    listed = list(MODALITIES)
    place = {name: listed.index(name) if name in listed else len(listed) for name in names}
    return sorted(names, key=lambda name: (not MODALITIES[name].is_image, place[name], name))
