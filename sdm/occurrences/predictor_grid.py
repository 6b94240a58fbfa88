"""The rasters of predictors as one grid beside the data set, over which models are asked (`predictors.tif`).

One cloud-optimised GeoTIFF in float32: a band per predictor, described by its name, in the order of the input's
variables; missing values are NaN. Its cells are those of the first raster within the area of study, at most two
million; a finer raster is averaged over larger ones, but for class codes, of which the nearest counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import rasterio
from rasterio import Affine
from rasterio import shutil as rasterio_shutil
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from sdm.errors import DataError
from sdm.jobs import Report, no_report
from sdm.occurrences.environment.raster_bands import RasterBand, opened, physical
from sdm.occurrences.environment.rasters import RasterEnvironment
from sdm.occurrences.reading.positions import transformed
from sdm.occurrences.study_area import StudyArea

FILE = "predictors.tif"
MOST_CELLS = 2_000_000
TILE, ROWS = 256, 512
EDGE = 32  # places along each side of the area by which it is brought to the raster's reference system
SAME = 1e-6  # of a cell


@dataclass(frozen=True)
class Grid:
    """`height` rows of `width` cells, placed by `transform` in `crs`."""

    crs: CRS
    transform: Affine
    width: int
    height: int


def write_predictor_grid(
    folder: Path, environment: RasterEnvironment, names: Sequence[str], area: StudyArea, report: Report = no_report
) -> None:
    """Write the predictors `names`, in that order, over `area` into the data set in `folder`; `report` counts
    them."""
    bands = {band.name: band for band in environment.bands}
    grid = grid_of(environment.files[0], area)
    profile: dict[str, Any] = {
        "driver": "GTiff", "dtype": "float32", "count": len(names), "width": grid.width, "height": grid.height,
        "crs": grid.crs, "transform": grid.transform, "nodata": math.nan, "tiled": True, "blockxsize": TILE,
        "blockysize": TILE, "BIGTIFF": "IF_SAFER",
    }  # fmt: skip
    try:
        with TemporaryDirectory(dir=folder) as scratch:
            plain = Path(scratch) / FILE
            with rasterio.open(plain, "w", **profile) as out:
                for number, name in enumerate(names, 1):
                    report(number - 1, len(names), f"grid of {name}")
                    out.set_band_description(number, name)
                    _write_band(out, number, bands[name], grid, coded=name in environment.codes)
            rasterio_shutil.copy(plain, folder / FILE, driver="COG", compress="DEFLATE", predictor="YES",
                                 blocksize=TILE, overview_resampling="NEAREST")  # fmt: skip
    except (RasterioError, OSError) as problem:
        raise DataError("the grid of predictors cannot be written", where=folder / FILE, got=problem) from None


def grid_of(path: Path, area: StudyArea) -> Grid:
    """The cells of the raster in `path` that lie in `area`, or larger ones where they would be too many."""
    with opened(path) as source:
        window = _window(source, area)
        step = max(1, math.ceil(math.sqrt(window.width * window.height / MOST_CELLS)))
        width, height = math.ceil(window.width / step), math.ceil(window.height / step)
        placed = source.transform * Affine.translation(window.col_off, window.row_off) * Affine.scale(step)
        return Grid(source.crs, placed, width, height)


def _window(source: rasterio.DatasetReader, area: StudyArea) -> Window:
    """The pixels of the raster within the area; all where they do not meet."""
    along = np.linspace(0, 1, EDGE)
    x, y = area.west + along * (area.east - area.west), area.south + along * (area.north - area.south)
    edge_x, edge_y = (side.ravel() for side in np.meshgrid(x, y))
    across, down = ~source.transform * transformed(edge_x, edge_y, area.crs, source.crs.to_wkt())
    if not np.isfinite(across).any():
        return Window(0, 0, source.width, source.height)
    left, right = _between(across, source.width)
    top, bottom = _between(down, source.height)
    if left == right or top == bottom:
        return Window(0, 0, source.width, source.height)
    return Window(left, top, right - left, bottom - top)


def _between(places: np.ndarray, most: int) -> tuple[int, int]:
    """The first pixel and the one after the last of `places`, within 0 to `most`."""
    low, high = math.floor(np.nanmin(places)), math.ceil(np.nanmax(places))
    return min(max(low, 0), most), min(max(high, 0), most)


def _write_band(out: Any, number: int, band: RasterBand, grid: Grid, *, coded: bool) -> None:
    with opened(band.path) as source:
        resampling = Resampling.nearest if coded else _resampling(source, grid)
        with WarpedVRT(
            source, crs=grid.crs, transform=grid.transform, width=grid.width, height=grid.height,
            resampling=resampling, dtype="float32", nodata=math.nan, src_nodata=source.nodata,
        ) as warped:  # fmt: skip
            for top in range(0, grid.height, ROWS):
                window = Window(0, top, grid.width, min(ROWS, grid.height - top))
                pixels = warped.read([band.number], window=window, masked=True)
                out.write(physical(source, [band.number], pixels)[0], number, window=window)


def _resampling(source: rasterio.DatasetReader, grid: Grid) -> Resampling:
    """Average where a cell holds several pixels, the pixel itself on the same grid, else bilinear."""
    if source.crs == grid.crs:
        size = abs(grid.transform.a / source.transform.a)
        offset = ~source.transform * (grid.transform.c, grid.transform.f)
        aligned = all(abs(value - round(value)) < SAME * max(abs(value), 1) for value in offset)
        if abs(size - 1) < SAME and aligned:
            return Resampling.nearest
        return Resampling.average if size >= 2 - SAME else Resampling.bilinear
    with WarpedVRT(source, crs=grid.crs) as natural:
        return Resampling.average if abs(grid.transform.a / natural.transform.a) >= 2 else Resampling.bilinear
