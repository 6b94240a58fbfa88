"""Description of a simulated tree, from its `world.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdm.data.dataset import Dataset
from sdm.data.worlds import read_world


@dataclass(frozen=True)
class World:
    """The virtual Europe a tree was written from: its seed, its number of species, its size."""

    version: str
    seed: int
    species: int
    size: str


def world_of(dataset: Dataset) -> World | None:
    """Return the simulated world of `dataset`, None where it is not simulated or not described in full."""
    about, seed = _about(dataset), seed_of(dataset)
    species = about.get("species")
    if seed is None or not isinstance(species, int):
        return None
    return World(str(dataset.world_version), seed, species, str(about.get("size", "")))


def seed_of(dataset: Dataset) -> int | None:
    """Return the seed by which further surveys of `dataset` can be simulated, None where they cannot."""
    seed = _about(dataset).get("seed")
    return seed if isinstance(seed, int) else None


def _about(dataset: Dataset) -> dict[str, Any]:
    """Return the content of `world.json`, empty for data that are not simulated."""
    if dataset.place is None or not dataset.simulated or dataset.world_version is None:
        return {}
    return read_world(dataset.place)
