"""Description of a simulated tree, from its `world.json`."""

from __future__ import annotations

from dataclasses import dataclass

from sdm.data.dataset import Dataset
from sdm.data.tree import read_world


@dataclass(frozen=True)
class World:
    """The virtual Europe a tree was written from: its seed, its number of species, its size."""

    version: str
    seed: int
    species: int
    size: str


def world_of(dataset: Dataset) -> World | None:
    """Return the simulated world of `dataset`, None where it is not simulated or its `world.json` is absent."""
    if dataset.place is None or not dataset.simulated or dataset.world_version is None:
        return None
    about = read_world(dataset.place)
    seed, species = about.get("seed"), about.get("species")
    if not (isinstance(seed, int) and isinstance(species, int)):
        return None
    return World(dataset.world_version, seed, species, str(about.get("size", "")))
