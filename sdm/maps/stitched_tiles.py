"""The whole of Europe as one picture for the background of figures: the map tiles put together and cut."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.mercator import TILE_PIXELS, Tile, mercator_y, project

ZOOM = 4  # about 800 pixels a side


def extent() -> tuple[float, float, float, float]:
    """Return west, east (degrees), south and north edge (`mercator_y`) of the picture."""
    return WEST, EAST, float(mercator_y(SOUTH)), float(mercator_y(NORTH))


def picture(draw: Callable[[Tile], np.ndarray], zoom: int = ZOOM) -> np.ndarray:
    """Return uint8 (height, width, C): the tiles of `draw` over the mapped window, row 0 north."""
    west, north = (float(v) * 2**zoom for v in project(np.array(WEST), np.array(NORTH)))
    east, south = (float(v) * 2**zoom for v in project(np.array(EAST), np.array(SOUTH)))
    columns, lines = range(int(west), ceil(east)), range(int(north), ceil(south))
    whole = np.vstack([np.hstack([draw(Tile(zoom, x, y)) for x in columns]) for y in lines])
    left, top = columns[0], lines[0]
    box = [
        round((edge - start) * TILE_PIXELS)
        for edge, start in ((north, top), (south, top), (west, left), (east, left))
    ]
    return whole[box[0] : box[1], box[2] : box[3]]
