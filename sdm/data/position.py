"""Where surveys lie: the nearest one to a click, and whether a patch lies where its survey does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.data.splits import great_circle_km, unit_vectors
from sdm.errors import DataError
from sdm.formats.geotiff import read_patch

POSITION_LIMIT_M = 100.0  # a patch is laid out on the 10 m grid; its centre falls within metres of the survey
FAR_KM = 25.0  # beyond it the nearest survey tells of another place


class SiteIndex:
    """Finds the survey nearest to a place, on the sphere. Build it once for a table of sites."""

    def __init__(self, sites: pd.DataFrame) -> None:
        lon, lat = sites["lon"].to_numpy(np.float64), sites["lat"].to_numpy(np.float64)
        self._rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        points = unit_vectors(lon[self._rows], lat[self._rows])
        self._tree = cKDTree(points, balanced_tree=False, compact_nodes=False)

    def nearest(self, lon: float, lat: float) -> tuple[int, float]:
        """Row and distance (km) of the survey nearest to a place in degrees; DataError without any survey."""
        if not self._rows.size:
            raise DataError("no survey has a position")
        distance, at = self._tree.query(unit_vectors(lon, lat))
        return int(self._rows[at]), float(great_circle_km(distance))

    def around(self, lon: float, lat: float, count: int) -> np.ndarray:
        """int64: rows of the `count` surveys nearest to a place in degrees, or of all there are, nearest first."""
        if not self._rows.size:
            return self._rows
        _, at = self._tree.query(unit_vectors(lon, lat), k=np.arange(1, min(count, self._rows.size) + 1))
        return self._rows[at]


def distance_km(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Great-circle distance between two places in degrees.

    >>> round(distance_km(0, 0, 0, 1), 2)
    111.2
    """
    a, b = unit_vectors(lon_a, lat_a), unit_vectors(lon_b, lat_b)
    return float(great_circle_km(np.linalg.norm(a - b)))


def check_position(path: Path, lon: float, lat: float) -> float:
    """Metres between the centre of the patch in `path` and a place in degrees; DataError for a damaged file."""
    try:
        centre_lon, centre_lat = read_patch(path).centre()
    except DataError as problem:
        if problem.where is None:
            raise DataError(problem.what, where=path, got=problem.got) from None
        raise
    return 1000 * distance_km(centre_lon, centre_lat, lon, lat)
