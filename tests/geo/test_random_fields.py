"""Random fields have the variance and the range they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.geo.random_fields import blocks, enlarge, field


@pytest.mark.parametrize("smoothness", [0.5, 1.5])
def test_covariance_at_a_third_of_the_range_and_beyond(smoothness: float) -> None:
    values = np.stack([field(np.random.default_rng(i), (300, 300), 10.0, 240.0, smoothness) for i in range(12)])
    assert values.var() == pytest.approx(1, abs=0.12)
    near, far = (float((values[:, :, lag:] * values[:, :, :-lag]).mean()) for lag in (8, 24))
    scale = 80.0 / (240.0 / {0.5: 2.996, 1.5: 4.744}[smoothness])
    expected = np.exp(-scale) * (1 if smoothness == 0.5 else 1 + scale)
    assert near == pytest.approx(expected, abs=0.08)
    assert abs(far) < 0.12


def test_enlarging_and_averaging_are_inverse_on_a_ramp() -> None:
    ramp = np.arange(20.0)[None].repeat(6, 0)
    fine = enlarge(ramp, (24, 80))
    assert blocks(fine, 4)[:, 1:-1] == pytest.approx(ramp[:, 1:-1])
