"""Climate of a place month by month: seasons from its normals, years from slow waves over the continent."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.geo.hashing import combine, normal, stream
from sdm.geo.projections import laea_km
from sdm.modalities import CLIMATE_YEARS
from sdm.virtual_europe.place import Places

_MONTH = np.arange(12)
_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_WAVES = 24  # plane waves an anomaly is made of
_STEPS = len(CLIMATE_YEARS) * 12
# Persistence from month to month: monthly anomalies of the CHELSA series of the real survey 5000108 have .34, .14.
_TEMPERATURE_PERSISTENCE, _RAIN_PERSISTENCE = 0.36, 0.14
# Standard deviation of monthly temperature anomalies, K, and warming of 2000-2018, K per decade, by continentality
# (half the annual range, K): 1.24 and .05 at the real survey, both growing inland, by our setting.
_OCEANIC = 6.3  # K
_DEVIATION, _DEVIATION_GROWTH = 1.24, 0.17
_WARMING, _WARMING_GROWTH = 0.05, 0.075
_ZERO_KELVIN = 273.15


@lru_cache(maxsize=1)
def _wave_vectors() -> tuple[np.ndarray, np.ndarray]:
    """Wave vectors (2, W) per km of 1,800 to 6,000 km long waves, and phases (W,)."""
    key = combine(stream("waves"), np.arange(_WAVES))
    length = 1800 + 4200 * (np.arange(_WAVES) // 2 / 12)
    angle = np.pi * (np.arange(_WAVES) * 0.618 % 1)
    vectors = 2 * np.pi / length * np.stack([np.cos(angle), np.sin(angle)])
    return vectors, normal(key, "phase") * 3


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


def anomalies(places: Places, name: str, persistence: float) -> np.ndarray:
    """(N, 19, 12) smooth departures of variable `name` from each month's mean, of about unit variance."""
    x, y = laea_km(places.lon, places.lat)
    vectors, phase = _wave_vectors()
    waves = np.cos(np.stack([x, y], axis=1) @ vectors + phase)
    waves /= np.sqrt((waves**2).sum(axis=1, keepdims=True))
    departure = (waves @ _wave_heights(name, persistence)).reshape(len(x), len(CLIMATE_YEARS), 12)
    return np.asarray(departure - departure.mean(axis=1, keepdims=True))


def monthly_normals(places: Places) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, 12) each: mean temperature in °C, daily range in K, rain in mm of the normal year.

    The sea delays the seasons by up to three weeks.
    """
    lag = 0.35 * np.exp(-places.coast / 60)[:, None]
    season = -np.cos(2 * np.pi * (_MONTH + 0.5 - 0.75 - lag) / 12)
    mean = places.temperature[:, None] + places.seasonality[:, None] * season
    inland = 1 - np.exp(-places.coast / 60)
    width = 4.6 + 3.2 * inland + 3.4 * (1 - places.moisture) * inland
    daily = width[:, None] * (1 + 0.28 * season * (0.4 + 0.6 * inland)[:, None])
    # A first harmonic of this height gives the summer half its share; mountains and the far east peak earlier.
    height = np.pi * (places.summer_rain[:, None] - 0.5)
    rain = 1 + np.clip(height, -0.88, 0.88) * -np.cos(2 * np.pi * (_MONTH - 0.5) / 12)
    rain = np.maximum(rain, 0.04) * _DAYS
    return mean, daily, rain / rain.sum(axis=1, keepdims=True) * places.precipitation[:, None]


def monthly_series(places: Places) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(N, 19, 12) each: rain in mm, mean, highest and lowest temperature in °C, 2000 to 2018."""
    mean, daily, rain = monthly_normals(places)
    inland = places.seasonality[:, None] - _OCEANIC
    winter = np.cos(2 * np.pi * (_MONTH - 0.5) / 12)
    swing = np.maximum(_DEVIATION + _DEVIATION_GROWTH * inland, 0.8)
    swing = swing * (1 + np.clip(0.25 + 0.04 * inland, 0.1, 0.55) * winter)
    warming = np.maximum(_WARMING + _WARMING_GROWTH * inland, 0.0)[:, :, None] / 10
    trend = warming * (np.array(CLIMATE_YEARS) - np.mean(CLIMATE_YEARS))[:, None]
    tas = mean[:, None] + swing[:, None] * anomalies(places, "temperature", _TEMPERATURE_PERSISTENCE) + trend
    wet = anomalies(places, "rain", _RAIN_PERSISTENCE)
    # Dry months are the more variable ones, .51 at 60 mm in the real survey; each keeps its normal as its mean.
    spread = np.clip(0.51 - 0.10 * np.log(rain.clip(1) / 60), 0.35, 0.9)[:, None]
    factor = np.exp(spread * wet)
    fallen = rain[:, None] * factor / factor.mean(axis=1, keepdims=True)
    half = daily[:, None] * 0.5 * np.exp(-0.10 * wet)
    return fallen, tas, tas + half * 1.04, tas - half * 0.96


def climate_cubes(places: Places) -> np.ndarray:
    """(N, 4, 19, 12) float32 as stored: rain in mm x 100, then mean, highest, lowest temperature in K x 10.

    Whole numbers, as CHELSA stores them.
    """
    rain, *temperatures = monthly_series(places)
    stored = [rain * 100, *((t + _ZERO_KELVIN) * 10 for t in temperatures)]
    return np.rint(np.stack(stored, axis=1)).astype(np.float32)
