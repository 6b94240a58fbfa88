"""Positions in kilometres on the Lambert azimuthal equal-area plane of Europe.

`laea_km` is the sphere's formula: good to a few km, smooth and fast, for distances and noise. Patches carry the
exact ellipsoidal position (`laea_metres`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from pyproj import Transformer

EARTH_RADIUS_KM = 6371.0
CENTRE_LON, CENTRE_LAT = 10.0, 52.0  # degrees, as EPSG:3035


def laea_km(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """East and north of the plane's centre in km, for degrees (sphere; Snyder 1987, p. 185)."""
    phi, lam = np.radians(lat), np.radians(np.asarray(lon, float) - CENTRE_LON)
    phi0 = np.radians(CENTRE_LAT)
    cosine = np.cos(phi) * np.cos(lam)
    k = np.sqrt(2 / (1 + np.sin(phi0) * np.sin(phi) + np.cos(phi0) * cosine))
    x = EARTH_RADIUS_KM * k * np.cos(phi) * np.sin(lam)
    y = EARTH_RADIUS_KM * k * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * cosine)
    return x, y


@lru_cache(maxsize=1)
def _to_epsg3035() -> Transformer:
    return Transformer.from_crs(4326, 3035, always_xy=True)


def laea_metres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing in m of EPSG:3035, for degrees."""
    east, north = _to_epsg3035().transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(east), np.asarray(north)


@lru_cache(maxsize=1)
def _from_epsg3035() -> Transformer:
    return Transformer.from_crs(3035, 4326, always_xy=True)


def degrees_of_metres(east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of metres of EPSG:3035."""
    lon, lat = _from_epsg3035().transform(np.asarray(east, float), np.asarray(north, float))
    return np.asarray(lon), np.asarray(lat)
