"""Several mappers' polygons on one grid: which combination of types each pixel has, worked out by windows.

A pixel belongs to the polygon that holds its centre; where polygons of one mapper overlap and differ in type, that
mapper says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from rasterio import Affine
from rasterio.features import rasterize
from shapely import box

from sdm.errors import DataError
from sdm.rasters.ecosystem_types import code_order, level_of

WINDOW = 1024  # pixels along one side
MOST_MAPPERS = 8
PIXELS = "pixels"
Mappings = Mapping[str, gpd.GeoDataFrame]
"""Mapper -> polygons with the column `code`, in the reference system of the grid."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns of pixels: x, y of a corner are `transform` * (column, row)."""

    transform: Affine
    width: int
    height: int

    def coarser(self, most: int) -> Grid:
        """The same area with at most `most` pixels along a side, for a picture."""
        step = max(1, -(-max(self.width, self.height) // most))
        return Grid(self.transform * Affine.scale(step), -(-self.width // step), -(-self.height // step))

    def windows(self, side: int = WINDOW) -> Iterator[tuple[slice, slice, Grid]]:
        """Rows, columns and grid of each part of at most `side` x `side` pixels."""
        for top in range(0, self.height, side):
            for left in range(0, self.width, side):
                height, width = min(side, self.height - top), min(side, self.width - left)
                part = Grid(self.transform * Affine.translation(left, top), width, height)
                yield slice(top, top + height), slice(left, left + width), part


def combinations_of_types(mappings: Mappings, grid: Grid, side: int = WINDOW) -> pd.DataFrame:
    """Pixels of each combination of types: a column of codes per mapper, "" where it has none, and `pixels`.

    Combinations in which no mapper says anything are left out.
    """
    codes = _codes(mappings)
    counts: Counter[tuple[int, ...]] = Counter()
    for _, _, part in grid.windows(side):
        labels = _labels(mappings, codes, part).reshape(len(mappings), -1)
        _, first, number = np.unique(_combined(labels), return_index=True, return_counts=True)
        for combination, pixels in zip(labels[:, first].T.tolist(), number.tolist(), strict=True):
            counts[tuple(combination)] += pixels
    rows = [[*(codes[i] for i in key), pixels] for key, pixels in sorted(counts.items()) if any(key)]
    return pd.DataFrame(rows, columns=[*mappings, PIXELS])


def _combined(labels: np.ndarray) -> np.ndarray:
    """One number for each column of `labels`, equal where columns are: a tenth of the time of unique columns."""
    result = np.zeros(labels.shape[1], np.int64)
    for row in labels:  # numbered anew after each, so that any number of mappers fits
        result = np.unique(result * (int(row.max(initial=0)) + 1) + row, return_inverse=True)[1]
    return result


def distinct_types(mappings: Mappings, grid: Grid, level: str = "name", side: int = WINDOW) -> np.ndarray:
    """uint8 (rows, columns): how many different types the mappers give each pixel at `level`.

    0 where fewer than two mappers say anything, 1 where those that do agree.
    """
    codes = _codes(mappings)
    coarse = np.unique(["" if not code else level_of(code, level) for code in codes], return_inverse=True)[1]
    result = np.zeros((grid.height, grid.width), np.uint8)
    for rows, columns, part in grid.windows(side):
        labels = coarse[_labels(mappings, codes, part)]
        ordered = np.sort(labels, axis=0)
        distinct = ((ordered[1:] != ordered[:-1]) & (ordered[:-1] > 0)).sum(axis=0) + 1
        result[rows, columns] = np.where((labels > 0).sum(axis=0) > 1, distinct, 0)
    return result


def _codes(mappings: Mappings) -> list[str]:
    """Every code of the mappings after "", which stands for no type; DataError for too few or too many mappers."""
    if not 2 <= len(mappings) <= MOST_MAPPERS:
        raise DataError(
            "mappers cannot be compared",
            expected=f"2 to {MOST_MAPPERS} of them",
            got=", ".join(mappings) or "none",
        )
    return [
        "",
        *sorted({str(code) for polygons in mappings.values() for code in polygons["code"]}, key=code_order),
    ]


def _labels(mappings: Mappings, codes: Sequence[str], grid: Grid) -> np.ndarray:
    """int32 (mapper, rows, columns): the position in `codes` of each mapper's type, 0 for none."""
    number = {code: i for i, code in enumerate(codes)}
    return np.stack([_burn(polygons, number, grid) for polygons in mappings.values()])


def _burn(polygons: gpd.GeoDataFrame, number: Mapping[str, int], grid: Grid) -> np.ndarray:
    """int32 (rows, columns) of one mapper; 0 where its polygons overlap and differ."""
    corners = [grid.transform * corner for corner in ((0, 0), (grid.width, grid.height))]
    (left, top), (right, bottom) = corners
    near = polygons.sindex.query(box(min(left, right), min(top, bottom), max(left, right), max(top, bottom)))
    shapes = [(polygons.geometry.iloc[i], number[str(polygons["code"].iloc[i])]) for i in sorted(near)]
    shapes = [(geometry, value) for geometry, value in shapes if not geometry.is_empty]
    shape = grid.height, grid.width
    if not shapes:
        return np.zeros(shape, np.int32)
    first, last = (
        rasterize(each, shape, fill=0, transform=grid.transform, dtype="int32") for each in (shapes, shapes[::-1])
    )
    return np.where(first == last, first, 0)
