"""Pixels wholly inside one polygon, window by window; geometries are in pixels (column, row) of the raster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from rasterio import Affine
from rasterio.features import rasterize
from rasterio.windows import Window
from scipy.ndimage import binary_dilation

from sdm.rasters.polygons import areas

NONE = -1
MARGIN = 2  # pixels around a window by which polygons are cut, so that the cut is no edge in it


@dataclass(frozen=True)
class WindowPixels:
    """`polygon` (rows, columns): number of the polygon that holds the whole pixel, NONE elsewhere.

    `border`: pixels whose centre is in a polygon, but not all of them; `overlap`: those whose centre lies where
    two polygons overlap.
    """

    polygon: np.ndarray
    border: int
    overlap: int


class PixelFinder:
    """Finds the pixels of a set of polygons that do not overlap; `overlaps` is what they shared before."""

    def __init__(self, polygons: np.ndarray, overlaps: np.ndarray) -> None:
        self._polygons, self._overlaps = polygons, overlaps
        self._tree, self._overlap_tree = shapely.STRtree(polygons), shapely.STRtree(overlaps)
        shapely.prepare(polygons)

    def find(self, window: Window) -> WindowPixels:
        """The pixels of `window`.

        A pixel away from every edge is inside where its centre is; near an edge its square is compared with the
        polygon itself, so that the answer is exact.
        """
        shape = int(window.height), int(window.width)
        near = self._tree.query(_box(window))
        if not near.size:
            return WindowPixels(np.full(shape, NONE, np.int32), 0, self._count_overlap(window))
        parts = _cut(self._polygons[near], window)
        centre = _burn(parts, near, window)
        edges = _burn(shapely.boundary(parts), np.zeros(len(near), np.int64), window, all_touched=True) != NONE
        rows, columns = np.nonzero(binary_dilation(edges, np.ones((3, 3), bool)) & (centre != NONE))
        left, top = columns + int(window.col_off), rows + int(window.row_off)
        whole = shapely.covers(self._polygons[centre[rows, columns]], shapely.box(left, top, left + 1, top + 1))
        polygon = centre.copy()
        polygon[rows[~whole], columns[~whole]] = NONE
        return WindowPixels(polygon, int((~whole).sum()), self._count_overlap(window))

    def _count_overlap(self, window: Window) -> int:
        near = self._overlap_tree.query(_box(window))
        return int((_burn(self._overlaps[near], near, window) != NONE).sum()) if near.size else 0


def _box(window: Window, margin: int = 0) -> shapely.Polygon:
    left, top = window.col_off - margin, window.row_off - margin
    return shapely.box(left, top, left + window.width + 2 * margin, top + window.height + 2 * margin)


def _cut(polygons: np.ndarray, window: Window) -> np.ndarray:
    """What of `polygons` lies in and around the window."""
    around = _box(window, MARGIN)
    parts = polygons.copy()
    cut = ~shapely.covers(around, polygons)
    parts[cut] = areas(shapely.intersection(polygons[cut], around))
    return parts


def _burn(geometries: np.ndarray, numbers: np.ndarray, window: Window, *, all_touched: bool = False) -> np.ndarray:
    """int32 (rows, columns): the number of the geometry at each pixel's centre (or that touches it), else NONE."""
    shape = int(window.height), int(window.width)
    there = ~shapely.is_empty(geometries)
    pairs = list(zip(geometries[there], numbers[there].tolist(), strict=True))
    if not pairs:
        return np.full(shape, NONE, np.int32)
    place = Affine.translation(window.col_off, window.row_off)
    return rasterize(pairs, shape, fill=NONE, transform=place, all_touched=all_touched, dtype="int32")
