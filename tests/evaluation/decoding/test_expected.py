"""Expected F1 by formula, integral and simulation, against counting every outcome."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.evaluation.decoding.expected import exact, plug_in, ranked, simulated

PROBABILITIES = st.lists(st.floats(0, 1), min_size=1, max_size=7).map(lambda p: np.sort(p)[::-1])


def counted(head: np.ndarray) -> np.ndarray:
    """float64 (m,): the expectation over all 2^m outcomes, set size by set size."""
    size = np.arange(1, len(head) + 1)
    total = np.zeros(len(head))
    for present in product((0, 1), repeat=len(head)):
        there = np.array(present)
        chance = np.where(there, head, 1 - head).prod()
        total += chance * 2 * there.cumsum() / (size + there.sum())
    return total


def by_distributions(head: np.ndarray) -> np.ndarray:
    """The same by dynamic programming, from how many of the first k, and of the others, are present."""
    others = [np.ones(1)]
    for p in head[:0:-1]:
        others.append(np.convolve(others[-1], (1 - p, p)))
    taken, result = np.ones(1), []
    for k, p in enumerate(head, start=1):
        taken = np.convolve(taken, (1 - p, p))
        rest = others[len(head) - k]
        a, b = np.arange(len(taken))[:, None], np.arange(len(rest))
        result.append(taken @ (2 * a / (k + a + b)) @ rest)
    return np.array(result)


@given(PROBABILITIES)
def test_exact_is_what_counting_gives(head: np.ndarray) -> None:
    np.testing.assert_allclose(exact(head[None], np.zeros(1))[0], counted(head), atol=1e-12)


@pytest.mark.parametrize("shape", [(0.05, 5), (0.3, 5), (1, 1), (5, 1), (500, 0.01)])
def test_exact_stays_so_for_256_species(shape: tuple[float, float]) -> None:
    head = np.sort(np.random.default_rng(0).beta(*shape, 256))[::-1]
    np.testing.assert_allclose(exact(head[None], np.zeros(1))[0], by_distributions(head), atol=1e-11)


def of_size(head: np.ndarray, k: int) -> float:
    """The same for one k of very many species."""
    taken, rest = (_distribution(part) for part in (head[:k], head[k:]))
    a, b = np.arange(len(taken))[:, None], np.arange(len(rest))
    return float(taken @ (2 * a / (k + a + b)) @ rest)


def _distribution(probabilities: np.ndarray) -> np.ndarray:
    """How likely 0, 1, … of them are present."""
    found = np.ones(1)
    for p in probabilities:
        found = np.convolve(found, (1 - p, p))
    return found


@settings(max_examples=12)
@given(st.integers(257, 2500), st.floats(0, 1), st.sampled_from([(0.05, 5), (1, 1), (5, 1)]), st.integers(0, 99))
def test_exact_stays_so_for_any_number(species: int, part: float, shape: tuple[float, float], seed: int) -> None:
    head = np.sort(np.random.default_rng(seed).beta(*shape, species))[::-1]
    k = 1 + int(part * (species - 1))
    found = exact(head[None], np.zeros(1))[0]
    np.testing.assert_allclose(found[[k - 1, -1]], [of_size(head, k), of_size(head, species)], atol=1e-10)


def test_exact_stays_so_for_all_species_of_a_continent() -> None:
    head = np.sort(np.random.default_rng(4).beta(0.05, 8, 5016))[::-1]
    assert exact(head[None], np.zeros(1))[0, -1] == pytest.approx(of_size(head, 5016), abs=1e-10)


def test_what_is_left_out_counts_as_poisson() -> None:
    """200 species of 0.01 beyond the first 20 shift the expectation by less than the sum of their p²."""
    head = np.sort(np.random.default_rng(1).random(20))[::-1]
    whole = exact(np.append(head, np.full(200, 0.01))[None], np.zeros(1))[0, :20]
    found = exact(head[None], np.array([2.0]))[0]
    assert np.abs(found - whole).max() < 200 * 0.01**2
    assert np.abs(found - exact(head[None], np.zeros(1))[0]).max() > 0.02


def brute_force(p: np.ndarray) -> float:
    """Largest mean F1 over every answer, the mean taken over every outcome; an empty outcome scores 0."""
    outcomes = np.array(list(product((0, 1), repeat=len(p))))
    weight = np.prod(np.where(outcomes, p, 1 - p), axis=1)
    f1 = [2 * (outcomes @ answer) / np.maximum(answer.sum() + outcomes.sum(axis=1), 1) for answer in outcomes]
    return float(max(weight @ each for each in f1))


def best_of(p: np.ndarray) -> float:
    """The highest expected F1 that any number of the most probable species has."""
    _, head, rest = ranked(p[None])
    return float(exact(head, rest).max())


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=7))
def test_the_best_is_that_of_every_set_tried(values: list[float]) -> None:
    p = np.array(values)
    assert best_of(p) == pytest.approx(brute_force(p), abs=1e-9)


def test_the_tail_of_rare_species_counts() -> None:
    head, rng = np.array([0.9, 0.8, 0.5]), np.random.default_rng(0)
    present, others = rng.random((100_000, 3)) < head, rng.binomial(5000, 9e-5, 100_000)
    mean = [np.mean(2 * present[:, :k].sum(axis=1) / (k + present.sum(axis=1) + others)) for k in (1, 2, 3)]
    probabilities = np.concatenate([head, np.full(5000, 9e-5)])
    assert best_of(probabilities) == pytest.approx(max(mean), abs=0.004)


def test_simulation_comes_near_and_does_not_change() -> None:
    random = np.random.default_rng(3)
    head = np.sort(random.beta(0.5, 2, (40, 60)).astype(np.float32), axis=1)[:, ::-1]
    rest = random.random(40)
    found = simulated(head, rest, 4000)
    assert np.abs(found - exact(head, rest)).max() < 0.02
    np.testing.assert_array_equal(simulated(head[[35]], rest[[35]], 4000), found[[35]])


def test_the_formula_is_the_exact_one_where_nothing_is_uncertain() -> None:
    head = np.array([[1.0, 1.0, 0.0]])
    np.testing.assert_allclose(plug_in(head, np.zeros(1)), exact(head, np.zeros(1)), atol=1e-12)
