"""Composites and stretches give the bytes they promise; missing pixels are transparent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sdm.analysis.stretches import BROWN_TO_GREEN, STRETCHES, composite, limits_of, ramp, single_band
from sdm.errors import UnknownNameError
from sdm.modalities import PATCH
from sdm.modalities.quantile import quantile_normalise


def patch() -> np.ndarray:
    stored = np.random.default_rng(3).integers(0, 9000, PATCH.shape).astype(np.float32)
    stored[:, 10, 10] = [0, 10_000, 11_900, 5_000]
    stored[2, 0, 0] = np.nan
    return stored


def test_fixed_stretch():
    picture = composite(patch(), "natural", "fixed")
    assert picture.shape == (64, 64, 4) and picture.dtype == np.uint8
    assert picture[10, 10].tolist() == [0, 255, 255, 255]
    assert composite(patch(), "infrared", "fixed")[10, 10].tolist() == [128, 0, 255, 255]


def test_gamma_stretch_is_that_of_the_published_pictures():
    picture = composite(patch(), "infrared", "gamma")
    assert picture[10, 10, 0] == round(255 * 0.5 ** (1 / 2.5))
    assert picture[10, 10, 2] == 255


def test_quantile_stretch_is_what_the_models_see():
    picture = composite(patch(), "natural", "quantile")
    seen = quantile_normalise(patch())[0]
    np.testing.assert_array_equal(picture[1:, :, 0], np.rint(seen[1:] * 255))


@pytest.mark.parametrize("stretch", STRETCHES)
def test_missing_pixels_are_transparent(stretch: str):
    picture = composite(patch(), "natural", stretch)
    assert picture[0, 0].tolist() == [0, 0, 0, 0]
    assert (picture[..., 3] == 0).sum() == 1
    assert (composite(patch(), "infrared", stretch)[..., 3] == 255).all()  # blue has no part in it
    empty = np.full(PATCH.shape, np.nan, np.float32)
    assert not composite(empty, "natural", stretch).any()


def test_single_band_is_grey():
    picture = single_band(patch(), "nir", "fixed")
    assert picture[10, 10].tolist() == [128, 128, 128, 255]


def test_ramp_hits_its_stops():
    values = np.array([[-2.0, -1.0, -0.5], [0.0, 1.0, np.nan]])
    picture = ramp(values, (-1.0, 1.0))
    assert [tuple(map(int, pixel)) for pixel in picture[0, :, :3]] == [
        BROWN_TO_GREEN[0],
        BROWN_TO_GREEN[0],
        BROWN_TO_GREEN[1],
    ]
    assert picture[1, 0, :3].tolist() == list(BROWN_TO_GREEN[2])
    assert picture[1, :, 3].tolist() == [255, 255, 0]


def test_limits():
    assert limits_of(np.linspace(0, 100, 101)) == (2.0, 98.0)
    assert limits_of(np.full(4, 7.0)) == (6.5, 7.5)
    assert limits_of(np.full(4, np.nan)) == (0.0, 1.0)


@pytest.mark.parametrize(("call", "known"), [(composite, "natural"), (single_band, "red")])
def test_unknown_names_list_the_known(call: Callable[..., np.ndarray], known: str):
    with pytest.raises(UnknownNameError, match=known):
        call(patch(), "ultraviolet")
    with pytest.raises(UnknownNameError, match="natural, quantile, gamma, fixed"):
        call(patch(), known, "log")


def test_the_common_stretch_keeps_the_order_of_bands():
    flat = np.zeros((4, 64, 64), np.float32)
    flat[:3] = np.arange(64 * 64).reshape(64, 64) / 10 + np.array([0, 500, 1000])[:, None, None]
    colours = composite(flat, "natural", "natural")
    assert (colours[..., 2] >= colours[..., 1]).all()
    assert (colours[..., 1] >= colours[..., 0]).all()
