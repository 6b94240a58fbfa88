"""Polygons of a map on a lattice, with boundaries as a mapper digitises them, and lattices of polygons."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from rasterio import features


def outlines(
    values: np.ndarray, mask: np.ndarray, transform: Affine, crs: int, tolerance: float
) -> gpd.GeoDataFrame:
    """A polygon per connected patch of equal `values` where `mask`: columns value, geometry.

    Boundaries are simplified together: neighbours share them afterwards too.
    """
    found = list(features.shapes(values.astype(np.int16), mask, connectivity=4, transform=transform))
    shapes = np.array([shapely.geometry.shape(shape) for shape, _ in found], object)
    simple = shapely.coverage_simplify(shapes, tolerance) if len(shapes) else shapes
    numbers = np.array([int(value) for _, value in found], np.int16)
    table = gpd.GeoDataFrame({"value": numbers}, geometry=list(simple), crs=crs)
    return table[table.geometry.is_valid & (table.geometry.area > 0)].reset_index(drop=True)


def burn(
    polygons: gpd.GeoDataFrame, values: Iterable[int], transform: Affine, shape: tuple[int, int]
) -> np.ndarray:
    """`values` of the polygons on a lattice, uint8; 0 elsewhere."""
    pairs = list(zip(polygons.geometry, (int(value) for value in values), strict=True))
    return features.rasterize(pairs, shape, fill=0, transform=transform, dtype="uint8")
