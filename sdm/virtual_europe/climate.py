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
_WARMING = 0.035  # K per year over Europe, 2000-2018
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
    """(W, years x months) heights of the waves of variable `name`.

    `persistence` is the share of the variance that all months of a year have in common.
    """
    years, months = len(CLIMATE_YEARS), 12
    key = combine(stream(name), np.arange(_WAVES * years * months))
    monthly = normal(key, "month").reshape(_WAVES, years, months)
    yearly = normal(combine(stream(name), np.arange(_WAVES * years)), "year").reshape(_WAVES, years, 1)
    return ((np.sqrt(1 - persistence) * monthly + np.sqrt(persistence) * yearly) * np.sqrt(2 / _WAVES)).reshape(
        _WAVES, -1
    )


def anomalies(places: Places, name: str, persistence: float) -> np.ndarray:
    """(N, 19, 12) smooth departures of variable `name` from each month's mean, of about unit variance."""
    x, y = laea_km(places.lon, places.lat)
    vectors, phase = _wave_vectors()
    waves = np.cos(np.stack([x, y], axis=1) @ vectors + phase)
    departure = (waves @ _wave_heights(name, persistence)).reshape(len(x), len(CLIMATE_YEARS), 12)
    return departure - departure.mean(axis=1, keepdims=True)


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
    winter = 1 + 0.55 * np.cos(2 * np.pi * (_MONTH - 0.5) / 12)
    swing = (0.55 + 0.085 * places.seasonality)[:, None, None] * winter
    trend = _WARMING * (np.array(CLIMATE_YEARS) - np.mean(CLIMATE_YEARS))[:, None]
    tas = mean[:, None] + 1.25 * swing * anomalies(places, "temperature", 0.12) + trend
    wet = anomalies(places, "rain", 0.02)
    # Dry months are the more variable ones; each month keeps its normal as its mean.
    spread = np.clip(0.62 - 0.05 * np.log(rain.clip(1) / 60), 0.4, 0.9)[:, None]
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
