"""Relief of Europe: ranges as ridge lines, uplands as ellipses, and fractal hills upon them.

Heights are those of typical crests, positions are good to about 20 km: the shape of the continent, no survey.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from sdm.geo.noise import fractal, octaves
from sdm.geo.projections import laea_km
from sdm.geo.tables import read_columns

RIDGE_WAVELENGTH = 26.0  # km between main valleys
_FEW = 2048  # places whose distances to all segments fit into the cache
_STEP = 0.05  # km over which slope is measured


@dataclass(frozen=True)
class Relief:
    """Elevation in m, slope in degrees, aspect in degrees clockwise from north, hollow -1 crest .. 1 valley."""

    elevation: np.ndarray
    slope: np.ndarray
    aspect: np.ndarray
    hollow: np.ndarray


@lru_cache(maxsize=1)
def _segments() -> tuple[np.ndarray, ...]:
    """Ridge segments: starts and vectors (S, 2) km, crest heights at both ends (S, 2), half widths (S,)."""
    table = read_columns("ranges")
    points = np.column_stack(laea_km(table["lon"], table["lat"]))
    joined = table["name"][:-1] == table["name"][1:]
    heights = np.column_stack([table["height"][:-1], table["height"][1:]])
    return points[:-1][joined], np.diff(points, axis=0)[joined], heights[joined], table["width"][:-1][joined]


def _ranges(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Height of the range envelope at (x, y) km, m: the highest of all segments, smoothly joined."""
    return np.concatenate([_ranges_of_few(x[i : i + _FEW], y[i : i + _FEW]) for i in range(0, len(x), _FEW)])


def _ranges_of_few(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    start, vector, height, width = _segments()
    dx, dy = x[:, None] - start[:, 0], y[:, None] - start[:, 1]
    along = (dx * vector[:, 0] + dy * vector[:, 1]) / np.maximum((vector**2).sum(1), 1e-9)
    along = np.minimum(np.maximum(along, 0), 1)
    distance2 = (dx - along * vector[:, 0]) ** 2 + (dy - along * vector[:, 1]) ** 2
    crest = height[:, 0] + along * (height[:, 1] - height[:, 0])
    square = (crest * np.exp(-distance2 / width**2)) ** 2
    return np.asarray(np.sqrt(np.sqrt((square * square).sum(axis=1))))


@lru_cache(maxsize=1)
def _upland_axes() -> tuple[np.ndarray, ...]:
    """Centres x and y in km, heights, half axes, cosines and sines of the turns, (U,) each."""
    table = read_columns("uplands")
    turn = np.radians(table["angle"])
    centre = laea_km(table["lon"], table["lat"])
    return *centre, table["height"], table["length"], table["breadth"], np.cos(turn), np.sin(turn)


def _uplands(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    cx, cy, height, length, breadth, cos, sin = _upland_axes()
    dx, dy = x[:, None] - cx, y[:, None] - cy
    r2 = ((dx * cos + dy * sin) / length) ** 2 + ((dy * cos - dx * sin) / breadth) ** 2
    return np.asarray((height * np.exp(-r2 * np.sqrt(r2))).max(axis=1, initial=0))


def envelope(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smooth heights in m at (x, y) km: of mountain ranges, and of the uplands between them."""
    bent_x = x + 9 * fractal(x, y, "bend x", 90, 3)
    bent_y = y + 9 * fractal(x, y, "bend y", 90, 3)
    far_x = bent_x + 16 * fractal(x, y, "far bend x", 220, 2)
    far_y = bent_y + 16 * fractal(x, y, "far bend y", 220, 2)
    return _ranges(bent_x, bent_y), _uplands(far_x, far_y)


def _texture(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ridge pattern 0 valley .. 1 crest, hill pattern of unit variance, and local hollow, at (x, y) km."""
    layers = octaves(x, y, "relief", RIDGE_WAVELENGTH, 8)
    ridged = sum(0.52**i * (1 - np.minimum(np.abs(layer), 2)) for i, layer in enumerate(layers))
    ridged = np.clip(0.5 + 0.38 * ridged, 0, 1.15)
    hills = sum(0.55**i * layer for i, layer in enumerate(layers[1:])) * 0.83
    hollow = -(layers[5] + layers[6] + 0.7 * layers[7]) / 1.6
    return np.asarray(ridged), np.asarray(hills), np.asarray(hollow)


def _height(
    ranges: np.ndarray, uplands: np.ndarray, coast: np.ndarray, ridged: np.ndarray, hills: np.ndarray
) -> np.ndarray:
    mountains = ranges * (0.38 + 0.62 * ridged) * (1 - 0.75 * np.exp(-coast / 12))
    plain = 8 + np.maximum(uplands * (1 - np.exp(-coast / 35)), 140 * (1 - np.exp(-coast / 400)))
    rolling = (5 + 0.08 * uplands) * (1 - np.exp(-coast / 6)) * hills
    base = np.maximum(mountains, 0) + plain * np.exp(-mountains / 1500) + rolling
    return np.asarray(np.where(base > 4, base, 4 * np.exp(np.minimum(base / 4 - 1, 0))) - 2)


@lru_cache(maxsize=1)
def _basins() -> tuple[cKDTree, np.ndarray, np.ndarray]:
    table = read_columns("basins")
    tree = cKDTree(np.column_stack(laea_km(table["lon"], table["lat"])))
    return tree, table["height"], table["radius"]


def _floor(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height of the nearest basin's floor in m, and how far it is filled: 0 outside .. 1 at its middle."""
    tree, height, radius = _basins()
    distance, nearest = tree.query(np.stack([x, y], axis=-1))
    return height[nearest], np.exp(-((distance / radius[nearest]) ** 4))


def relief(lon: np.ndarray, lat: np.ndarray, coast: np.ndarray) -> Relief:
    """Relief at degrees; `coast` is the distance to the sea in km, towards which land sinks."""
    x, y = laea_km(lon, lat)
    ranges, uplands = envelope(x, y)
    ridged, hills, hollow = _texture(x, y)
    floor, filled = _floor(x, y)
    open_ = 1 - 0.93 * filled
    here = _height(ranges, uplands, coast, ridged, hills) * open_ + floor * (1 - open_)
    east = _height(ranges, uplands, coast, *_texture(x + _STEP, y)[:2]) * open_ + floor * (1 - open_)
    north = _height(ranges, uplands, coast, *_texture(x, y + _STEP)[:2]) * open_ + floor * (1 - open_)
    gx, gy = (east - here) / (_STEP * 1e3), (north - here) / (_STEP * 1e3)
    return Relief(
        elevation=here,
        slope=np.degrees(np.arctan(np.hypot(gx, gy))),
        aspect=np.degrees(np.arctan2(-gx, -gy)) % 360,
        hollow=hollow,
    )
