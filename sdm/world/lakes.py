"""Lakes: the great ones by name, the lake districts by their share of water."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.world.noise import fractal
from sdm.world.projection import laea_km

# name, lon, lat in degrees, half axes in km, turn of the long one from east in degrees
GREAT_LAKES = (
    ("Ladoga", 31.4, 60.85, 95, 55, 60), ("Onega", 35.4, 61.7, 95, 38, 115), ("Vänern", 13.3, 58.9, 58, 32, 40),
    ("Vättern", 14.55, 58.35, 62, 11, 65), ("Mälaren", 17.2, 59.45, 38, 6, 0), ("Peipus", 27.5, 58.65, 55, 22, 105),
    ("Saimaa", 28.3, 61.3, 32, 16, 20), ("Päijänne", 25.5, 61.6, 50, 9, 95), ("Inari", 27.8, 69.0, 32, 20, 30),
    ("Imandra", 33.0, 67.6, 42, 8, 85), ("Ilmen", 31.3, 58.27, 20, 14, 0), ("Geneva", 6.55, 46.45, 32, 5, 15),
    ("Constance", 9.4, 47.63, 28, 5, -20), ("Neuchâtel", 6.85, 46.9, 18, 3, 42), ("Garda", 10.68, 45.65, 22, 4, 65),
    ("Maggiore", 8.65, 45.98, 28, 2.5, 60), ("Como", 9.27, 46.0, 20, 2, 75), ("Balaton", 17.75, 46.83, 38, 4, 30),
    ("Neusiedl", 16.75, 47.85, 15, 5, 85), ("IJsselmeer", 5.35, 52.75, 22, 14, 60), ("Markermeer", 5.2, 52.53, 14, 11, 45),
    ("Müritz", 12.7, 53.42, 12, 5, 90), ("Śniardwy", 21.75, 53.75, 9, 7, 0), ("Ohrid", 20.72, 41.03, 15, 7, 90),
    ("Prespa", 21.03, 40.87, 12, 6, 90), ("Skadar", 19.3, 42.17, 20, 6, -40), ("Trasimeno", 12.1, 43.14, 6, 6, 0),
    ("Neagh", -6.4, 54.6, 14, 9, 80), ("Corrib", -9.2, 53.45, 18, 4, 110), ("Lomond", -4.6, 56.1, 17, 3, 100),
    ("Tuz", 33.4, 38.75, 32, 18, 120), ("Van", 43.0, 38.6, 48, 24, 20), ("Sevan", 45.3, 40.35, 32, 11, -40),
    ("Beyşehir", 31.5, 37.75, 20, 9, 110), ("Kremenchuk", 32.6, 49.3, 55, 9, -35), ("Kakhovka", 34.2, 47.4, 60, 6, 30),
    ("Rybinsk", 38.4, 58.4, 48, 22, 110),
)  # fmt: skip
# lon, lat, radius in km, share of water
LAKE_DISTRICTS = (
    (27.0, 62.3, 190, 0.16), (22.5, 67.5, 260, 0.06), (14.5, 58.5, 190, 0.07), (15.5, 61.5, 240, 0.06),
    (33.0, 63.0, 260, 0.12), (21.3, 53.9, 95, 0.08), (12.8, 53.4, 65, 0.07), (28.0, 55.5, 130, 0.06),
    (-8.5, 53.8, 110, 0.05), (5.7, 52.9, 65, 0.08), (-4.5, 57.3, 110, 0.04), (24.5, 55.3, 110, 0.04),
    (8.5, 60.5, 190, 0.05), (28.9, 45.2, 45, 0.15), (-3.0, 54.5, 20, 0.07),
)  # fmt: skip


@lru_cache(maxsize=1)
def _ellipses() -> np.ndarray:
    """(lakes, 6): centre x, y km, half axes, cosine and sine of the turn."""
    rows = []
    for _, lon, lat, length, breadth, angle in GREAT_LAKES:
        x, y = laea_km(np.array(lon), np.array(lat))
        rows.append([float(x), float(y), length, breadth, np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return np.array(rows)


def great_lake(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """1 within a great lake, 0 outside, with a soft shore."""
    x, y = laea_km(lon, lat)
    ragged = 1 + 0.12 * fractal(x, y, "lake shore", 14, 4)
    deepest = np.zeros_like(x)
    for cx, cy, length, breadth, cos, sin in _ellipses():
        dx, dy = x - cx, y - cy
        r = np.hypot((dx * cos + dy * sin) / length, (dy * cos - dx * sin) / breadth)
        deepest = np.maximum(deepest, np.clip((ragged - r) * min(breadth, 20) + 0.5, 0, 1))
    return np.asarray(deepest)


def lake_share(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Weight of water in the landscape: about its share in lake districts, 60 within a great lake."""
    x, y = laea_km(lon, lat)
    share = np.zeros_like(x)
    for at_lon, at_lat, radius, water in LAKE_DISTRICTS:
        cx, cy = laea_km(np.array(at_lon), np.array(at_lat))
        share = np.maximum(share, water * np.exp(-((((x - cx) ** 2 + (y - cy) ** 2) / radius**2) ** 2)))
    return 60 * great_lake(lon, lat) ** 4 + share
