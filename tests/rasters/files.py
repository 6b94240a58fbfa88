"""Rasters and polygons on disk for the tests, awkward ones too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio import Affine

from sdm.rasters.sources import LayerFiles, SiteFiles

WEST, NORTH, METRES = 500_000.0, 6_500_000.0, 10.0
GRID = Affine(METRES, 0, WEST, 0, -METRES, NORTH)
CRS = "EPSG:32632"


def write_raster(
    path: Path,
    values: np.ndarray,
    names: Sequence[str] = (),
    *,
    transform: Affine = GRID,
    crs: str | None = CRS,
    nodata: float | None = None,
    mask: np.ndarray | None = None,
) -> Path:
    """`values` (bands, rows, columns) as a GeoTIFF; where `mask` is False nothing is valid."""
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = {"count": len(values), "height": values.shape[1], "width": values.shape[2], "dtype": values.dtype}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, nodata=nodata, **profile) as file,
    ):
        file.write(values)
        if mask is not None:
            file.write_mask(mask)
        for band, name in enumerate(names, 1):
            file.set_band_description(band, name)
    return path


def write_polygons(
    path: Path, codes: Sequence[object], shapes: Sequence[shapely.Geometry | None], crs: str | None = CRS
) -> Path:
    """Polygons, given in pixels (column, row) of GRID, with their codes in the column `code`."""
    place = [None if shape is None else on_ground(shape) for shape in shapes]
    frame = gpd.GeoDataFrame({"code": list(codes)}, geometry=place, crs=CRS)
    path.parent.mkdir(parents=True, exist_ok=True)
    (frame if crs == CRS else frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)).to_file(path)
    return path


def on_ground(shape: shapely.Geometry, transform: Affine = GRID) -> shapely.Geometry:
    """A geometry in pixels brought to the ground."""
    a, b, c, d, e, f = transform[:6]
    return shapely.transform(
        shape, lambda p: np.stack([a * p[:, 0] + b * p[:, 1] + c, d * p[:, 0] + e * p[:, 1] + f], 1)
    )


def noise(bands: int, height: int, width: int, seed: int = 0) -> np.ndarray:
    """uint16 values above 0, no two pixels alike."""
    random = np.random.default_rng(seed)
    return random.integers(1, 10_000, (bands, height, width)).astype(np.uint16)


def one_site(raster: Path, *polygons: Path, name: str = "site") -> SiteFiles:
    """A site of one raster; mappers are called by their files."""
    return SiteFiles(name, (LayerFiles((raster,)),), {path.stem: path for path in polygons})
