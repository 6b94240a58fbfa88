"""Weather of the years 2000 to 2020 in Europe: winters and droughts on record, and chance in slow waves.

The climate cubes and the Landsat series of a place follow the same months.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.geo.hashing import combine, normal, stream
from sdm.geo.projections import laea_km
from sdm.modalities import CLIMATE_YEARS, LANDSAT_YEARS

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
_MONTHS = np.arange(12)
_STEPS = 12 * len(YEARS)
_OF_CUBES = len(CLIMATE_YEARS)  # the first years: those of the climate cubes
_WAVES = 24  # plane waves of a variable
# Shortest and longest waves, km, and the correlation of a month with the one before.
_WARMTH, _RAIN, _SPAN = (1800, 6000, 0.3), (800, 2600, 0.14), (1200, 4000, 0.2)
# A quarter (formats: from 2 Dec, 21 Mar, 25 Jun, 13 Sep) as weights of months of its year.
_QUARTERS = np.array([
    [1, 1, 0.6, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0.4, 1, 1, 0.8, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0.2, 1, 1, 0.4, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0.6, 1, 1, 0.6],
])  # fmt: skip
_QUARTERS /= _QUARTERS.sum(axis=1, keepdims=True)
_QUARTER_OF_MONTH = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
# What temperature shares with rain in the same month: cool when wet in summer, mild when wet in winter.
_SHARED = -0.05 + 0.4 * np.cos(2 * np.pi * (_MONTHS - 0.5) / 12)
_GROWING = (_MONTHS >= 3) & (_MONTHS <= 8)
_DROUGHT = 1.3  # deviations of rain in the growing season of the worst drought
_MEMORY = 0.3  # correlation of the ground's wetness with the quarter before
_QUARTER_RAIN = 0.63  # standard deviation of the mean of a quarter's rain


def drought_of_years(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Severity of drought at each place and year, 0..1, (N, 21)."""
    severity = np.zeros((len(lon), len(YEARS)), np.float32)
    for year, east, north, reach, strength in DROUGHTS:
        distance = np.hypot((lon - east) * np.cos(np.radians(lat)), lat - north)
        severity[:, year - YEARS[0]] += strength * np.exp(-((distance / reach) ** 2))
    return severity


def warmth(lon: np.ndarray, lat: np.ndarray, swing: np.ndarray) -> np.ndarray:
    """Departure of each month's temperature from its normal, K, (N, 21, 12), without a trend of its own.

    `swing` (N, 12) is the standard deviation: warm and cold quarters on record, and chance for the rest.
    """
    on_record = quarters_on_record(lat)[:, :, _QUARTER_OF_MONTH]
    left = np.sqrt(np.maximum(swing**2 - on_record.var(axis=1), 0.2))[:, None]
    chance = np.sqrt(1 - _SHARED**2) * _waves(lon, lat, "temperature", _WARMTH) + _SHARED * rain(lon, lat)
    return _centred(on_record + left * chance)


def rain(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """How wet each month was for its season, of about unit variance, (N, 21, 12); droughts are not in it."""
    return _waves(lon, lat, "rain", _RAIN)


def rain_with_droughts(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """The same, less in the growing seasons of droughts."""
    return _centred(rain(lon, lat) - _DROUGHT * drought_of_years(lon, lat)[:, :, None] * _GROWING)


def span(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """How wide the daily range of temperature was for its month, of about unit variance, (N, 21, 12)."""
    return _waves(lon, lat, "daily range", _SPAN)


def quarters_on_record(lat: np.ndarray) -> np.ndarray:
    """Departure of each quarter's temperature from its mean, K, (N, 21, 4); a third of it in the far south."""
    table = np.zeros((len(YEARS), 4))
    for year, departures in ANOMALIES.items():
        table[year - YEARS[0]] = departures
    return np.asarray((table - table.mean(axis=0)) * np.clip((lat - 30.0) / 20.0, 0.33, 1.0)[:, None, None])


def by_quarter(months: np.ndarray) -> np.ndarray:
    """(N, 4, 21) float32 means over the quarters of values by month (N, 21, 12)."""
    return np.asarray(np.einsum("nym,qm->nqy", months, _QUARTERS), np.float32)


def quarter_wetness(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """How wet the ground was for its season, of about unit variance, (N, 4, 21)."""
    fallen = by_quarter(rain(lon, lat)).swapaxes(1, 2).reshape(len(lon), -1) / np.float32(_QUARTER_RAIN)
    for step in range(1, fallen.shape[1]):
        fallen[:, step] = _MEMORY * fallen[:, step - 1] + np.sqrt(1 - _MEMORY**2) * fallen[:, step]
    return fallen.reshape(len(lon), len(YEARS), 4).swapaxes(1, 2)


def _centred(months: np.ndarray) -> np.ndarray:
    """Less each month's mean over the years of the climate cubes."""
    return np.asarray(months - months[:, :_OF_CUBES].mean(axis=1, keepdims=True))


def _waves(lon: np.ndarray, lat: np.ndarray, name: str, kind: tuple[float, float, float]) -> np.ndarray:
    """(N, 21, 12) departures of variable `name`, of about unit variance."""
    shortest, longest, persistence = kind
    x, y = laea_km(lon, lat)
    vectors, phase = _wave_vectors(shortest, longest)
    waves = np.cos(np.stack([x, y], axis=1) @ vectors + phase)
    waves /= np.sqrt((waves**2).sum(axis=1, keepdims=True))
    heights = _wave_heights(name, persistence)
    total = np.zeros((len(x), _STEPS))
    for wave in range(_WAVES):  # one by one, so that a place ignores its batch
        total += waves[:, wave, None] * heights[wave]
    return _centred(total.reshape(len(x), len(YEARS), 12))


@lru_cache(maxsize=4)
def _wave_vectors(shortest: float, longest: float) -> tuple[np.ndarray, np.ndarray]:
    """Wave vectors (2, W) per km, and phases (W,)."""
    length = np.linspace(shortest, longest, _WAVES)
    angle = np.pi * (np.arange(_WAVES) * 0.618 % 1)
    vectors = 2 * np.pi / length * np.stack([np.cos(angle), np.sin(angle)])
    return vectors, normal(combine(stream("waves"), np.arange(_WAVES)), "phase") * 3


@lru_cache(maxsize=4)
def _wave_heights(name: str, persistence: float) -> np.ndarray:
    """(W, years x months) heights of the waves of variable `name`, of unit variance and without a trend.

    Each is an autoregressive process whose months have the correlation `persistence` with the month before.
    """
    fresh = normal(combine(stream(name), np.arange(_WAVES * _STEPS)), "month").reshape(_WAVES, _STEPS)
    heights = fresh.copy()
    for step in range(1, _STEPS):
        heights[:, step] = persistence * heights[:, step - 1] + np.sqrt(1 - persistence**2) * fresh[:, step]
    time = np.arange(_STEPS) - (_STEPS - 1) / 2
    heights -= np.outer(heights @ time / (time @ time), time)
    return np.asarray(heights)
