"""The land of the virtual Europe on a regular grid, and the true probability of a species at every cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.regions import in_europe
from sdm.virtual_europe import flora
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.soil import sigmoid

STEP = 0.5  # degrees
YEAR = 2019


@dataclass(frozen=True)
class LandGrid:
    """The N land cells of a grid of `shape` (rows from the south, columns from the west), `step` degrees wide.

    `cell` int64 (N,) is the position of each in the raveled grid; `places` is what the world knows of its centre.
    """

    step: float
    shape: tuple[int, int]
    cell: np.ndarray
    places: Places

    def __len__(self) -> int:
        return len(self.cell)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """float32 of `shape`: `values` (N,) where they belong, NaN at sea."""
        whole = np.full(self.shape, np.nan, np.float32)
        whole.ravel()[self.cell] = values
        return whole

    @property
    def lon_edges(self) -> np.ndarray:
        """Degrees, one more than there are columns."""
        return WEST + self.step * np.arange(self.shape[1] + 1)

    @property
    def lat_edges(self) -> np.ndarray:
        """Degrees, one more than there are rows."""
        return SOUTH + self.step * np.arange(self.shape[0] + 1)


@lru_cache(maxsize=2)
def land_grid(seed: int, step: float = STEP, year: int = YEAR) -> LandGrid:
    """The land cells of Europe by their centres, surveyed in `year`."""
    lon, lat = np.arange(WEST + step / 2, EAST, step), np.arange(SOUTH + step / 2, NORTH, step)
    east, north = (axis.ravel() for axis in np.meshgrid(lon, lat))
    cell = np.flatnonzero(in_europe(east, north))
    return LandGrid(step, (len(lat), len(lon)), cell, places(east[cell], north[cell], year, seed))


def true_probability(grid: LandGrid, species_id: int, count: int) -> np.ndarray | None:
    """float32 (N,): the probability that a survey records the species, in a world of `count` species.

    None where no species of that world has this id.
    """
    column = np.flatnonzero(flora.species_ids(count) == species_id)
    if not column.size:
        return None
    position, named = int(column[0]), len(flora.flora())
    if position < named:  # the first ones of every world, some with a range of their own
        return flora.probabilities(grid.places)[:, position].astype(np.float32)
    return sigmoid(flora.features(grid.places) @ flora.weights(count)[:, position]).astype(np.float32)
