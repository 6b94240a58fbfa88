"""Weather of the years 2000 to 2020 in Europe: droughts on record, warm and wet quarters."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.geo.hashing import combine, normal, stream
from sdm.geo.projections import laea_km
from sdm.modalities import LANDSAT_YEARS

# Growing-season droughts: year, centre (degrees), reach (degrees of arc), severity 0..1.
# European Drought Observatory, drought.emergency.copernicus.eu, event reports; rounded.
DROUGHTS = (
    (2000, 25.0, 43.0, 8.0, 0.7),
    (2003, 8.0, 47.0, 9.0, 0.9),
    (2005, -4.0, 40.0, 7.0, 0.9),
    (2006, 20.0, 56.0, 8.0, 0.5),
    (2007, 24.0, 42.0, 8.0, 0.8),
    (2010, 38.0, 54.0, 11.0, 0.9),
    (2011, 3.0, 48.0, 7.0, 0.5),
    (2012, 20.0, 43.0, 11.0, 0.7),
    (2015, 16.0, 49.0, 9.0, 0.8),
    (2017, 5.0, 41.0, 10.0, 0.7),
    (2018, 12.0, 56.0, 10.0, 1.0),
    (2019, 14.0, 51.0, 8.0, 0.7),
    (2020, 24.0, 47.0, 9.0, 0.6),
)
# Departures of the quarters' temperature over northern and central Europe, K, rounded, after E-OBS v27
# (surfobs.climate.copernicus.eu): winter, spring, summer, autumn.
ANOMALIES = {
    2001: (0.2, 0.0, 0.5, 0.3),
    2003: (-0.8, 0.4, 1.6, -0.2),
    2006: (-1.4, -0.3, 1.0, 1.8),
    2007: (2.4, 1.0, 0.2, -0.4),
    2008: (2.0, 0.3, 0.0, 0.2),
    2010: (-2.2, 0.1, 0.8, -0.3),
    2011: (-1.4, 0.8, 0.0, 0.9),
    2013: (-1.2, -0.8, 0.5, 0.6),
    2014: (1.9, 1.0, 0.2, 1.3),
    2016: (1.6, 0.4, 0.5, 0.2),
    2018: (-0.2, 1.4, 1.8, 0.8),
    2019: (1.1, 0.3, 1.2, 0.6),
    2020: (2.8, 0.1, 0.7, 1.2),
}

YEARS = np.array(LANDSAT_YEARS)
_WAVES = 12
_MEMORY = 0.3  # correlation of the ground's wetness with the quarter before


def drought_of_years(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Severity of drought at each place and year, 0..1, (N, 21)."""
    severity = np.zeros((len(lon), len(YEARS)), np.float32)
    for year, east, north, reach, strength in DROUGHTS:
        distance = np.hypot((lon - east) * np.cos(np.radians(lat)), lat - north)
        severity[:, year - YEARS[0]] += strength * np.exp(-((distance / reach) ** 2))
    return severity


def quarter_anomalies(lat: np.ndarray) -> np.ndarray:
    """Departure of each quarter's temperature from its mean, K, (N, 4, 21); a third of it in the far south."""
    table = np.zeros((4, len(YEARS)), np.float32)
    for year, departures in ANOMALIES.items():
        table[:, year - YEARS[0]] = departures
    table -= table.mean(axis=1, keepdims=True)
    return table * np.clip((lat - 30.0) / 20.0, 0.33, 1.0)[:, None, None].astype(np.float32)


def quarter_wetness(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """How wet each quarter was for its season, of about unit variance, (N, 4, 21); alike over some 500 km."""
    x, y = laea_km(lon, lat)
    height, (east, north, phase) = _rains()
    total = np.zeros((len(x), len(YEARS) * 4), np.float32)
    for wave in range(_WAVES):  # one by one, so that a place ignores its batch
        total += np.cos(x * east[wave] + y * north[wave] + phase[wave]).astype(np.float32)[:, None] * height[wave]
    return total.reshape(-1, len(YEARS), 4).swapaxes(1, 2)


@lru_cache(maxsize=1)
def _rains() -> tuple[np.ndarray, np.ndarray]:
    """Heights of plane waves over the quarters, (W, 84), and their wave vectors per km and phases, (3, W)."""
    phase = 3 * normal(combine(stream("quarter wetness"), np.arange(_WAVES)), "phase")
    length, angle = np.geomspace(1200, 4000, _WAVES), np.pi * (np.arange(_WAVES) * 0.618 % 1)
    vectors = 2 * np.pi / length * np.stack([np.cos(angle), np.sin(angle)])
    steps = len(YEARS) * 4
    key = combine(stream("quarter wetness"), np.arange(_WAVES * steps))
    heights = normal(key, "height").reshape(_WAVES, steps)
    for step in range(1, steps):
        heights[:, step] = _MEMORY * heights[:, step - 1] + np.sqrt(1 - _MEMORY**2) * heights[:, step]
    scaled = (heights * np.sqrt(2 / _WAVES)).astype(np.float32)
    return scaled, np.stack([*vectors, phase])
