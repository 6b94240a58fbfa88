"""Measures of a simulated coast, from its files and without a model."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from rasterio.features import rasterize
from scipy.stats import mannwhitneyu

from sdm.geo.variogram import practical_range, semivariance
from sdm.modalities.raster_bands import SENTINEL2_BANDS
from sdm.rasters.agreement import agreement_table
from sdm.rasters.mapped_types import Grid, combinations_of_types
from sdm.virtual_coast.parameters import UNMAPPED, Site, ground_types, spectra


def bands(folder: Path, site: Site, what: str) -> np.ndarray:
    """(band, row, column) of one raster of the site, float64; NaN where there is no value."""
    with rasterio.open(folder / f"{site.name.lower()}-{what}.tif") as file:
        return np.asarray(file.read(masked=True).astype(float).filled(np.nan))


def pure(truth: np.ndarray, pixels: int, margin: int = 1) -> np.ndarray:
    """The value that every pixel has alone, with `margin` neighbours on each side; -1 elsewhere, and on UNMAPPED.

    `truth`: one band of the truth; `pixels`: along a side.
    """
    size = truth.shape[0] // pixels
    width = (2 * margin + 1) * size
    padded = np.pad(truth.astype(int), margin * size, mode="edge")
    parts = np.lib.stride_tricks.sliding_window_view(padded, (width, width))[::size, ::size]
    low = parts.min(axis=(2, 3))
    return np.where(low == parts.max(axis=(2, 3)), low, -1)


def pure_types(folder: Path, site: Site) -> np.ndarray:
    """The true cover of every 10 m pixel that is, with its neighbours, of one ground type; else -1."""
    found = pure(bands(folder, site, "truth")[0], bands(folder, site, "sentinel2").shape[1])
    return np.where(found >= len(UNMAPPED), found, -1)


def mapper_agreement(folder: Path, site: Site) -> pd.DataFrame:
    """The importers' table of agreement of the site's mappers, on a grid of 5 m."""
    mappings = {
        f"mapper {i}": gpd.read_file(folder / f"{site.name.lower()}-mapper-{i}.gpkg")
        for i in range(1, site.mappers + 1)
    }
    with rasterio.open(folder / f"{site.name.lower()}-truth.tif") as file:
        grid = Grid(file.transform, file.width, file.height)
    return agreement_table(combinations_of_types(mappings, grid))


def accuracy_of_first(folder: Path, site: Site) -> float:
    """The share of the first mapper's area whose ground type is the true one."""
    polygons = gpd.read_file(folder / f"{site.name.lower()}-mapper-1.gpkg")
    number = {kind.code: i for i, kind in enumerate(ground_types(), start=len(UNMAPPED))}
    with rasterio.open(folder / f"{site.name.lower()}-truth.tif") as file:
        true = file.read(1)
        pairs = zip(polygons.geometry, polygons["code"].map(number), strict=True)
        mapped = rasterize(pairs, true.shape, fill=0, transform=file.transform, dtype="uint8")
    return float((mapped == true)[mapped > 0].mean())


def sensor(folder: Path, site: Site) -> pd.DataFrame:
    """How the image shows the table's reflectances: per band the line through the ground types, by their pixels.

    Columns band, gain, offset (reflectance x 10,000) and mean, the reflectance in the middle of the line.
    """
    types, values = pure_types(folder, site), bands(folder, site, "sentinel2")
    found, count = np.unique(types[(types >= 0) & np.isfinite(values[0])], return_counts=True)
    rows = []
    for i, band in enumerate(SENTINEL2_BANDS):
        stated, seen = spectra()[found, i], [np.nanmean(values[i][types == number]) for number in found]
        gain, offset = np.polyfit(stated, seen, 1, w=np.sqrt(count))
        rows.append((band, gain, offset, float(np.average(stated, weights=count))))
    return pd.DataFrame(rows, columns=["band", "gain", "offset", "mean"])


def repeated_share(folder: Path, site: Site) -> float:
    """The share of pixels equal to an earlier one of their 2 x 2 in all bands of 20 m."""
    values = bands(folder, site, "sentinel2")[4:]
    block = values[:, : values.shape[1] // 2 * 2, : values.shape[2] // 2 * 2]
    first = block[:, ::2, ::2].repeat(2, 1).repeat(2, 2)
    equal = (first == block).all(axis=0)
    return float(equal.mean() - 0.25)


def radar_separation(folder: Path, site: Site) -> float:
    """Area under the ROC curve of VV for wetland against dry land, on pure pixels: .5 is no separation."""
    types, vv = pure_types(folder, site), bands(folder, site, "sentinel1")[0]
    group = np.array([*("" for _ in UNMAPPED), *(kind.code[0] for kind in ground_types())])[np.maximum(types, 0)]
    wet, dry = (vv[(types >= 0) & (group == name)] for name in ("V", "T"))
    return float(mannwhitneyu(wet, dry).statistic / (len(wet) * len(dry)))


def true_shares(folder: Path, site: Site) -> pd.Series:
    """Per cent of the first mapper's area that is truly of each ground type."""
    polygons = gpd.read_file(folder / f"{site.name.lower()}-mapper-1.gpkg")
    with rasterio.open(folder / f"{site.name.lower()}-truth.tif") as file:
        true = file.read(1)
        inside = rasterize(polygons.geometry, true.shape, fill=0, default_value=1, transform=file.transform)
    count = np.bincount(true[inside > 0], minlength=len(UNMAPPED) + len(ground_types()))[len(UNMAPPED) :]
    return pd.Series(100 * count / count.sum(), index=[kind.code for kind in ground_types()])


def within_stands(folder: Path, site: Site, pixel: float) -> float:
    """Practical range in metres of what varies within a stand: log ratio of B8 to B4, which no slope changes."""
    values = bands(folder, site, "sentinel2")
    stands = pure(bands(folder, site, "truth")[1], values.shape[1])
    land = pure_types(folder, site)
    ratio = np.log(values[SENTINEL2_BANDS.index("B8")] / values[SENTINEL2_BANDS.index("B4")])
    lags = range(1, 13)
    return practical_range(semivariance(ratio, np.where(land >= 0, stands, -1), lags), lags, pixel)


def lime_range(folder: Path, site: Site) -> float:
    """Practical range in metres of the geology's lime richness."""
    lime = bands(folder, site, "truth")[2][::4, ::4] / 100
    lags = range(1, lime.shape[0] // 4)
    with rasterio.open(folder / f"{site.name.lower()}-truth.tif") as file:
        return practical_range(semivariance(lime, np.zeros(lime.shape, int), lags), lags, 4 * file.res[0])
