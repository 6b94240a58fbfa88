"""Bands are read where sites lie, whatever their grids and reference systems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin

from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.errors import DataError
from sdm.occurrences.build import build_dataset
from sdm.occurrences.environment import raster_bands
from sdm.occurrences.environment.raster_bands import opened, sample
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from tests.occurrences.environment.rasters import degrees_raster, metres_raster, plain_value, write
from tests.occurrences.tables import Tables


def test_pixels_of_two_systems_at_records_background_and_plots(good: Tables, tmp_path: Path) -> None:
    files = good.write(tmp_path)
    rasters = (
        degrees_raster(tmp_path / "warm.tif"),
        metres_raster(tmp_path / "high.tif", size=110, names=("height",)),
    )
    tables = OccurrenceFiles(files.records, None, files.plots, files.plot_predictors, rasters)
    data, report = build_dataset(tables, "made", ImportOptions(background_sites=700))
    assert data.modalities == ("predictors-warm-height",) and "2 bands of 2 rasters" in report.environment
    values = data.reader.read(data.modalities[0], np.arange(len(data)))
    lon, lat = data.sites["lon"].to_numpy(), data.sites["lat"].to_numpy()
    np.testing.assert_allclose(values[:, 0], plain_value(lon, lat), atol=0.55)  # half a pixel
    np.testing.assert_allclose(values[:, 1], plain_value(lon, lat), atol=0.85)
    counts = data.sites["source"].value_counts()
    assert counts[BACKGROUND] == 700 and {RECORDS, PLOTS} < set(counts.index)


def test_missing_scale_and_outside(tmp_path: Path) -> None:
    stored = np.arange(12, dtype=np.int16).reshape(1, 3, 4)
    path = write(tmp_path / "s.tif", stored, crs="EPSG:4326", nodata=5, scales=(0.5,),
                 transform=from_origin(0, 3, 1, 1))  # fmt: skip
    with opened(path) as source:
        x = np.array([0.5, 1.5, 3.5, 3.999, 4.0, -0.1, np.nan, np.inf])
        y = np.array([2.5, 1.5, 0.5, 0.001, 0.5, 0.5, 0.5, 1.0])
        values = sample(source, [1], x, y)[:, 0]
    np.testing.assert_allclose(values, [0, np.nan, 5.5, 5.5, np.nan, np.nan, np.nan, np.nan])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 50))
def test_windows_give_what_the_whole_raster_gives(seed: int, side: int) -> None:
    random = np.random.default_rng(seed)
    width, height = random.integers(1, 60, 2)
    values = random.random((2, height, width)).astype(np.float32)
    with rasterio.MemoryFile() as memory:
        profile = {"driver": "GTiff", "count": 2, "height": int(height), "width": int(width), "dtype": "float32",
                   "crs": "EPSG:4326", "transform": from_origin(0, 1, 1, 1)}  # fmt: skip
        with memory.open(**profile) as file:
            file.write(values)
        column, row = random.integers(0, width, 30), random.integers(0, height, 30)
        with pytest.MonkeyPatch.context() as patch, memory.open() as source:
            patch.setattr(raster_bands, "SIDE", side)
            found = sample(source, [2, 1], column + 0.5, 1 - (row + 0.5))
    np.testing.assert_array_equal(found, values[::-1, row, column].T)


def test_codes_by_name_of_the_band(good: Tables, tmp_path: Path) -> None:
    cover = np.full((1, 100, 100), 3, np.uint8)
    cover[:, :, 50:] = 7
    place = {"crs": "EPSG:4326", "transform": from_origin(7.8, 47.7, 0.01, 0.01)}
    files = OccurrenceFiles(
        good.write(tmp_path).records,
        rasters=(write(tmp_path / "cover.tif", cover, **place), degrees_raster(tmp_path / "w.tif")),
    )
    data, report = build_dataset(files, "made", ImportOptions(categories=("cover",)))
    assert data.modalities == ("predictors-w--cover",) and report.codes == ("cover",)
    values = data.reader.read(data.modalities[0], np.arange(len(data)))[:, 1]
    np.testing.assert_array_equal(values, np.where(data.sites["lon"] < 8.3, 3, 7))
    with pytest.raises(DataError, match="no such predictor"):
        build_dataset(files, "made", ImportOptions(categories=("soil",)))


def test_what_covers_only_some_is_counted_and_none_is_an_error(good: Tables, tmp_path: Path) -> None:
    records = good.write(tmp_path).records
    half = OccurrenceFiles(records, rasters=(degrees_raster(tmp_path / "half.tif", size=45),))
    data, report = build_dataset(half, "made", ImportOptions())
    outside = (good.records["decimalLongitude"] >= 8.25) | (good.records["decimalLatitude"] <= 47.25)
    assert {p.kind: p.count for p in report.problems}["no_predictor"] == outside.sum()
    assert (data.sites["lon"] < 8.25).all()
    blank = write(tmp_path / "blank.tif", np.full((1, 4, 4), np.nan, np.float32), crs="EPSG:4326",
                  transform=from_origin(-60, 10, 1, 1))  # fmt: skip
    with pytest.raises(DataError, match=r"no raster has a value at any record.*-60\.00 to -56\.00 E"):
        build_dataset(OccurrenceFiles(records, rasters=(blank,)), "made", ImportOptions())


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_bad_rasters_are_named(good: Tables, tmp_path: Path) -> None:
    records = good.write(tmp_path).records
    nowhere = write(tmp_path / "nowhere.tif", np.zeros((1, 4, 4), np.float32))
    twice = write(tmp_path / "twice.tif", np.zeros((2, 4, 4), np.float32), names=("a", "a"), crs="EPSG:4326",
                  transform=from_origin(8, 48, 1, 1))  # fmt: skip
    (tmp_path / "cut.tif").write_bytes(degrees_raster(tmp_path / "whole.tif").read_bytes()[:200])
    bad = {nowhere: "no reference system", records: "not a GeoTIFF", tmp_path: "not a GeoTIFF",
           tmp_path / "cut.tif": "not a readable GeoTIFF", tmp_path / "none.tif": "not a GeoTIFF"}  # fmt: skip
    for path, what in bad.items():
        with pytest.raises(DataError, match=what):
            build_dataset(OccurrenceFiles(records, rasters=(path,)), "bad", ImportOptions())
    named, _ = build_dataset(OccurrenceFiles(records, rasters=(twice,)), "twice", ImportOptions())
    assert named.modalities == ("predictors-a-twicea",)
