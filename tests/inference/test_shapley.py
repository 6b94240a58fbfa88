"""Shapley values: the axioms that define them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.errors import DataError
from sdm.inference.shapley import coalitions, shapley_values


def worths(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2**count, 3))


@given(st.integers(1, 5), st.integers(0, 999))
def test_it_is_the_mean_over_all_orders_and_adds_up(count: int, seed: int) -> None:
    worth = worths(count, seed)
    expected = np.zeros((count, 3))
    orders = list(permutations(range(count)))
    for order in orders:
        there = 0
        for group in order:
            expected[group] += (worth[there | 1 << group] - worth[there]) / len(orders)
            there |= 1 << group
    found = shapley_values(worth)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=0), worth[-1] - worth[0], atol=1e-12)


def test_who_adds_nothing_gets_nothing_and_equals_get_the_same() -> None:
    subsets = coalitions(3)
    worth = (subsets[:, 0].astype(float) + subsets[:, 1]) ** 2  # the third changes nothing
    assert shapley_values(worth).tolist() == pytest.approx([2, 2, 0])


def test_a_worth_for_every_subset() -> None:
    with pytest.raises(DataError, match="every subset"):
        shapley_values(np.zeros(3))
