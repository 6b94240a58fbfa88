"""TSS, Boyce index and calibration slope against independent computations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.sparse import csr_matrix
from scipy.special import expit, logit
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_curve

from sdm.evaluation.metrics import METRICS
from sdm.evaluation.metrics.presence import best_tss, boyce, calibration_slope, tss
from sdm.evaluation.metrics.ranking import MIN_SUPPORT, supported

seeds = some.integers(0, 10_000)


def drawn(seed: int, surveys: int = 120, levels: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Presences and the probabilities they were drawn from; with `levels` rounded to as many, so that some tie."""
    random = np.random.default_rng(seed)
    probability = random.beta(0.7, 2, surveys)
    hit = random.random(surveys) < probability
    if levels:
        probability = np.round(probability * levels) / levels
    return hit, probability.astype(np.float32)


@given(seeds, some.sampled_from([0, 4]))
def test_tss_is_that_of_the_roc_curve(seed: int, levels: int) -> None:
    hit, probability = drawn(seed, 40, levels)
    value, threshold = best_tss(hit, probability)
    if not hit.any():
        assert np.isnan([value, threshold]).all()
        return
    false_alarm, sensitivity, _ = roc_curve(hit, probability)
    assert value == pytest.approx((sensitivity - false_alarm)[1:].max())
    assert tss(hit, probability, threshold) == pytest.approx(value)
    called = probability >= threshold
    assert value == pytest.approx(called[hit].mean() + (~called)[~hit].mean() - 1)


def test_tss_of_random_calls_is_none_whatever_the_prevalence() -> None:
    """Kappa and accuracy depend on prevalence: Allouche et al. 2006."""
    random = np.random.default_rng(0)
    for prevalence in (0.02, 0.5):
        hit, probability = random.random(100_000) < prevalence, random.random(100_000)
        assert tss(hit, probability, 0.3) == pytest.approx(0, abs=0.025)


def plain_boyce(hit: np.ndarray, probability: np.ndarray, rm_duplicate: bool) -> float:
    """Window by window, as the R function is written."""
    fit, obs = probability.astype(float), probability[hit].astype(float)
    width = (fit.max() - fit.min()) / 10
    ratios, starts = [], []
    for i in range(101):
        low = fit.min() + i * (fit.max() - fit.min() - width) / 100
        high = fit.max() if i == 100 else low + width
        expected = np.mean((fit >= low) & (fit <= high))
        if expected > 0:
            ratios.append(round(np.mean((obs >= low) & (obs <= high)) / expected, 10))
            starts.append(low)
    last = len(ratios) - 1
    chosen = [i for i in range(last + 1) if not rm_duplicate or i == last or ratios[i] != ratios[i + 1]]
    return float(spearmanr(np.array(ratios)[chosen], np.array(starts)[chosen]).statistic)


@pytest.mark.parametrize("rm_duplicate", [True, False])
@pytest.mark.parametrize(("seed", "levels"), [(0, 0), (1, 0), (2, 7)])
def test_boyce_equals_the_plain_loop(seed: int, levels: int, rm_duplicate: bool) -> None:
    hit, probability = drawn(seed, 300, levels)
    expected = plain_boyce(hit, probability, rm_duplicate)
    assert boyce(hit, probability, rm_duplicate=rm_duplicate) == pytest.approx(expected, abs=1e-6)


@given(seeds)
def test_boyce_knows_no_unit(seed: int) -> None:
    hit, probability = drawn(seed, 60)
    if hit.any():
        found = boyce(hit, probability)
        assert np.isnan(found) or -1 <= found <= 1
        assert boyce(hit, 4 * probability) == pytest.approx(found, nan_ok=True)


def test_boyce_tells_right_from_wrong_order() -> None:
    hit, probability = drawn(5, 4000)
    assert boyce(hit, probability) > 0.95
    assert boyce(hit, 1 - probability) < -0.95
    assert abs(boyce(np.random.default_rng(1).permutation(hit), probability)) < 0.75


@settings(max_examples=25)
@given(seeds)
def test_slope_equals_logistic_regression(seed: int) -> None:
    hit, probability = drawn(seed, 80)
    found, x = calibration_slope(hit, probability), logit(probability.astype(float)).clip(-16, 16)
    if np.isfinite(found):
        fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x[:, None], hit)
        assert found == pytest.approx(fitted.coef_[0, 0], rel=1e-3, abs=1e-3)


def test_the_slope_tells_extreme_from_timid() -> None:
    hit, probability = drawn(7, 20_000)
    assert calibration_slope(hit, probability) == pytest.approx(1, abs=0.05)
    logits = logit(probability.astype(float))
    assert calibration_slope(hit, expit(2 * logits)) == pytest.approx(0.5, abs=0.03)
    assert calibration_slope(hit, expit(0.5 * logits + 1)) == pytest.approx(2, abs=0.1)


def test_what_is_undefined_is_nan() -> None:
    none, values = np.zeros(6, bool), np.linspace(0.1, 0.9, 6)
    for hit in (none, ~none):
        assert np.isnan([best_tss(hit, values)[0], tss(hit, values, 0.5), calibration_slope(hit, values)]).all()
    half, flat = np.arange(6) >= 3, np.full(6, 0.5)
    assert np.isnan(calibration_slope(half, values)), "told apart without error"
    assert np.isnan(calibration_slope(~half, values))
    assert np.isnan([boyce(none, values), boyce(half, flat), calibration_slope(half, flat)]).all()
    assert np.isfinite(calibration_slope(np.arange(6) % 2 > 0, np.array([0, 1, 0.2, 0.4, 0.6, 0.8])))


def test_species_of_little_support_enter_no_mean() -> None:
    random = np.random.default_rng(3)
    truth = random.random((60, 4)) < 0.4
    truth[:, 0], truth[:, 1] = np.arange(60) < MIN_SUPPORT - 1, np.arange(60) >= MIN_SUPPORT - 1
    truth[:, 2] = np.arange(60) < MIN_SUPPORT
    probability = random.random((60, 4)).astype(np.float32)
    assert supported(csr_matrix(truth)).tolist() == [False, False, True, True]
    for name in ("auc", "average-precision", "tss", "boyce", "calibration-slope"):
        every, few = (METRICS[name].score(csr_matrix(truth[:, at:]), probability[:, at:]) for at in (0, 2))
        assert every.value == few.value and (every.defined, every.undefined) == (2, 2)
