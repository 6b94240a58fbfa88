"""Images of N x N pixels wholly inside one polygon; geometries are in pixels (column, row) of the raster."""

from __future__ import annotations

from itertools import product

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
    best = np.empty(0, np.int64), np.empty(0, np.int64)
    if shapely.is_empty(polygon):
        return best
    left, top, right, bottom = shapely.bounds(polygon)
    step = max(1, stride // OFFSETS)
    for down, across in product(range(0, stride, step), repeat=2):
        rows = np.arange(int(np.ceil(top)) + down, int(bottom) - side + 1, stride)
        columns = np.arange(int(np.ceil(left)) + across, int(right) - side + 1, stride)
        row, column = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
        inside = shapely.covers(polygon, shapely.box(column, row, column + side, row + side))
        if inside.sum() > len(best[0]):
            best = row[inside].astype(np.int64), column[inside].astype(np.int64)
    return best
