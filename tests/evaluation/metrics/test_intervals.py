"""Intervals of shares, and of means by a bootstrap of whole blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import f1_score

from sdm.evaluation.metrics import METRICS
from sdm.evaluation.metrics.intervals import interval, macro_f1_interval, wilson


def test_published_value() -> None:
    low, high = wilson(81, 263)  # Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<857, table I
    assert (round(float(low), 4), round(float(high), 4)) == (0.2553, 0.3662)


@given(some.integers(0, 500), some.integers(1, 500))
def test_the_interval_holds_the_share(part: int, whole: int) -> None:
    part = min(part, whole)
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


def test_nothing_counted_is_unknown() -> None:
    low, high = wilson(np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert np.isfinite(low[1])


def test_surveys_that_are_blocks_of_their_own_are_drawn_one_by_one() -> None:
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = interval(values, np.arange(400))
    means = values[np.random.default_rng(0).integers(0, 400, (1000, 400))].mean(axis=1)
    assert found == pytest.approx(np.quantile(means, [0.025, 0.975]))
    assert found[1] - found[0] == pytest.approx(2 * 1.96 * 2 / 20, rel=0.15)


def test_the_mean_of_a_draw_is_a_ratio() -> None:
    """Blocks of one 0 and of three 1: a draw of two gives 0, 3/4 or 1, each with chance 1/4, 1/2, 1/4."""
    values, blocks = np.array([0.0, 1, 1, 1]), np.array([7, 3, 3, 3])
    assert interval(values, blocks, level=0.4) == (0.75, 0.75)
    assert interval(values, blocks, level=0.9) == (0, 1)


def test_copies_tell_nothing_new() -> None:
    values = np.random.default_rng(1).normal(size=30)
    assert interval(np.repeat(values, 9), np.repeat(np.arange(30), 9)) == pytest.approx(
        interval(values, np.arange(30))
    )


def test_one_block_tells_nothing_of_others() -> None:
    assert np.isnan(interval(np.arange(5.0), np.zeros(5, int))).all()
    assert np.isnan(macro_f1_interval(np.arange(5), np.arange(5), np.zeros(5, int))).all()
    score = METRICS["mse"].score(np.zeros((3, 1)), np.ones((3, 1)), np.zeros(3, int))
    assert (score.value, score.low, score.high) == (1, None, None)


def test_it_covers_the_truth_where_neighbours_are_alike() -> None:
    """Of 40 unequal blocks with an effect of their own; drawing surveys one by one covers far less often."""
    random, held = np.random.default_rng(2), np.zeros(2)
    for _ in range(150):
        blocks = np.repeat(np.arange(40), random.integers(2, 18, 40))
        values = random.normal(0, 1, 40)[blocks] + random.normal(0, 1, len(blocks))
        for i, drawn in enumerate((blocks, np.arange(len(blocks)))):
            low, high = interval(values, drawn, repeats=300)
            held[i] += low <= 0 <= high
    assert held[0] / 150 > 0.88
    assert held[1] / 150 < 0.65


@given(some.integers(0, 1000), some.integers(2, 12), some.floats(-3, 3), some.floats(0.1, 5))
def test_it_moves_with_the_values_whatever_their_order(seed: int, count: int, shift: float, scale: float) -> None:
    random = np.random.default_rng(seed)
    blocks = np.append(np.arange(count), random.integers(0, count, 20))
    values = random.normal(size=len(blocks))
    low, high = interval(values, blocks, repeats=50)
    means = np.bincount(blocks, values) / np.bincount(blocks)
    assert means.min() - 1e-9 <= low <= high <= means.max() + 1e-9
    order = random.permutation(len(blocks))
    moved = interval(shift + scale * values[order], blocks[order], repeats=50)
    assert moved == pytest.approx((shift + scale * low, shift + scale * high), abs=1e-9)


@pytest.mark.parametrize("size", [1, 6])
def test_interval_of_macro_f1_is_that_of_drawing_blocks(size: int) -> None:
    random = np.random.default_rng(0)
    truth = np.repeat(random.integers(0, 4, 300 // size) * 3, size)
    predicted = np.where(random.random(300) < 0.7, truth, 3)
    low, high = macro_f1_interval(truth, predicted, np.repeat(np.arange(300 // size), size))
    value = f1_score(truth, predicted, average="macro")
    assert low < value < high
    drawn = random.integers(0, 300 // size, (400, 300 // size, 1)) * size + np.arange(size)
    drawn, classes = drawn.reshape(400, 300), np.unique(truth)
    true, found = truth[:, None] == classes, predicted[:, None] == classes
    f1 = 2 * (true & found)[drawn].sum(axis=1) / (true[drawn].sum(axis=1) + found[drawn].sum(axis=1))
    assert f1[0].mean() == pytest.approx(f1_score(truth[drawn[0]], predicted[drawn[0]], average="macro"))
    np.testing.assert_allclose([low, high], np.quantile(f1.mean(axis=1), [0.025, 0.975]), atol=0.02)
    assert macro_f1_interval(truth, truth, np.arange(300)) == (1, 1)
