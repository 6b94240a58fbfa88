"""The best expected F1 against brute force over all answers and all outcomes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.virtual_europe.expected_f1 import best_expected_f1


def brute_force(p: np.ndarray) -> float:
    """Largest mean F1 over every answer, the mean taken over every outcome."""
    outcomes = np.array(list(product((0, 1), repeat=len(p))))
    weight = np.prod(np.where(outcomes, p, 1 - p), axis=1)
    best = 0.0
    for answer in outcomes:
        size = answer.sum() + outcomes.sum(axis=1)
        f1 = np.where(size == 0, 1.0, 2 * (outcomes @ answer) / np.maximum(size, 1))
        best = max(best, float(weight @ f1))
    return best


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=7))
def test_agrees_with_brute_force(values: list[float]) -> None:
    p = np.array(values)
    assert best_expected_f1(p) == pytest.approx(brute_force(p), abs=1e-9)


def test_certainty_and_ignorance() -> None:
    assert best_expected_f1(np.array([1.0, 1.0, 0.0])) == pytest.approx(1)
    assert best_expected_f1(np.array([0.0])) == pytest.approx(1)
    assert best_expected_f1(np.full(1000, 0.01)) < 0.1


def test_the_tail_of_rare_species_counts() -> None:
    head = np.array([0.9, 0.8, 0.5])
    tail = np.full(5000, 9e-5)
    rng = np.random.default_rng(0)
    present = rng.random((100_000, 3)) < head
    others = rng.binomial(5000, 9e-5, 100_000)
    mean = [np.mean(2 * present[:, :k].sum(axis=1) / (k + present.sum(axis=1) + others)) for k in (1, 2, 3)]
    assert best_expected_f1(np.concatenate([head, tail])) == pytest.approx(max(mean), abs=0.004)
