"""Smoothing against its definition, the band and the thinning against known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.errors import SdmError
from sdm.training_logs.smoothing import envelope, matching_window, smooth

NUMBERS = st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([np.nan, np.inf])), max_size=60)


def plain(values: list[float], weight: float) -> list[float]:
    """TensorBoard's loop."""
    last, count, found = 0.0, 0, []
    for value in values:
        if not np.isfinite(value):
            found.append(value)
            continue
        last = last * weight + (1 - weight) * value
        count += 1
        found.append(last / (1 - weight**count))
    return found


@given(NUMBERS, st.floats(0, 0.999))
@settings(max_examples=200, deadline=None)
def test_smooth_is_the_plain_loop(values: list[float], weight: float):
    np.testing.assert_allclose(smooth(np.array(values), weight), plain(values, weight), rtol=1e-7, atol=1e-6)


def test_a_constant_stays_and_the_first_value_is_kept():
    assert smooth(np.full(50, 3.0), 0.99) == pytest.approx(np.full(50, 3.0))
    assert smooth(np.array([5.0, 1.0]), 0.9)[0] == pytest.approx(5.0)


def test_raw_values_are_not_changed():
    values = np.array([1.0, 2.0])
    smooth(values, 0.5)
    assert values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("weight", [-0.1, 1.0, np.nan])
def test_weights_that_are_none(weight: float):
    with pytest.raises(SdmError, match="smoothing weight"):
        smooth(np.zeros(2), weight)


def test_envelope_by_extremes_and_by_quantiles():
    values = np.array([3.0, np.nan, 1.0, np.inf, 5.0])
    low, high = envelope(values, 3)
    assert low.tolist() == [3, 1, 1, 1, 5]
    assert high.tolist() == [3, 3, 1, 5, 5]
    low, high = envelope(np.arange(9.0), 9, (0.5, 0.5))
    assert low[4] == high[4] == 4
    assert np.isnan(envelope(np.array([np.nan]), 1)).all()


@pytest.mark.parametrize(("window", "quantiles"), [(0, None), (3, (0.9, 0.1)), (3, (-0.1, 0.5))])
def test_envelopes_that_are_none(window: int, quantiles: tuple[float, float] | None):
    with pytest.raises(SdmError, match="no envelope"):
        envelope(np.zeros(3), window, quantiles)


def test_matching_window_is_as_calm_as_the_average():
    noise = np.random.default_rng(0).normal(size=200_000)
    moving = np.convolve(noise, np.full(matching_window(0.9), 1 / matching_window(0.9)), "valid")
    assert smooth(noise, 0.9).var() == pytest.approx(moving.var(), rel=0.05)
