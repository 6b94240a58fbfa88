"""Land and height of Europe as rasters.

Heights and lakes were sampled once from `sdm.geo.relief` and `sdm.geo.lakes` by `python -m sdm.maps.terrain`,
which takes half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, spline_filter

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST, coast_distance, is_land
from sdm.geo.lakes import great_lake
from sdm.geo.relief import relief

ASSET = Path(__file__).with_name("heights.npz")
LAND_STEP, HEIGHT_STEP = 0.02, 0.05  # degrees
ROOT_STEP = 0.265  # heights are stored as their square root in these steps, one byte each
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
def land_share() -> Raster:
    """1 on land, 0 at sea and on great lakes, the shore where it passes 0.5."""
    land = is_land(*_grid(LAND_STEP))
    land &= ~np.unpackbits(_asset()["lakes"], axis=1, count=land.shape[1]).astype(bool)
    return _raster(gaussian_filter(land.astype(np.float32), COAST_BLUR), LAND_STEP)


@lru_cache(maxsize=1)
def height() -> Raster:
    """Elevation in m, 0 at sea."""
    roots = np.cumsum(_asset()["roots"], axis=1, dtype=np.uint8)
    return _raster((roots.astype(np.float32) * ROOT_STEP) ** 2, HEIGHT_STEP)


def inside(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """1 well within the mapped window, 0 outside, a soft edge between."""
    margin = np.minimum(np.minimum(lon - WEST, EAST - lon), np.minimum(lat - SOUTH, NORTH - lat))
    return np.clip(margin / EDGE_FADE, 0, 1).astype(np.float32)


def _grid(step: float) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = np.arange(WEST + step / 2, EAST, step), np.arange(SOUTH + step / 2, NORTH, step)
    return tuple(np.meshgrid(lon, lat))


def _asset() -> dict[str, np.ndarray]:
    with np.load(ASSET, allow_pickle=False) as asset:
        return dict(asset)


def _raster(values: np.ndarray, step: float) -> Raster:
    return Raster(spline_filter(values, order=3, mode="nearest", output=np.float32), step)


def main() -> None:
    """Write the asset: roots of the heights, each column less the one west of it; lakes as bits."""
    lon, lat = _grid(HEIGHT_STEP)
    land = is_land(lon, lat)
    heights = np.zeros(lon.shape)
    heights[land] = relief(lon[land], lat[land], coast_distance(lon[land], lat[land])).elevation
    roots = (np.sqrt(np.maximum(heights, 0)) / ROOT_STEP).round().astype(np.uint8)
    lakes = np.packbits(great_lake(*_grid(LAND_STEP)) > 0.5, axis=1)
    np.savez_compressed(ASSET, roots=np.diff(roots, axis=1, prepend=np.uint8(0)), lakes=lakes)


if __name__ == "__main__":
    main()
