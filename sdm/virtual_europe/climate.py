"""Climate of a place month by month: seasons from its normals, years from their weather (`weather.py`)."""

from __future__ import annotations

import numpy as np

from sdm.modalities import CLIMATE_YEARS
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.weather import YEARS, rain_with_droughts, span, warmth

_MONTH = np.arange(12)
_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
# Standard deviation of monthly temperature anomalies, K, and warming of 2000-2018, K per decade, by continentality
# (half the annual range, K): 1.24 and .05 at the real survey, both growing inland, by our setting.
_OCEANIC = 6.3  # K
_DEVIATION, _DEVIATION_GROWTH = 1.24, 0.17
_WARMING, _WARMING_GROWTH = 0.05, 0.075
_AUTUMN, _MARITIME_KM = 0.25, 120.0  # relative height of the autumn rains at the coast, and how far they reach
_ZERO_KELVIN = 273.15


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
    autumn = _AUTUMN * np.exp(-places.coast / _MARITIME_KM)  # warm seas bring rain to coasts from October on
    rain = rain + autumn[:, None] * np.cos(2 * np.pi * (_MONTH - 9.5) / 12)
    rain = np.maximum(rain, 0.04) * _DAYS
    return mean, daily, rain / rain.sum(axis=1, keepdims=True) * places.precipitation[:, None]


def temperature_departures(lon: np.ndarray, lat: np.ndarray, seasonality: np.ndarray) -> np.ndarray:
    """(N, 21, 12) departures of each month's temperature from its normal, K, 2000 to 2020, with the warming."""
    inland = seasonality[:, None] - _OCEANIC
    winter = np.cos(2 * np.pi * (_MONTH - 0.5) / 12)
    swing = np.maximum(_DEVIATION + _DEVIATION_GROWTH * inland, 0.8)
    swing = swing * (1 + np.clip(0.25 + 0.04 * inland, 0.1, 0.55) * winter)
    warming = np.maximum(_WARMING + _WARMING_GROWTH * inland, 0.0)[:, :, None] / 10
    trend = warming * (YEARS - np.mean(CLIMATE_YEARS))[:, None]
    return np.asarray(warmth(lon, lat, swing) + trend)


def monthly_series(places: Places) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(N, 19, 12) each: rain in mm, mean, highest and lowest temperature in °C, 2000 to 2018."""
    years = slice(len(CLIMATE_YEARS))
    mean, daily, rain = monthly_normals(places)
    tas = mean[:, None] + temperature_departures(places.lon, places.lat, places.seasonality)[:, years]
    wet = rain_with_droughts(places.lon, places.lat)[:, years]
    # Dry months are the more variable ones, .51 at 60 mm in the real survey; each keeps its normal as its mean.
    spread = np.clip(0.51 - 0.10 * np.log(rain.clip(1) / 60), 0.35, 0.9)[:, None]
    factor = np.exp(spread * wet)
    fallen = rain[:, None] * factor / factor.mean(axis=1, keepdims=True)
    own = span(places.lon, places.lat)[:, years]
    half = daily[:, None] * 0.5 * np.exp(-0.05 * wet + 0.10 * own)
    return fallen, tas, tas + half * 1.04, tas - half * 0.96


def climate_cubes(places: Places) -> np.ndarray:
    """(N, 4, 19, 12) float32 as stored: rain in mm x 100, then mean, highest, lowest temperature in K x 10.

    Whole numbers, as CHELSA stores them.
    """
    rain, *temperatures = monthly_series(places)
    stored = [rain * 100, *((t + _ZERO_KELVIN) * 10 for t in temperatures)]
    return np.rint(np.stack(stored, axis=1)).astype(np.float32)
