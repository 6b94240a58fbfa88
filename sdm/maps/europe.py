"""The whole of Europe as one picture, for figures that lie over it: what the tiles draw, put together and cut."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.mercator import TILE, Tile, project, unproject

ZOOM = 4  # about 800 pixels a side
CIRCLE = 360.0  # degrees the unit square of the projection is wide


def mercator_y(lat: np.ndarray | float) -> np.ndarray:
    """Web Mercator northing on the scale of longitude: degrees at the equator, 0 there, growing northward."""
    return (0.5 - project(np.zeros_like(lat, dtype=float), np.asarray(lat, float))[1]) * CIRCLE


def latitude_of(y: np.ndarray | float) -> np.ndarray:
    """The inverse of `mercator_y`."""
    return unproject(np.zeros_like(y, dtype=float), 0.5 - np.asarray(y, float) / CIRCLE)[1]


def extent() -> tuple[float, float, float, float]:
    """West, east, south and north edge of the picture, east-west in degrees, north-south as `mercator_y`."""
    return WEST, EAST, float(mercator_y(SOUTH)), float(mercator_y(NORTH))


def picture(draw: Callable[[Tile], np.ndarray], zoom: int = ZOOM) -> np.ndarray:
    """uint8 (height, width, C): the tiles of `draw` over the mapped window, row 0 north."""
    west, north = (float(v) * 2**zoom for v in project(np.array(WEST), np.array(NORTH)))
    east, south = (float(v) * 2**zoom for v in project(np.array(EAST), np.array(SOUTH)))
    columns, lines = range(int(west), ceil(east)), range(int(north), ceil(south))
    whole = np.vstack([np.hstack([draw(Tile(zoom, x, y)) for x in columns]) for y in lines])
    left, top = columns[0], lines[0]
    box = [
        round((edge - start) * TILE) for edge, start in ((north, top), (south, top), (west, left), (east, left))
    ]
    return whole[box[0] : box[1], box[2] : box[3]]
