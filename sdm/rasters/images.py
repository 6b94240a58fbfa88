"""Images of N x N pixels wholly inside one polygon; geometries are in pixels (column, row) of the raster."""

from __future__ import annotations

import numpy as np
import shapely

OFFSETS = 4  # beginnings of the grid tried along each side of a polygon


def find_images(polygons: np.ndarray, side: int, stride: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row and column of the upper left pixel of each image, and the number of its polygon.

    Images of a polygon lie on a grid of `stride` pixels; of OFFSETS x OFFSETS beginnings the one that holds most
    is taken. As polygons do not overlap, images do not where `stride` is `side` or more.
    """
    shapely.prepare(polygons)
    parts = [_of_polygon(polygon, side, stride) for polygon in polygons]
    number = np.repeat(np.arange(len(parts)), [len(rows) for rows, _ in parts])
    empty = np.empty(0, np.int64)
    row = np.concatenate([empty, *(rows for rows, _ in parts)])
    column = np.concatenate([empty, *(columns for _, columns in parts)])
    order = np.lexsort((column, row // side))  # neighbours are read together
    return row[order], column[order], number[order].astype(np.int32)


def _of_polygon(polygon: shapely.Geometry, side: int, stride: int) -> tuple[np.ndarray, np.ndarray]:
    empty = np.empty(0, np.int64)
    if shapely.is_empty(polygon) or shapely.area(polygon) < side**2:
        return empty, empty
    left, top, right, bottom = shapely.bounds(polygon)
    rows, columns = _places(top, bottom, side, stride), _places(left, right, side, stride)
    row, column = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
    inside = shapely.covers(polygon, shapely.box(column, row, column + side, row + side))
    row, column = row[inside], column[inside]
    if not len(row):
        return empty, empty
    beginning = (row - rows[0]) % stride * stride + (column - columns[0]) % stride
    best = beginning == np.bincount(beginning).argmax()  # the first of those that hold most
    return row[best], column[best]


def _places(low: float, high: float, side: int, stride: int) -> np.ndarray:
    """Where an image can begin between two edges, in all grids that are tried."""
    places = np.arange(int(np.ceil(low)), int(high) - side + 1)
    return places[np.arange(len(places)) % stride % max(1, stride // OFFSETS) == 0]
