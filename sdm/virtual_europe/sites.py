"""Sites: single study areas, each a transect or grid of stations tens to hundreds of metres apart.

Numbers and spacings were set so that nearest neighbours are as close as among the 14,784 test surveys of
GeoLifeCLEF 2025 (see `measures/clustering.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.hashing import combine, normal, uniform

_STATIONS, _STATIONS_SPREAD, _MOST = 40.0, 1.1, 200  # median number of a site, its log spread, the largest
_SPACING, _SPACING_SPREAD = 0.065, 0.6  # median, km, and its log spread
_UNSURE, _GPS = 0.6, 0.008  # share of plots not laid on the very station, and how far they miss it, km
KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Sites:
    """N study areas: the first station in degrees, and how the others lie from there."""

    key: np.ndarray  # uint64
    lon: np.ndarray
    lat: np.ndarray
    stations: np.ndarray  # int
    line: np.ndarray  # stations of a line, as many as `stations` in a transect
    spacing: np.ndarray  # km
    angle: np.ndarray  # radians, of the lines

    def __getitem__(self, rows: np.ndarray) -> Sites:
        return Sites(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def sites(key: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> Sites:
    """The sites of these keys whose first stations lie at degrees."""
    count = np.exp(np.log(_STATIONS) + _STATIONS_SPREAD * normal(key, "stations")).clip(1, _MOST).astype(int)
    grid = uniform(key, "grid") < 0.5
    return Sites(
        key, lon, lat, count, np.where(grid, np.ceil(np.sqrt(count)), count).astype(int),
        (_SPACING * np.exp(_SPACING_SPREAD * normal(key, "spacing"))).clip(0.01, 0.6),
        2 * np.pi * uniform(key, "angle"),
    )  # fmt: skip


def station(of: Sites, share: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of the station at `share` 0..1 of each site's list, as the survey `key` found it."""
    number = (share * of.stations).astype(int)
    along, across = (number % of.line) * of.spacing, (number // of.line) * of.spacing
    missed = _GPS * (uniform(key, "unsure") < _UNSURE)
    own = combine(key.view(np.int64), number)
    east = along * np.cos(of.angle) - across * np.sin(of.angle) + missed * normal(own, "east")
    north = along * np.sin(of.angle) + across * np.cos(of.angle) + missed * normal(own, "north")
    lon = of.lon + east / (KM_PER_DEGREE * np.cos(np.radians(of.lat)))
    return np.round(lon.clip(WEST, EAST), 6), np.round((of.lat + north / KM_PER_DEGREE).clip(SOUTH, NORTH), 6)
