"""Lakes: the great ones by name, the lake districts by their share of water."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.geo.tables import read_columns

# lon, lat, radius in km, share of water
LAKE_DISTRICTS = (
    (27.0, 62.3, 190, 0.16), (22.5, 67.5, 260, 0.06), (14.5, 58.5, 190, 0.07), (15.5, 61.5, 240, 0.06),
    (33.0, 63.0, 260, 0.12), (21.3, 53.9, 95, 0.08), (12.8, 53.4, 65, 0.07), (28.0, 55.5, 130, 0.06),
    (-8.5, 53.8, 110, 0.05), (5.7, 52.9, 65, 0.08), (-4.5, 57.3, 110, 0.04), (24.5, 55.3, 110, 0.04),
    (8.5, 60.5, 190, 0.05), (28.9, 45.2, 45, 0.15), (-3.0, 54.5, 20, 0.07),
)  # fmt: skip


@lru_cache(maxsize=1)
def _ellipses() -> tuple[np.ndarray, ...]:
    """Centres x and y in km, half axes, cosines and sines of the turns, (L,) each."""
    lake = read_columns("lakes")
    turn = np.radians(lake["angle"])
    return *laea_km(lake["lon"], lake["lat"]), lake["length"], lake["breadth"], np.cos(turn), np.sin(turn)


def great_lake(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """1 within a great lake, 0 outside, with a soft shore."""
    x, y = laea_km(lon, lat)
    ragged = 1 + 0.12 * fractal(x, y, "lake shore", 14, 4)
    cx, cy, length, breadth, cos, sin = _ellipses()
    dx, dy = x[..., None] - cx, y[..., None] - cy
    r = np.hypot((dx * cos + dy * sin) / length, (dy * cos - dx * sin) / breadth)
    inside = (ragged[..., None] - r) * np.minimum(breadth, 20) + 0.5
    return np.asarray(np.clip(inside.max(axis=-1), 0, 1))


def lake_share(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Weight of water in the landscape: about its share in lake districts, 60 within a great lake."""
    x, y = laea_km(lon, lat)
    share = np.zeros_like(x)
    for at_lon, at_lat, radius, water in LAKE_DISTRICTS:
        cx, cy = laea_km(np.array(at_lon), np.array(at_lat))
        share = np.maximum(share, water * np.exp(-((((x - cx) ** 2 + (y - cy) ** 2) / radius**2) ** 2)))
    return 60 * great_lake(lon, lat) ** 4 + share
