"""The modalities by name."""

from __future__ import annotations

from collections.abc import Iterable

from sdm.modalities.climate import CLIMATE
from sdm.modalities.environment import ENVIRONMENT
from sdm.modalities.landsat import LANDSAT
from sdm.modalities.modality import ModalityRegistry
from sdm.modalities.patch import PATCH
from sdm.modalities.raster_bands import raster_modality

MODALITIES = ModalityRegistry((PATCH, LANDSAT, CLIMATE, ENVIRONMENT), raster_modality)


def in_order(names: Iterable[str]) -> list[str]:
    """`names` in the order of lists of inputs."""
    return sorted(names, key=lambda name: MODALITIES[name].order)


def of_edition(edition: int) -> tuple[str, ...]:
    """The modalities that a tree of `edition` may hold."""
    return tuple(name for name, m in MODALITIES.items() if any(row.edition == edition for row in m.layouts))
