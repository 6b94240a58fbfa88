"""Writes the rasters of the coast."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

_NUMBERS = {"compress": "deflate", "zlevel": 4, "tiled": True, "blockxsize": 256, "blockysize": 256}
_PICTURE = {"compress": "jpeg", "photometric": "ycbcr", "jpeg_quality": 88, "tiled": True, "blockxsize": 256,
            "blockysize": 256}  # fmt: skip


def write_raster(
    path: Path,
    values: np.ndarray,
    transform: Affine,
    crs: int,
    names: Sequence[str] = (),
    nodata: float | None = None,
) -> None:
    """Write (band, row, column) without loss; `names` become the descriptions of the bands."""
    predictor = 3 if values.dtype.kind == "f" else 2
    _write(path, values, transform, crs, {**_NUMBERS, "predictor": predictor, "nodata": nodata}, names)


def write_picture(path: Path, values: np.ndarray, transform: Affine, crs: int) -> None:
    """Write three channels of 8 bits as JPEG inside a GeoTIFF, as orthophotos come; channels have no names."""
    _write(path, values, transform, crs, _PICTURE, ())


def _write(
    path: Path, values: np.ndarray, transform: Affine, crs: int, options: dict[str, object], names: Sequence[str]
) -> None:
    profile = {
        "driver": "GTiff", "dtype": values.dtype.name, "count": len(values), "height": values.shape[1],
        "width": values.shape[2], "transform": transform, "crs": f"EPSG:{crs}", **options,
    }  # fmt: skip
    with rasterio.open(path, "w", num_threads="2", **profile) as file:
        file.write(values)
        for band, name in enumerate(names, start=1):
            file.set_band_description(band, name)
