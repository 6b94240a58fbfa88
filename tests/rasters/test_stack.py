"""Several rasters are one stack: by windows as in one go, missing values NaN, other grids brought to the first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio import Affine
from rasterio.windows import Window

from sdm.errors import DataError
from sdm.rasters.stack import RasterStack
from tests.rasters.files import GRID, NORTH, WEST, noise, write_raster


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two bands of 10 m with a missing pixel; one of 20 m; a shifted elevation of 3 m; a canopy in degrees."""
    values = noise(2, 60, 70)
    values[:, 3, 4] = 0
    elevation = np.random.default_rng(2).random((1, 210, 240)).astype(np.float32)
    canopy = np.full((1, 40, 40), 7, np.float32)
    return [
        write_raster(tmp_path / "a.tif", values, ["B2", "B03"], nodata=0),
        write_raster(tmp_path / "b.tif", noise(1, 30, 35, 1), ["B11"], transform=GRID * Affine.scale(2)),
        write_raster(tmp_path / "elevation.tif", elevation, transform=Affine(3, 0, WEST, 0, -3, NORTH)),
        write_raster(
            tmp_path / "canopy.tif", canopy, transform=Affine(4e-4, 0, 9, 0, -2e-4, 58.6405), crs="EPSG:4326"
        ),
    ]


def test_names_come_from_descriptions_and_files(files: list[Path]) -> None:
    with RasterStack(files) as stack:
        assert stack.names == ("B2", "B3", "B11", "elevation", "canopy")


@pytest.mark.parametrize("side", [7, 16, 64])
def test_windows_together_are_the_whole(files: list[Path], side: int) -> None:
    with RasterStack(files) as stack:
        whole, parts = stack.read(), np.full((5, 60, 70), np.nan, np.float32)
        for window in stack.windows(side):
            parts[(slice(None), *window.toslices())] = stack.read(window)
    assert np.isfinite(whole).any(axis=(1, 2)).all()
    np.testing.assert_array_equal(parts, whole)


def test_coarser_bands_repeat_exactly_and_continuous_ones_are_interpolated(files: list[Path]) -> None:
    with RasterStack(files) as stack:
        values = stack.read()
    np.testing.assert_array_equal(values[2], noise(1, 30, 35, 1)[0].repeat(2, 0).repeat(2, 1))
    assert 0.2 < np.nanmean(values[3]) < 0.8
    assert np.nanstd(values[3]) < 0.2  # the mean of eleven uniform numbers, not one of them
    assert set(np.unique(values[4][np.isfinite(values[4])])) == {7.0}


def test_missing_values_and_what_is_outside_are_nan(files: list[Path]) -> None:
    with RasterStack(files[:1]) as stack:
        values = stack.read(Window(-2, -1, 8, 6))
        assert np.isnan(values[:, 0]).all()
        assert np.isnan(values[:, :, :2]).all()
        assert np.isnan(values[:, 4, 6]).all()  # row 3, column 4
        assert np.isfinite(values).sum() == 2 * (5 * 6 - 1)
        assert np.isnan(stack.read(Window(100, 100, 3, 3))).all()


@pytest.mark.parametrize("warped", [False, True])
def test_a_mask_is_missing_too(tmp_path: Path, warped: bool) -> None:
    mask = np.ones((20, 20), bool)
    mask[5:9, 5:9] = False
    masked = write_raster(tmp_path / "m.tif", noise(1, 20, 20), mask=mask)
    grid = write_raster(tmp_path / "g.tif", noise(1, 10, 10), transform=GRID * Affine.translation(2, 2))
    with RasterStack([grid, masked] if warped else [masked]) as stack:
        values = stack.read()[-1]
    expected = ~mask[2:12, 2:12] if warped else ~mask
    np.testing.assert_array_equal(np.isnan(values), expected)


def test_a_coarser_reading_keeps_the_place(files: list[Path]) -> None:
    with RasterStack(files[:1]) as stack:
        assert stack.read(shape=(6, 7)).shape == (2, 6, 7)


def test_bands_are_chosen_in_another_order_across_files(files: list[Path]) -> None:
    with RasterStack(files) as stack, stack.select([2, 0, 3]) as chosen:
        assert chosen.names == ("B11", "B2", "elevation")
        assert chosen.files[0] == files[0]  # the grid
        np.testing.assert_array_equal(chosen.read(), stack.read()[[2, 0, 3]])


def test_bands_without_any_value_are_named(tmp_path: Path) -> None:
    values = noise(2, 30, 30).astype(np.float32)
    values[1] = np.nan
    path = write_raster(tmp_path / "a.tif", values, ["B2", "B3"])
    with RasterStack([path]) as stack:
        assert stack.empty_bands() == ("B3",)


def test_errors_name_the_file_and_the_remedy(tmp_path: Path) -> None:
    nowhere = write_raster(tmp_path / "nowhere.tif", noise(1, 5, 5), crs=None)
    with pytest.raises(DataError, match="reference system") as problem:
        RasterStack([nowhere])
    assert problem.value.where == str(nowhere)
    assert problem.value.remedy
    (tmp_path / "text.tif").write_text("no raster")
    for path in (tmp_path / "text.tif", tmp_path / "absent.tif"):
        with pytest.raises(DataError):
            RasterStack([path])
    twice = [write_raster(tmp_path / f"{name}.tif", noise(1, 5, 5), ["B2"]) for name in "xy"]
    with pytest.raises(DataError, match="B2"):
        RasterStack(twice)
