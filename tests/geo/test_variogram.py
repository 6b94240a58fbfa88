"""Variograms have known answers."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.geo.random_fields import field
from sdm.geo.variogram import practical_range, semivariance


def test_semivariance_counts_pairs_of_one_group_only() -> None:
    values = np.array([[0.0, 2.0, 10.0, 14.0]])
    group = np.array([[1, 1, 2, 2]])
    assert semivariance(values, group, range(1, 3)) == pytest.approx([(4 + 16) / 4, np.nan], nan_ok=True)


def test_practical_range_of_a_field() -> None:
    values = np.concatenate([field(np.random.default_rng(i), (200, 200), 10.0, 120.0) for i in range(3)], axis=1)
    lags = range(1, 30)
    gamma = semivariance(values, np.zeros(values.shape, int), lags)
    assert practical_range(gamma, lags, 10.0) == pytest.approx(120, rel=0.25)
