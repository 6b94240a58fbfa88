"""How a dossier shows each modality: views by name; a modality names its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sdm.analysis.bands import pixel_table
from sdm.analysis.climate import anomalies
from sdm.analysis.environment import table as environment_table
from sdm.analysis.landsat import measure_table
from sdm.analysis.values import value_table
from sdm.data.survey import Dossier
from sdm.modalities import MODALITIES
from sdm.ui import cache
from sdm.ui.components.dossier import climate, environment, glance, landsat, picture, series


@dataclass(frozen=True)
class ModalityView:
    """How a dossier shows one modality.

    - title: the name of its part
    - show: one or two dossiers in full, and the key of their data set
    - glance: the same in short
    - table: what is downloaded, from values (*shape) in stored units and the key of the data set
    """

    title: str
    show: Callable[[Sequence[Dossier], str], None]
    glance: Callable[[Sequence[Dossier]], None]
    table: Callable[[np.ndarray, str], pd.DataFrame]


SERIES = "series"  # of a modality without a view of its own
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
        lambda values, key: environment_table(values, cache.reference(key)),
    ),
}  # fmt: skip


def view_of(modality: str) -> ModalityView:
    """The view that `modality` names."""
    row = MODALITIES[modality]
    if row.view != SERIES:
        return VIEWS[row.view]
    show, glanced = partial(series.show, row), partial(series.glance, row)
    return ModalityView(row.title, show, glanced, lambda values, _: value_table(values, row))


def known_modalities(shown: Sequence[Dossier]) -> list[str]:
    """The modalities that any of the dossiers has or lacks, images first."""
    names = [name for name in MODALITIES if any(name in dossier.values for dossier in shown)]
    return sorted(names, key=lambda name: not MODALITIES[name].is_image)
