"""The fast quantile normalisation equals the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sdm.modalities.quantile import quantile_normalise


def by_definition(band: np.ndarray) -> np.ndarray:
    """Rank of each value (last of ties) as a percentile between the 2nd and the 98th, then min-max."""
    valid = ~np.isnan(band)
    result = np.full(band.shape, np.nan)
    if not valid.any():
        return result
    values = band[valid].astype(float)
    ordered = np.sort(values)
    rank = np.searchsorted(ordered, values, side="right") - 1
    share = rank / max(len(values) - 1, 1)
    mapped = np.interp(0.02 + 0.96 * share, np.linspace(0, 1, len(values)), ordered) if len(values) > 1 else values
    span = mapped.max() - mapped.min()
    result[valid] = (mapped - mapped.min()) / span if span > 0 else 0.0
    return result


def check(bands: np.ndarray) -> None:
    result = quantile_normalise(bands)
    assert result.dtype == np.float32 and result.shape == bands.shape
    flat = zip(bands.reshape(-1, *bands.shape[-2:]), result.reshape(-1, *bands.shape[-2:]), strict=True)
    for band, fast in flat:
        np.testing.assert_array_equal(np.isnan(fast), np.isnan(band))
        np.testing.assert_allclose(fast, by_definition(band), atol=2e-5)
        seen = fast[~np.isnan(fast)]
        assert ((seen >= 0) & (seen <= 1)).all()


SHAPES = hnp.array_shapes(min_dims=2, max_dims=4, max_side=5)


@given(hnp.arrays(np.float32, SHAPES, elements=st.one_of(st.integers(0, 12_000).map(float), st.just(np.nan))))
@settings(max_examples=150, deadline=None)
def test_whole_numbers(bands: np.ndarray) -> None:
    check(bands)


@given(hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e3, 1e6, width=32) | st.just(np.nan)))
@settings(max_examples=150, deadline=None)
def test_any_numbers(bands: np.ndarray) -> None:
    check(bands)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_patches(seed: int) -> None:
    random = np.random.default_rng(seed)
    patch = random.gamma(2.0, 400, (4, 64, 64)).round().astype(np.float32)
    patch[random.random(patch.shape) < random.choice([0, 0.1])] = np.nan
    check(patch)


@given(hnp.arrays(np.float32, (1, 6, 6), elements=st.integers(0, 300).map(float)))
@settings(deadline=None)
def test_order_is_kept(bands: np.ndarray) -> None:
    result = quantile_normalise(bands)[0].ravel()
    order = np.argsort(bands[0].ravel(), kind="stable")
    assert (np.diff(result[order]) >= 0).all()


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_constant_bands(value: float) -> None:
    result = quantile_normalise(np.full((2, 3, 3), value))
    np.testing.assert_array_equal(result, np.full((2, 3, 3), np.nan if np.isnan(value) else 0.0))


def test_one_missing_pixel_costs_one_pixel() -> None:
    band = np.arange(25.0).reshape(1, 5, 5)
    band[0, 2, 2] = np.nan
    result = quantile_normalise(band)
    assert np.isnan(result).sum() == 1 and np.nanmax(result) == 1
