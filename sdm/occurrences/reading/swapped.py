"""Whether longitude and latitude of records seem to stand in each other's column."""

from __future__ import annotations

import numpy as np
from pyproj.exceptions import ProjError

from sdm.geo.coastline import is_land
from sdm.occurrences.reading.positions import in_degrees

LARGER = 0.5  # the share of records that gain a plausible place by the swap
MOST = 20_000  # records that are looked at


def swapped(x: np.ndarray, y: np.ndarray, crs: str) -> int:
    """How many records would gain a plausible place, were x and y swapped; 0 unless most of them would.

    Plausible is land of the mapped Europe or, where neither reading lies there, a place on the globe. A hint,
    no proof: records of East Africa swapped are in Europe.
    """
    known = np.isfinite(x) & np.isfinite(y)
    if not crs or not known.any():
        return 0
    rows = np.flatnonzero(known)
    rows = rows[:: max(len(rows) // MOST, 1)]
    as_read, other = _plausible(x[rows], y[rows], crs), _plausible(y[rows], x[rows], crs)
    place = 0 if other[0].any() or as_read[0].any() else 1
    gained = (other[place] & ~as_read[place]).mean() - (as_read[place] & ~other[place]).mean()
    return round(gained * int(known.sum())) if gained > LARGER else 0


def _plausible(x: np.ndarray, y: np.ndarray, crs: str) -> tuple[np.ndarray, np.ndarray]:
    """bool (N,) each: land of Europe, on the globe."""
    try:
        lon, lat = in_degrees(x, y, crs)
    except ProjError:
        return np.zeros(len(x), bool), np.zeros(len(x), bool)
    globe = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return is_land(np.where(globe, lon, -180), np.where(globe, lat, -90)) & globe, globe
