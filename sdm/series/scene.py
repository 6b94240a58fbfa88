"""The unlabelled pixels of a site as a raster of all bands and steps, on which maps of classes are painted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio

from sdm.errors import DataError
from sdm.modalities.raster_bands import MONTHS, raster_modality_name
from sdm.rasters.scene_files import FOLDER, add_overviews, free_name
from sdm.rasters.scenes import Layer, Scene
from sdm.series.import_report import SceneReport
from sdm.series.lattice import lattice_of
from sdm.series.reader import SeriesTable

TILE = 256
PROFILE = {"driver": "GTiff", "dtype": "float32", "nodata": np.nan, "tiled": True, "blockxsize": TILE,
           "blockysize": TILE, "interleave": "band", "compress": "deflate", "predictor": 3, "zlevel": 1,
           "bigtiff": "if_safer"}  # fmt: skip
Written = tuple[list[Scene], list[SceneReport], dict[str, str]]  # scenes, what they hold, and why others failed


def write_series_scenes(folder: Path, table: SeriesTable) -> Written:
    """Write the sites of `table` below the data set's `folder`."""
    scenes, reports, failed = list[Scene](), list[SceneReport](), dict[str, str]()
    names: dict[str, str] = {}
    for site in np.unique(table.source).tolist():
        try:
            own = table.take(table.source == site)
            name = free_name(f"{site}-series", "tif", names)
            reports.append(write_series_raster(folder / name, own, site))
        except DataError as problem:
            failed[site] = str(problem)
            continue
        layer = Layer(
            "series", "Monthly series", series_modality(table.bands), (name,),
            (tuple(range(1, len(table.bands) * MONTHS + 1)),),
        )  # fmt: skip
        scenes.append(Scene(site, site, (layer,), ()))
    return scenes, reports, failed


def write_series_raster(path: Path, table: SeriesTable, site: str) -> SceneReport:
    """Write `table` as a GeoTIFF of bands x MONTHS bands: those of the first feature first, each by step.

    A cell without a pixel is missing (NaN); of pixels in one cell the first counts.
    """
    lattice, row, column = lattice_of(table.lon, table.lat)
    cell = row * lattice.width + column
    _, first = np.unique(cell, return_index=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    size = {"width": lattice.width, "height": lattice.height, "count": len(table.bands) * MONTHS}
    with rasterio.open(path, "w", crs=lattice.crs, transform=lattice.transform, **size, **PROFILE) as file:
        for band, name in enumerate(table.bands):
            for step in range(MONTHS):
                values = np.full(lattice.height * lattice.width, np.nan, np.float32)
                values[cell[first]] = table.values[first, band, step]
                file.write(values.reshape(lattice.height, lattice.width), band * MONTHS + step + 1)
                file.set_band_description(band * MONTHS + step + 1, band_description(name, step))
    add_overviews(path)
    return SceneReport(
        site,
        lattice.crs,
        lattice.width,
        lattice.height,
        len(first),
        len(table) - len(first),
        f"{FOLDER}/{path.name}",
    )


def series_modality(bands: Sequence[str]) -> str:
    """What series of `bands` are called as an input."""
    return raster_modality_name("series", bands, MONTHS)


def band_description(band: str, step: int) -> str:
    """What the band of a scene is called: `band` at `step` (from 0).

    >>> band_description("B8A", 2)
    'B8A step 03'
    """
    return f"{band} step {step + 1:02d}"
