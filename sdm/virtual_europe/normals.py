"""Climate normals (about 1981-2010) at any place: regression on position, sea and relief, and what it leaves
at the weather stations spread by kriging.

The normals of `tables/stations.csv` are rounded from national weather services; the climate of a station comes out
within a few tenths of a degree and about ten per cent of rain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sdm.geo.coastline import coast_distance
from sdm.geo.projections import laea_km
from sdm.geo.relief import envelope
from sdm.geo.tables import read_columns

LAPSE = 5.6e-3  # K per m of height, annual mean
_REACH = 420.0  # km over which a station's residual fades
_NUGGET = 0.04  # share of a residual's variance that is local to the station
_WIND_EAST, _WIND_NORTH = 0.90, 0.44  # direction the rain-bringing wind blows to (west-south-west wind)


@dataclass(frozen=True)
class Normals:
    """Annual mean in °C, half the July-January difference in K, annual rain in mm, its share April-September."""

    temperature: np.ndarray
    seasonality: np.ndarray
    precipitation: np.ndarray
    summer_rain: np.ndarray


@dataclass(frozen=True)
class _Fit:
    coefficients: np.ndarray  # (features, 4)
    weights: np.ndarray  # (stations, 4)
    x: np.ndarray
    y: np.ndarray


def _features(
    lon: np.ndarray, lat: np.ndarray, x: np.ndarray, y: np.ndarray, coast: np.ndarray, elevation: np.ndarray
) -> np.ndarray:
    """(N, 9) predictors of the regression; the last two describe relief and act on rain alone."""
    maritime = np.exp(-coast / 120)
    north, east = (lat - 50) / 10, (lon - 12) / 15
    both_x, both_y = np.concatenate([x, x - 55 * _WIND_EAST]), np.concatenate([y, y - 55 * _WIND_NORTH])
    here, upwind = np.maximum(*envelope(both_x, both_y)).reshape(2, -1)
    windward = here - upwind
    return np.stack(
        [np.ones_like(lon), north, north**2, east, maritime, maritime * north, maritime * east,
         np.clip(windward / 1000, -1.2, 1.2), np.clip(elevation / 1000, 0, 2.2)], axis=-1,
    )  # fmt: skip


def _kernel(x: np.ndarray, y: np.ndarray, at_x: np.ndarray, at_y: np.ndarray) -> np.ndarray:
    distance = np.sqrt((x[:, None] - at_x) ** 2 + (y[:, None] - at_y) ** 2)
    return np.asarray((1 + distance / _REACH * 2) * np.exp(-2 * distance / _REACH))


@lru_cache(maxsize=1)
def _fit() -> _Fit:
    """Ridge regression of the four normals, then simple kriging of its residuals."""
    s = read_columns("stations", Path(__file__).with_name("tables"))
    x, y = laea_km(s["lon"], s["lat"])
    features = _features(s["lon"], s["lat"], x, y, coast_distance(s["lon"], s["lat"]), s["elevation"])
    target = np.column_stack(
        [s["annual"] + LAPSE * s["elevation"], (s["july"] - s["january"]) / 2, np.log(s["precipitation"]),
         s["summer_share"]]
    )  # fmt: skip
    penalty = np.eye(features.shape[1]) * 0.5
    coefficients = np.linalg.solve(features.T @ features + penalty, features.T @ target)
    coefficients[-2:, [0, 1, 3]] = 0
    plain = features[:, :-2]
    coefficients[:-2, [0, 1, 3]] = np.linalg.solve(
        plain.T @ plain + penalty[:-2, :-2], plain.T @ target[:, [0, 1, 3]]
    )
    covariance = _kernel(x, y, x, y) + _NUGGET * np.eye(len(x))
    return _Fit(coefficients, np.linalg.solve(covariance, target - features @ coefficients), x, y)


def normals(lon: np.ndarray, lat: np.ndarray, coast: np.ndarray, elevation: np.ndarray) -> Normals:
    """Climate normals at degrees, for heights in m and distances to the sea in km (all of length N)."""
    fit = _fit()
    x, y = laea_km(lon, lat)
    values = _features(lon, lat, x, y, coast, elevation) @ fit.coefficients
    values = values + _kernel(x, y, fit.x, fit.y) @ fit.weights
    return Normals(
        temperature=values[:, 0] - LAPSE * elevation,
        seasonality=np.clip(values[:, 1] - 0.4e-3 * elevation, 3, 16),
        precipitation=np.exp(np.clip(values[:, 2], 5.0, 8.15)),
        summer_rain=np.clip(values[:, 3], 0.06, 0.72),
    )
