"""Land and height of Europe as rasters, sampled once from the simulated world's own geography."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, spline_filter

from sdm.world.geography import elevation
from sdm.world.land import EAST, NORTH, SOUTH, WEST, is_land

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
LAND_STEP, HEIGHT_STEP = 0.02, 0.04  # degrees
COAST_BLUR = 0.8  # cells: rounds the staircase of the land grid
EDGE_FADE = 1.2  # degrees over which the map ends softly


@dataclass(frozen=True)
class Raster:
    """Values on a regular grid of cell centres over the window, row 0 south, as cubic spline coefficients."""

    spline: np.ndarray
    step: float

    def at(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Interpolated values, float32; those at the edge continue outward."""
        row, column = (lat - SOUTH) / self.step - 0.5, (lon - WEST) / self.step - 0.5
        return map_coordinates(
            self.spline, [row, column], order=3, mode="nearest", prefilter=False, output=np.float32
        )


@lru_cache(maxsize=1)
def landness() -> Raster:
    """1 on land, 0 at sea, the coast where it passes 0.5."""
    return _raster(gaussian_filter(_sample(is_land, LAND_STEP), COAST_BLUR), LAND_STEP)


@lru_cache(maxsize=1)
def height() -> Raster:
    """Elevation in m, 0 at sea."""
    return _raster(_sample(elevation, HEIGHT_STEP), HEIGHT_STEP)


def inside(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """1 well within the mapped window, 0 outside, a soft edge between."""
    margin = np.minimum(np.minimum(lon - WEST, EAST - lon), np.minimum(lat - SOUTH, NORTH - lat))
    return np.clip(margin / EDGE_FADE, 0, 1).astype(np.float32)


def _raster(values: np.ndarray, step: float) -> Raster:
    return Raster(spline_filter(values, order=3, mode="nearest", output=np.float32), step)


def _sample(field: Field, step: float) -> np.ndarray:
    lon = np.arange(WEST + step / 2, EAST, step)
    rows = [
        field(lon, np.full_like(lon, lat)).astype(np.float32) for lat in np.arange(SOUTH + step / 2, NORTH, step)
    ]
    return np.nan_to_num(np.stack(rows))
