"""Great-circle distances on the sphere, and the survey nearest to a place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class SiteIndex:
    """The sites nearest to a place, among those of `rows` (int64, ascending) that have a position.

    `points` float64 (3, N): all sites of the table on the unit sphere, NaN without a position; indices of parts of
    the same table share them. One place is looked for by a scan, which takes milliseconds for 100,000 sites; the
    tree that many places need is built when first asked for.
    """

    points: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(cls, sites: pd.DataFrame) -> SiteIndex:
        """All `sites`: columns lon and lat in degrees, or NaN."""
        lon, lat = (sites[column].to_numpy(np.float64) for column in ("lon", "lat"))
        points = np.ascontiguousarray(np.moveaxis(unit_vectors(lon, lat), -1, 0))
        return cls(points, np.flatnonzero(np.isfinite(points[2]) & np.isfinite(points[0])))

    def where(self, keep: np.ndarray) -> SiteIndex:
        """Those whose row is True in `keep`."""
        return SiteIndex(self.points, self.rows[keep[self.rows]])

    def __len__(self) -> int:
        return int(self.rows.size)

    def __contains__(self, row: object) -> bool:
        place = np.searchsorted(self.rows, row)  # type: ignore[call-overload]
        return bool(place < len(self) and self.rows[place] == row)

    def nearest(self, lon: float, lat: float) -> tuple[int, float]:
        """Return row and distance in km of the site nearest to a place in degrees; DataError without one."""
        self._require_any()
        chords = self.squared_chords(lon, lat)
        first = int(chords.argmin())
        return int(self.rows[first]), float(great_circle_km(np.sqrt(chords[first])))

    def nearest_of(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return row (int64) and distance in km of the site nearest to each place; DataError without one."""
        self._require_any()
        distance, at = self._tree.query(unit_vectors(lon, lat))
        return self.rows[at], great_circle_km(distance)

    def around(self, lon: float, lat: float, count: int) -> np.ndarray:
        """Return rows (int64) of the `count` sites nearest to a place in degrees, or of all, nearest first."""
        chords = self.squared_chords(lon, lat)
        first = np.argpartition(chords, count)[:count] if count < len(chords) else np.arange(len(chords))
        return self.rows[first[np.argsort(chords[first], kind="stable")]]

    def squared_chords(self, lon: float, lat: float) -> np.ndarray:
        """Return squared chords of the unit sphere from a place in degrees to each of `rows`, float64.

        They grow with the distance, and are the same for the same two places, however many are asked for.
        """
        total = np.zeros(len(self.rows))
        everything = len(self.rows) == self.points.shape[1]
        for axis, own in zip(self.points, unit_vectors(lon, lat), strict=True):
            apart = (axis if everything else axis[self.rows]) - own
            total += np.square(apart, out=apart)
        return total

    def _require_any(self) -> None:
        if not len(self):
            raise DataError("no survey has a position")

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.points[:, self.rows].T, balanced_tree=False, compact_nodes=False)
