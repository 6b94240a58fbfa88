"""The modalities by name."""

from __future__ import annotations

from collections.abc import Iterable

from sdm.modalities.climate import CLIMATE
from sdm.modalities.environment import ENVIRONMENT
from sdm.modalities.landsat import LANDSAT
from sdm.modalities.modality import Modality
from sdm.modalities.patch import PATCH

MODALITIES: dict[str, Modality] = {m.name: m for m in (PATCH, LANDSAT, CLIMATE, ENVIRONMENT)}


def in_order(names: Iterable[str]) -> list[str]:
    """`names` in the order of lists of inputs."""
    return sorted(names, key=lambda name: MODALITIES[name].order)


def of_edition(edition: int) -> tuple[str, ...]:
    """The modalities that a tree of `edition` may hold."""
    return tuple(name for name, m in MODALITIES.items() if any(row.edition == edition for row in m.layouts))
