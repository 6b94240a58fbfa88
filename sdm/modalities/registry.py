"""The modalities by name."""

from __future__ import annotations

from collections.abc import Iterable

from sdm.modalities.climate import CLIMATE
from sdm.modalities.environment import ENVIRONMENT
from sdm.modalities.landsat import LANDSAT
from sdm.modalities.modality import Modality, ModalityRegistry
from sdm.modalities.patch import PATCH
from sdm.modalities.predictors import is_predictors, predictors_modality
from sdm.modalities.raster_bands import raster_modality
from sdm.modalities.wide_patch import WIDE_PATCH


def _described(name: str) -> Modality:
    """The modality that its name describes; KeyError for what is no such name."""
    return predictors_modality(name) if is_predictors(name) else raster_modality(name)


MODALITIES = ModalityRegistry((PATCH, LANDSAT, CLIMATE, ENVIRONMENT, WIDE_PATCH), _described)


def in_order(names: Iterable[str]) -> list[str]:
    """`names` in the order of lists of inputs."""
    return sorted(names, key=lambda name: MODALITIES[name].order)


def of_edition(edition: int) -> tuple[str, ...]:
    """The modalities that a tree of `edition` may hold."""
    return tuple(name for name, m in MODALITIES.items() if any(row.edition == edition for row in m.layouts))
