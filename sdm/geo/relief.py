"""Relief of Europe: ranges as ridge lines, uplands as ellipses, and fractal hills upon them.

Heights are those of typical crests, positions are good to about 20 km: the shape of the continent, no survey.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from sdm.geo.noise import fractals, octaves
from sdm.geo.projections import laea_km
from sdm.geo.tables import read_columns

RIDGE_WAVELENGTH = 26.0  # km between main valleys
_SQUARE = 80.0  # km
_WEST, _SOUTH, _COLUMNS, _ROWS = -3300.0, -2200.0, 83, 62  # squares of the mapped window
_RANGE, _UPLAND = 4.5, 2.8  # half widths and half axes: what lies farther off adds less than 0.01 mm
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


@dataclass(frozen=True)
class _Near:
    """Which items of a table may matter at a place: those whose reach touches its square of `_SQUARE` km.

    Squares cover the mapped window row by row; `first` (squares + 1,) delimits each one's part of `item`.
    """

    first: np.ndarray
    item: np.ndarray

    def pairs(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Place and item of every pair that may matter, places ascending."""
        square = _square(y, _SOUTH, _ROWS) * _COLUMNS + _square(x, _WEST, _COLUMNS)
        count = self.first[square + 1] - self.first[square]
        place = np.repeat(np.arange(len(x)), count)
        nth = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
        return place, self.item[self.first[square][place] + nth]


def _square(position: np.ndarray, origin: float, count: int) -> np.ndarray:
    return np.floor((position - origin) / _SQUARE).astype(np.int64).clip(0, count - 1)


def _near(away: Callable[[np.ndarray, np.ndarray], np.ndarray], reach: np.ndarray) -> _Near:
    """Items whose distance (N, items) from places, `away`, may be below their `reach`, km."""
    middle_x = np.tile(_WEST + (np.arange(_COLUMNS) + 0.5) * _SQUARE, _ROWS)
    middle_y = np.repeat(_SOUTH + (np.arange(_ROWS) + 0.5) * _SQUARE, _COLUMNS)
    square, item = np.nonzero(away(middle_x, middle_y) < reach + _SQUARE / np.sqrt(2))
    return _Near(np.searchsorted(square, np.arange(_COLUMNS * _ROWS + 1)), item)


def _along(x: np.ndarray, y: np.ndarray, segment: np.ndarray | slice) -> tuple[np.ndarray, np.ndarray]:
    """Share of the way along segments of the point nearest to (x, y), and the squared distance to it, km²."""
    start, vector, _, _ = (part[segment] for part in _segments())
    dx, dy = x - start[:, 0], y - start[:, 1]
    along = (dx * vector[:, 0] + dy * vector[:, 1]) / np.maximum((vector**2).sum(1), 1e-9)
    along = np.minimum(np.maximum(along, 0), 1)
    return along, (dx - along * vector[:, 0]) ** 2 + (dy - along * vector[:, 1]) ** 2


@lru_cache(maxsize=1)
def _near_segments() -> _Near:
    return _near(lambda x, y: np.sqrt(_along(x[:, None], y[:, None], slice(None))[1]), _RANGE * _segments()[3])


def _ranges(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Height of the range envelope at (x, y) km, m: the highest of all segments, smoothly joined."""
    place, segment = _near_segments().pairs(x, y)
    along, distance2 = _along(x[place], y[place], segment)
    _, _, height, width = (part[segment] for part in _segments())
    crest = height[:, 0] + along * (height[:, 1] - height[:, 0])
    square = (crest * np.exp(-distance2 / width**2)) ** 2
    return np.asarray(np.sqrt(np.sqrt(np.bincount(place, square * square, len(x)))))


@lru_cache(maxsize=1)
def _upland_axes() -> tuple[np.ndarray, ...]:
    """Centres x and y in km, heights, half axes, cosines and sines of the turns, (U,) each."""
    table = read_columns("uplands")
    turn = np.radians(table["angle"])
    centre = laea_km(table["lon"], table["lat"])
    return *centre, table["height"], table["length"], table["breadth"], np.cos(turn), np.sin(turn)


@lru_cache(maxsize=1)
def _near_uplands() -> _Near:
    cx, cy, _, length, breadth, _, _ = _upland_axes()
    return _near(lambda x, y: np.hypot(x[:, None] - cx, y[:, None] - cy), _UPLAND * np.maximum(length, breadth))


def _uplands(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    place, upland = _near_uplands().pairs(x, y)
    cx, cy, height, length, breadth, cos, sin = (part[upland] for part in _upland_axes())
    dx, dy = x[place] - cx, y[place] - cy
    r2 = ((dx * cos + dy * sin) / length) ** 2 + ((dy * cos - dx * sin) / breadth) ** 2
    highest = np.zeros(len(x))
    np.maximum.at(highest, place, height * np.exp(-r2 * np.sqrt(r2)))
    return highest


def envelope(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smooth heights in m at (x, y) km: of mountain ranges, and of the uplands between them."""
    bend_x, bend_y = fractals(x, y, ("bend x", "bend y"), 90, 3)
    bent_x, bent_y = x + 9 * bend_x, y + 9 * bend_y
    bend_x, bend_y = fractals(x, y, ("far bend x", "far bend y"), 220, 2)
    return _ranges(bent_x, bent_y), _uplands(bent_x + 16 * bend_x, bent_y + 16 * bend_y)


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
    floor, filled = _floor(x, y)
    open_ = 1 - 0.93 * filled
    # At the place, to its east and to its north.
    around_x, around_y = np.concatenate([x, x + _STEP, x]), np.concatenate([y, y, y + _STEP])
    ridged, hills, hollow = (part.reshape(3, -1) for part in _texture(around_x, around_y))
    here, east, north = _height(ranges, uplands, coast, ridged, hills) * open_ + floor * (1 - open_)
    gx, gy = (east - here) / (_STEP * 1e3), (north - here) / (_STEP * 1e3)
    return Relief(
        elevation=here,
        slope=np.degrees(np.arctan(np.hypot(gx, gy))),
        aspect=np.degrees(np.arctan2(-gx, -gy)) % 360,
        hollow=hollow[0],
    )
