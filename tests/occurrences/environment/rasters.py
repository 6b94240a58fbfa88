"""Rasters whose every pixel is known from where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin

WEST, NORTH = 7.8, 47.7  # degrees, around the places of tests.occurrences.tables


def plain_value(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """What a pixel holds, by its centre."""
    return 100 * (lon - 8) + 10 * (lat - 47)


def degrees_raster(path: Path, step: float = 0.01, size: int = 100, **more: Any) -> Path:
    """One band in degrees: `plain_value` at the centre of each pixel."""
    lon = WEST + step * (np.arange(size) + 0.5)
    lat = NORTH - step * (np.arange(size) + 0.5)
    values = plain_value(lon[None, :], lat[:, None]).astype(np.float32)
    return write(path, values[None], crs="EPSG:4326", transform=from_origin(WEST, NORTH, step, step), **more)


def metres_raster(path: Path, step: float = 1000.0, size: int = 90, **more: Any) -> Path:
    """One band in the Swiss system: `plain_value` at the centre of each pixel."""
    x, y = Transformer.from_crs(4326, 2056, always_xy=True).transform(WEST, NORTH)
    east, north = np.meshgrid(x + step * (np.arange(size) + 0.5), y - step * (np.arange(size) + 0.5))
    lon, lat = Transformer.from_crs(2056, 4326, always_xy=True).transform(east, north)
    values = plain_value(lon, lat).astype(np.float32)
    return write(path, values[None], crs="EPSG:2056", transform=from_origin(x, y, step, step), **more)


def write(path: Path, values: np.ndarray, names: tuple[str, ...] = (), **more: Any) -> Path:
    """The bands of `values`, described by `names`."""
    scales = more.pop("scales", None)
    profile = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2],
               "dtype": values.dtype.name, **more}  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(values)
        if scales is not None:
            file.scales = scales
        for number, name in enumerate(names, 1):
            file.set_band_description(number, name)
    return path
