"""Areas and positions of pixels in metres, whatever the reference system of their raster."""

from __future__ import annotations

import math

import numpy as np
from pyproj import CRS, Geod
from rasterio import Affine

from sdm.rasters.stack import RasterStack

METRES_PER_DEGREE = 111_195.0


def sample_area(grid: RasterStack, side: int) -> float:
    """Square metres of `side` x `side` pixels amid the raster, on the ellipsoid where it is in degrees."""
    row, column = grid.height / 2, grid.width / 2
    corners = [(column, row), (column + side, row), (column + side, row + side), (column, row + side)]
    x, y = np.array([grid.transform * corner for corner in corners]).T
    crs = CRS.from_user_input(grid.crs)
    if crs.is_geographic:
        return abs(Geod(ellps="WGS84").polygon_area_perimeter(x, y)[0])
    unit = crs.axis_info[0].unit_conversion_factor
    return abs(grid.transform.determinant) * unit**2 * side**2


def pixel_metres(crs: object, transform: Affine, width: int, height: int) -> tuple[float, float]:
    """Metres across and down one pixel amid a raster of that size, also where its reference system is in degrees.

    >>> across, down = pixel_metres("EPSG:4326", Affine(9e-5, 0, 127, 0, -9e-5, 60), 10, 10)
    >>> round(across, 2), round(down, 2)
    (5.0, 10.01)
    """
    system = CRS.from_user_input(crs)
    across, down = abs(transform.a), abs(transform.e)
    if system.is_geographic:
        latitude = (transform * (width / 2, height / 2))[1]
        return across * METRES_PER_DEGREE * math.cos(math.radians(latitude)), down * METRES_PER_DEGREE
    unit = system.axis_info[0].unit_conversion_factor
    return across * unit, down * unit


def in_metres(
    grid: RasterStack, x: np.ndarray, y: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Positions on a plane in metres: the raster's own, or the equirectangular one where it is in degrees."""
    crs = CRS.from_user_input(grid.crs)
    if not crs.is_geographic:
        unit = crs.axis_info[0].unit_conversion_factor
        return np.asarray(x) * unit, np.asarray(y) * unit
    return plane_metres(lon, lat)


def plane_metres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions in degrees on the equirectangular plane of their mean latitude, in metres; for short distances."""
    shrink = np.cos(np.radians(lat.mean())) if len(lat) else 1.0
    return lon * METRES_PER_DEGREE * shrink, lat * METRES_PER_DEGREE
