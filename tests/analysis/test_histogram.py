"""Shares of pixels per bin, of a patch and of the training patches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.analysis.histogram import BINS, STEP, fit_patches, histogram
from sdm.data.dataset import ArrayReader
from sdm.errors import DataError
from sdm.modalities import PATCH
from tests.datasets import multilabel


def test_known_shares():
    patch = np.full(PATCH.shape, 250.0, np.float32)
    patch[0, :32] = 700
    patch[0, 0] = np.nan
    table = histogram(patch)
    red = table[table["band"] == "Red"]
    assert len(red) == BINS and red["share"].sum() == pytest.approx(1)
    assert red["share"].iloc[2] == pytest.approx(32 / 63) and red["share"].iloc[7] == pytest.approx(31 / 63)
    assert red["low"].iloc[7] == pytest.approx(0.07) and red["high"].iloc[7] == pytest.approx(0.08)
    assert table["training_share"].isna().all()


def test_training_distribution_is_of_the_given_rows():
    data = multilabel()
    patches = np.full((len(data), *PATCH.shape), 150.0, np.float32)
    patches[15:] = 5000
    patches[3] = np.nan
    data = replace(data, reader=ArrayReader({"patch": patches}))
    reference = fit_patches(data, data.rows("train"))
    assert reference.surveys == 11  # survey 3 has no patch
    assert (reference.shares[:, 1] == 1).all()
    assert histogram(patches[15], reference).groupby("band")["training_share"].sum().eq(1).all()


def test_no_patch_is_said():
    data = multilabel()
    with pytest.raises(DataError, match="'patch'"):
        fit_patches(data, np.array([3]))
    table = histogram(np.full(PATCH.shape, np.nan, np.float32))
    assert table["share"].isna().all()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_equals_numpy_histogram(seed: int):
    patch = np.random.default_rng(seed).integers(-50, 13_000, PATCH.shape).astype(np.float32)
    edges = np.arange(BINS + 1) * STEP
    clipped = np.clip(patch, 0, BINS * STEP - 1)
    expected = np.concatenate([np.histogram(band, edges)[0] / band.size for band in clipped])
    np.testing.assert_allclose(histogram(patch)["share"], expected)
