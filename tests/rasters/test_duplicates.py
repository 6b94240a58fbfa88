"""Pixels that repeat others are found: equal in every band, or pieces of one coarser pixel."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.modalities.raster_bands import SENTINEL2_BANDS
from sdm.rasters.duplicates import coarse_bands, digests, equal_rows, resampled


def pieces(values: np.ndarray, down: int = 0, right: int = 0, tolerance: float = 0.0) -> np.ndarray:
    """bool (rows, columns): pixels of doubled `values` (bands, rows, columns) that are dropped."""
    doubled = values.repeat(2, 1).repeat(2, 2)[:, down:, right:]
    row, column = (index.ravel() for index in np.indices(doubled.shape[1:]))
    flat = doubled.reshape(len(values), -1).T
    return resampled(row, column, np.zeros(len(row), int), flat, 2, tolerance).reshape(doubled.shape[1:])


@pytest.mark.parametrize(("down", "right"), [(0, 0), (1, 0), (1, 1)])
def test_one_of_four_is_left_wherever_the_coarse_pixels_begin(down: int, right: int) -> None:
    values = np.random.default_rng(0).random((3, 20, 20)).astype(np.float32)
    kept = ~pieces(values, down, right)
    assert kept.sum() == 400
    if not down and not right:
        assert kept[::2, ::2].all()


def test_other_labels_and_other_values_stay() -> None:
    row, column = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    values = np.array([[5.0], [5.0], [5.0], [6.0]], np.float32)
    found = resampled(row, column, np.array([1, 2, 1, 1]), values, 2)
    assert found.tolist() == [False, False, True, False]
    assert resampled(row, column, np.array([1, 2, 1, 1]), values, 2, tolerance=1.0).sum() == 2


def test_equal_rows_of_one_label_are_found_anywhere() -> None:
    values = np.array([[1, 2], [1, 3], [1, 2], [1, 2], [0.0, -0.0], [-0.0, 0.0]], np.float32)
    repeated = equal_rows(digests(values), np.array([0, 0, 0, 1, 0, 0]))
    assert repeated.tolist() == [False, False, True, False, False, True]


def test_coarse_bands_are_known_by_name() -> None:
    coarse = coarse_bands(SENTINEL2_BANDS, 10.0)
    assert [SENTINEL2_BANDS[i] for i in coarse.positions] == ["B5", "B6", "B7", "B8A", "B11", "B12"]
    assert coarse.factor == 2
    assert coarse_bands(SENTINEL2_BANDS, 20.0).positions == ()
    assert coarse_bands(["c1", "c2"], 10.0).positions == ()


def test_nothing_is_nothing() -> None:
    none = np.empty(0, int)
    assert not len(resampled(none, none, none, np.empty((0, 2), np.float32), 2))
    assert not len(equal_rows(digests(np.empty((0, 3), np.float32)), none))
