"""The land of Europe as the cells of a regular grid of longitude and latitude."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.regions import in_europe


@dataclass(frozen=True)
class LandGrid:
    """The N land cells of a grid of `shape` (rows from the south, columns from the west), `step` degrees wide.

    `cell` int64 (N,) is the position of each in the raveled grid; `lon`, `lat` (N,) are centres in degrees.
    """

    step: float
    shape: tuple[int, int]
    cell: np.ndarray
    lon: np.ndarray
    lat: np.ndarray

    def __len__(self) -> int:
        return len(self.cell)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Return float32 of `shape`: `values` (N,) in their cells, NaN at sea."""
        whole = np.full(self.shape, np.nan, np.float32)
        whole.ravel()[self.cell] = values
        return whole

    def table(self, probability: np.ndarray) -> pd.DataFrame:
        """Return one row per cell: lon, lat, probability."""
        return pd.DataFrame({"lon": self.lon, "lat": self.lat, "probability": probability})

    @property
    def lon_edges(self) -> np.ndarray:
        """Degrees, one more than there are columns."""
        return WEST + self.step * np.arange(self.shape[1] + 1)

    @property
    def lat_edges(self) -> np.ndarray:
        """Degrees, one more than there are rows."""
        return SOUTH + self.step * np.arange(self.shape[0] + 1)


def land_cells(step: float) -> LandGrid:
    """Return the cells of `step` degrees whose centres are land of a European country."""
    lon, lat = np.arange(WEST + step / 2, EAST, step), np.arange(SOUTH + step / 2, NORTH, step)
    east, north = (axis.ravel() for axis in np.meshgrid(lon, lat))
    cell = np.flatnonzero(in_europe(east, north))
    return LandGrid(step, (len(lat), len(lon)), cell, east[cell], north[cell])
