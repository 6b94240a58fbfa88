"""Great-circle distances on the sphere, and the survey nearest to a place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.errors import DataError

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
FAR_KM = 25.0  # a survey farther away says little about a place


def unit_vectors(lon: np.ndarray | float, lat: np.ndarray | float) -> np.ndarray:
    """Return points on the unit sphere, float64 (..., 3), of positions in degrees."""
    east, north = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)


def chord(km: float) -> float:
    """Return the chord on the unit sphere under a great-circle distance in km."""
    return 2.0 * float(np.sin(km / EARTH_RADIUS_KM / 2.0))


def great_circle_km(distance: float | np.floating | np.ndarray) -> np.ndarray:
    """Return the great-circle distance in km over a chord of the unit sphere; the inverse of `chord`."""
    return 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(np.asarray(distance) / 2.0, 0.0, 1.0))


def distance_km(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the great-circle distance in km between two places in degrees.

    >>> round(distance_km(0, 0, 0, 1), 2)
    111.2
    """
    a, b = unit_vectors(lon_a, lat_a), unit_vectors(lon_b, lat_b)
    return float(great_circle_km(np.linalg.norm(a - b)))


def squared_chords(lon: np.ndarray, lat: np.ndarray, from_lon: float, from_lat: float) -> np.ndarray:
    """Return squared chords of the unit sphere, float64 (n,), from one place in degrees to many; NaN stays NaN.

    They grow with the distance, and are the same for the same two places, however many are asked for at once.
    """
    east, north, up = np.moveaxis(unit_vectors(lon, lat) - unit_vectors(from_lon, from_lat), -1, 0)
    return east * east + north * north + up * up


class SiteIndex:
    """Nearest-neighbour search on the sphere over `sites`: columns lon and lat in degrees, or NaN."""

    def __init__(self, sites: pd.DataFrame) -> None:
        lon, lat = sites["lon"].to_numpy(np.float64), sites["lat"].to_numpy(np.float64)
        self._rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        points = unit_vectors(lon[self._rows], lat[self._rows])
        self._tree = cKDTree(points, balanced_tree=False, compact_nodes=False)

    def __len__(self) -> int:
        return int(self._rows.size)

    def nearest(self, lon: float, lat: float) -> tuple[int, float]:
        """Return row and distance in km of the survey nearest to a place in degrees; DataError without one."""
        row, km = self.nearest_of(np.asarray(lon), np.asarray(lat))
        return int(row), float(km)

    def nearest_of(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return row (int64) and distance in km of the survey nearest to each place; DataError without one."""
        if not self._rows.size:
            raise DataError("no survey has a position")
        distance, at = self._tree.query(unit_vectors(lon, lat))
        return self._rows[at], great_circle_km(distance)

    def around(self, lon: float, lat: float, count: int) -> np.ndarray:
        """Return rows (int64) of the `count` surveys nearest to a place in degrees, or of all, nearest first."""
        if not self._rows.size:
            return self._rows
        _, at = self._tree.query(unit_vectors(lon, lat), k=np.arange(1, min(count, self._rows.size) + 1))
        return self._rows[at]
