"""Land and sea of Europe on a 0.02 degree grid.

The grid was sampled once from the `global-land-mask` package (GLOBE 1 km, NOAA) by `python -m sdm.geo.coastline`;
the package, which needs a gigabyte of memory, must be installed for that alone. Lakes count as land.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from sdm.geo.projections import laea_km

WEST, EAST, SOUTH, NORTH = -25.0, 45.0, 34.0, 72.0
STEP = 0.02  # degrees
ASSET = Path(__file__).with_name("coastline.npz")


@lru_cache(maxsize=1)
def _mask() -> np.ndarray:
    """(rows from the south, columns from the west) bool, True on land."""
    with np.load(ASSET, allow_pickle=False) as asset:
        packed = np.bitwise_xor.accumulate(asset["rows"], axis=0)
    return np.unpackbits(packed, axis=1, count=round((EAST - WEST) / STEP)).astype(bool)


def is_land(lon: np.ndarray | float, lat: np.ndarray | float) -> np.ndarray:
    """True where (lon, lat) in degrees is land of the mapped window; False at sea and outside the window."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    mask = _mask()
    column = np.floor((lon - WEST) / STEP).astype(int)
    row = np.floor((lat - SOUTH) / STEP).astype(int)
    inside = (column >= 0) & (column < mask.shape[1]) & (row >= 0) & (row < mask.shape[0])
    return inside & mask[np.clip(row, 0, mask.shape[0] - 1), np.clip(column, 0, mask.shape[1] - 1)]


def _touching(cells: np.ndarray) -> np.ndarray:
    """The cells beside one of `cells`, up, down, left or right."""
    near = np.zeros_like(cells)
    near[1:] |= cells[:-1]
    near[:-1] |= cells[1:]
    near[:, 1:] |= cells[:, :-1]
    near[:, :-1] |= cells[:, 1:]
    return near


@lru_cache(maxsize=1)
def _shore() -> cKDTree:
    """Centres of the sea cells that touch land, km."""
    row, column = np.nonzero(_touching(_mask()) & ~_mask())
    return cKDTree(np.column_stack(laea_km(WEST + (column + 0.5) * STEP, SOUTH + (row + 0.5) * STEP)))


@lru_cache(maxsize=1)
def _land_edge() -> cKDTree:
    """Centres of the land cells that touch sea, km."""
    row, column = np.nonzero(_touching(~_mask()) & _mask())
    return cKDTree(np.column_stack(laea_km(WEST + (column + 0.5) * STEP, SOUTH + (row + 0.5) * STEP)))


def in_window(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """True where (lon, lat) in degrees lies in the window that is mapped."""
    return np.asarray((lon >= WEST) & (lon < EAST) & (lat >= SOUTH) & (lat < NORTH))


def land_distance(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Distance to the nearest land of the mapped window in km, float (n,): 0 on land, else to the centre of a cell
    of 0.02 degrees; NaN outside the window, of which nothing is known."""
    known = in_window(lon, lat)
    distance = np.where(known, 0.0, np.nan)
    sea = known & ~is_land(lon, lat)
    if sea.any():
        distance[sea] = _land_edge().query(np.column_stack(laea_km(lon[sea], lat[sea])))[0]
    return distance


def coast_distance(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Distance to the nearest sea in km, same shape as `lon`; about 0 to 2 km out at the shore."""
    x, y = laea_km(lon, lat)
    distance, _ = _shore().query(np.stack([x, y], axis=-1))
    return np.asarray(distance)


def _sample_globe() -> np.ndarray:
    from global_land_mask import globe

    lon = WEST + (np.arange(round((EAST - WEST) / STEP)) + 0.5) * STEP
    lat = SOUTH + (np.arange(round((NORTH - SOUTH) / STEP)) + 0.5) * STEP
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    return np.asarray(globe.is_land(grid_lat, grid_lon))


def main() -> None:
    """Write the asset: rows as packed bits, each but the first XORed with the row south of it."""
    packed = np.packbits(_sample_globe(), axis=1)
    packed[1:] ^= packed[:-1].copy()
    np.savez_compressed(ASSET, rows=packed)


if __name__ == "__main__":
    main()
