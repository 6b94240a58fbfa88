"""Squares read together are those read one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio.windows import Window

from sdm.rasters import squares
from sdm.rasters.squares import neighbours, read_squares
from sdm.rasters.stack import RasterStack
from tests.rasters.files import noise, write_raster


def test_squares_are_those_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squares, "TOGETHER", 16)
    monkeypatch.setattr(squares, "MOST", 7)
    path = write_raster(tmp_path / "a.tif", noise(2, 60, 70), ["B2", "B3"], nodata=0)
    row, column = np.random.default_rng(0).integers((-3, -3), (60, 70), (40, 2)).T  # some beyond the edge
    with RasterStack([path]) as stack:
        together = read_squares(stack, row, column, 9)
        for i, values in enumerate(together):
            np.testing.assert_array_equal(values, stack.read(Window(column[i], row[i], 9, 9)))


def test_every_square_has_its_turn_once() -> None:
    row, column = np.random.default_rng(1).integers(0, 2000, (2, 500))
    groups = list(neighbours(row, column))
    assert sorted(np.concatenate(groups)) == list(range(500))
    assert max(map(len, groups)) <= squares.MOST
    assert list(neighbours(row[:0], column[:0])) == []
