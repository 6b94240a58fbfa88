"""The virtual Europe at every cell of a regular grid, and the true probability of a species there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.geo.grid import LandGrid, land_cells
from sdm.virtual_europe import flora, occurrence
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.place import Places

STEP = 0.5  # degrees
YEAR = 2019


@dataclass(frozen=True)
class SimulatedGrid(LandGrid):
    """A grid of land cells with what the simulator knows of the centre of each, surveyed in one year."""

    places: Places


@lru_cache(maxsize=2)
def land_grid(seed: int, step: float = STEP, year: int = YEAR) -> SimulatedGrid:
    """Return the land cells of Europe, surveyed in `year` at their centres."""
    land = land_cells(step)
    return SimulatedGrid(**vars(land), places=places(land.lon, land.lat, year, seed))


def true_probability(grid: SimulatedGrid, species_id: int, count: int) -> np.ndarray | None:
    """Return float32 (N,): the probability that a survey of a standard plot records the species.

    `count` is the number of species of the world.

    None where no species of that world has this id.
    """
    column = np.flatnonzero(flora.species_ids(count) == species_id)
    if not column.size:
        return None
    position = int(column[0])
    named = len(flora.flora())  # the first ones of every world
    return occurrence.probabilities(grid.places, max(position + 1, named))[:, position].astype(np.float32)
