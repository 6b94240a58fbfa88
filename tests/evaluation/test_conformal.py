"""Conformal sets: the threshold is the largest that keeps the promise, and the promise is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.errors import RunError
from sdm.evaluation.conformal import ConformalSets, SurveySets, fit_conformal, fit_weighted
from sdm.evaluation.covariate_shift import shift_weights


def drawn(surveys: int, seed: int, species: int = 30) -> tuple[csr_matrix, np.ndarray]:
    """Surveys of very unequal richness, some empty, and a model that is neither right nor calibrated."""
    random = np.random.default_rng(seed)
    chance = random.beta(0.3, 2, (surveys, species)) * random.random((surveys, 1))
    probability = (chance**0.5 * 0.7 + 0.3 * random.random(chance.shape)).astype(np.float32)
    return csr_matrix(random.random(chance.shape) < chance), probability


def risks(truth: csr_matrix, probability: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """The bound of the method at each threshold, by its definition."""
    there = truth.toarray() != 0
    there, probability = there[there.any(axis=1)], probability[there.any(axis=1)]
    inside = (probability >= thresholds[:, None, None]) & there
    lost = 1 - inside.sum(axis=2) / there.sum(axis=1)
    n = len(there)
    return n / (n + 1) * lost.mean(axis=1) + 1 / (n + 1)


@given(st.integers(0, 10_000), st.integers(15, 60), st.sampled_from([0.5, 0.8, 0.9]))
def test_the_threshold_is_the_largest_that_holds(seed: int, surveys: int, stated: float) -> None:
    truth, probability = drawn(surveys, seed)
    found = fit_conformal(truth, probability, stated)
    levels = np.unique(probability[truth.nonzero()])
    allowed = levels[risks(truth, probability, levels) <= 1 - stated + 1e-9]
    assert found.threshold == allowed.max(initial=0)


def test_the_promise_is_kept_on_average() -> None:
    measured = []
    for seed in range(60):
        fitted = fit_conformal(*drawn(100, seed), 0.8)
        measured.append(fitted.coverage(*drawn(400, 10_000 + seed), np.arange(400) // 8).measured)
    assert 0.8 - 0.005 <= np.mean(measured) <= 0.8 + 2 / 100 + 0.02


def test_coverage_is_that_of_the_sets() -> None:
    truth, probability = drawn(300, 1)
    fitted = ConformalSets(0.9, 0.4)
    sets, there = fitted.sets(probability).toarray(), truth.toarray() != 0
    assert (sets == (probability >= np.float32(0.4))).all()
    having = there.any(axis=1)
    share = (sets & there)[having].sum(axis=1) / there[having].sum(axis=1)
    found = fitted.coverage(truth, probability, np.arange(300))
    assert found.measured == pytest.approx(share.mean())
    assert found.low < found.measured < found.high
    assert found.size == pytest.approx(sets.sum(axis=1).mean())
    assert found.surveys == having.sum() < 300


def test_the_size_of_sets_that_may_hold_more_is_not_known() -> None:
    truth, probability = drawn(30, 3)
    fitted, unseen, blocks = ConformalSets(0.9, 0.4), np.full(30, 0.39, np.float32), np.arange(30) // 3
    known = fitted.coverage(truth, probability, blocks)
    bounded = fitted.coverage(truth, probability, blocks, unseen)
    assert (bounded.size, bounded.measured) == (known.size, known.measured)
    assert np.isnan(bounded.foretold)
    unseen[7] = 0.4
    found = fitted.coverage(truth, probability, blocks, unseen)
    assert np.isnan(found.size)
    assert found.measured == known.measured


def test_surveys_without_species_take_no_part_in_the_interval() -> None:
    truth, probability = drawn(60, 4)
    having, blocks = np.diff(truth.indptr) > 0, np.arange(60) // 5
    assert not having.all()
    fitted = ConformalSets(0.9, 0.4)
    found = fitted.coverage(truth, probability, blocks)
    alone = fitted.coverage(truth[having], probability[having], blocks[having])
    assert (found.low, found.high) == (alone.low, alone.high)
    one = fitted.coverage(truth, probability, np.zeros(60, int))
    assert np.isnan([one.low, one.high]).all() and one.measured == found.measured


def test_too_few_surveys_take_every_species() -> None:
    truth, probability = drawn(8, 2)
    assert fit_conformal(truth, probability, 0.95).threshold == 0
    none = fit_conformal(csr_matrix((3, 30)), probability[:3], 0.9)
    assert none.threshold == 0
    assert np.isnan(none.coverage(csr_matrix((3, 30)), probability[:3], np.arange(3)).measured)
    assert none.sets(probability[:0]).shape == (0, 30)


@pytest.mark.parametrize("stated", [0.0, 1.0, float("nan")])
def test_shares_out_of_range(stated: float) -> None:
    with pytest.raises(RunError, match="share"):
        fit_conformal(*drawn(8, 2), stated)


def test_weights_of_one_give_the_plain_threshold_exactly() -> None:
    for seed in range(20):
        truth, probability = drawn(60, seed)
        plain = fit_conformal(truth, probability, 0.85)
        weighted = fit_weighted(truth, probability, 0.85, np.ones(60))
        assert (weighted.thresholds(np.ones(5)) == plain.threshold).all()


def test_a_weight_of_two_is_a_survey_twice() -> None:
    truth, probability = drawn(40, 5)
    weights = np.tile([1.0, 2.0], 20)
    twice = np.repeat(np.arange(40), weights.astype(int))
    weighted = fit_weighted(truth, probability, 0.8, weights).thresholds(np.ones(1))
    repeated = fit_weighted(truth[twice], probability[twice], 0.8, np.ones(60)).thresholds(np.ones(1))
    assert weighted == pytest.approx(repeated)


def test_a_survey_that_outweighs_all_others_takes_every_species() -> None:
    fitted = fit_weighted(*drawn(60, 6), 0.8, np.ones(60))
    low, high = fitted.thresholds(np.array([1.0, 1000.0]))
    assert low > high == 0


def shifted(surveys: int, mean: float, seed: int) -> tuple[np.ndarray, csr_matrix, np.ndarray]:
    """A covariate, and surveys whose species the model finds less and less likely as it rises."""
    random = np.random.default_rng(seed)
    place = random.normal(mean, 1, surveys)
    chance = random.uniform(0.1, 0.9, (surveys, 20))
    probability = chance * (0.25 + 0.75 / (1 + np.exp(2 * place[:, None])))
    return place[:, None], csr_matrix(random.random(chance.shape) < chance), probability.astype(np.float32)


def test_weights_by_place_restore_the_coverage_under_shift() -> None:
    place, truth, probability = shifted(1_500, 0.0, 1)
    there, truth_there, probability_there = shifted(1_000, 1.0, 2)
    weights = shift_weights(place, there)
    assert weights.effective < 1_500 * 0.6
    blocks = np.arange(1_000) // 5
    plain = fit_conformal(truth, probability, 0.8).coverage(truth_there, probability_there, blocks)
    thresholds = fit_weighted(truth, probability, 0.8, weights.validation).thresholds(weights.test)
    weighted = SurveySets(0.8, thresholds).coverage(truth_there, probability_there, blocks)
    assert plain.high < 0.75
    assert weighted.measured == pytest.approx(0.8, abs=0.03)


def test_the_same_places_have_weights_near_one() -> None:
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 2_000, 4))
    first[0, 0] = np.nan
    weights = shift_weights(first, second)
    assert np.abs(np.log(weights.validation)).mean() < 0.1
    assert weights.effective > 1_950
    far = shift_weights(first, second + 30)
    assert far.test.min() == 20
    assert np.isfinite(far.validation).all()


def test_what_the_probabilities_foretell() -> None:
    probability = np.array([[0.9, 0.5, 0.1], [0.6, 0.3, 0.1]], np.float32)
    found = ConformalSets(0.5, 0.4).coverage(csr_matrix([[1, 0, 0], [1, 0, 0]]), probability, np.arange(2))
    assert found.foretold == pytest.approx((1.4 / 1.5 + 0.6) / 2)
