"""Calibration: known distortions are undone, order is kept, tables count what there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.special import expit, logit

from sdm.errors import RunError
from sdm.evaluation.calibration import (
    CALIBRATIONS,
    Bins,
    bin_probabilities,
    calibrate,
    calibration_error,
    fit_isotonic,
    fit_temperature,
    log_loss,
    reliability,
)
from sdm.runs.records import Calibration


def drawn(surveys: int = 600, species: int = 300, seed: int = 0) -> tuple[csr_matrix, np.ndarray]:
    """What is there, and the probabilities it was drawn with."""
    random = np.random.default_rng(seed)
    probability = random.beta(0.2, 2, (surveys, species))
    return csr_matrix(random.random(probability.shape) < probability), probability


def test_a_temperature_is_found_again() -> None:
    truth, true = drawn()
    given_ = expit(logit(true) * 2)
    found = fit_temperature(bin_probabilities(truth, given_))
    assert found.temperature == pytest.approx(2, abs=0.03)
    np.testing.assert_allclose(calibrate(found, given_), true, atol=0.01)


@pytest.mark.parametrize("fit", [fit_temperature, fit_isotonic])
def test_what_is_calibrated_stays(fit: object) -> None:
    truth, true = drawn()
    fitted = fit(bin_probabilities(truth, true))  # type: ignore[operator]
    shown = np.linspace(0.02, 0.6, 30)
    np.testing.assert_allclose(calibrate(fitted, shown), shown, atol=0.03)


def test_isotonic_undoes_any_rising_distortion() -> None:
    truth, true = drawn(2000)
    given_ = true**3 / 2
    fitted = fit_isotonic(bin_probabilities(truth, given_))
    assert np.abs(calibrate(fitted, given_) - true).mean() < 0.005
    bent, straight = (bin_probabilities(truth, p) for p in (given_, calibrate(fitted, given_)))
    assert calibration_error(straight) < 0.002 < calibration_error(bent)
    assert log_loss(straight) < log_loss(bent)


@given(st.integers(0, 50), st.sampled_from([name for name, fit in CALIBRATIONS.items() if fit]))
def test_order_is_never_lost(seed: int, name: str) -> None:
    """However few the surveys: values 1e-3 apart stay in order, 0 and 1 stay what they are."""
    random = np.random.default_rng(seed)
    probability = random.random((random.integers(1, 6), 4))
    fit = CALIBRATIONS[name]
    assert fit is not None
    fitted = fit(bin_probabilities(csr_matrix(random.random(probability.shape) < 0.3), probability))
    values = calibrate(fitted, np.linspace(0, 1, 1001))
    assert (values[0], values[-1]) == (0, 1)
    assert (np.diff(values) >= 0).all()
    assert (np.diff(values[50:951]) > 0).all() or fitted.temperature < 0.2


def test_bins_of_parts_add_up() -> None:
    truth, probability = drawn(300, 40)
    whole = bin_probabilities(truth, probability)
    parts = bin_probabilities(truth[:100], probability[:100]) + bin_probabilities(truth[100:], probability[100:])
    for one, other in zip(vars(whole).values(), vars(parts).values(), strict=True):
        np.testing.assert_allclose(one, other)
    assert whole.count.sum() == 300 * 40
    assert whole.present.sum() == truth.nnz
    assert log_loss(whole) == pytest.approx(
        -np.log(np.where(truth.toarray(), probability, 1 - probability)).mean(), rel=1e-3
    )


def test_reliability_counts_what_there_is() -> None:
    probability = np.array([[0.15, 0.15, 0.15, 0.15, 0.95, 0.0]])
    bins = bin_probabilities(csr_matrix([[1, 0, 0, 0, 1, 0]]), probability)
    table = reliability(bins)
    assert table["count"].tolist() == [1, 4, 1]
    assert table["low"].tolist() == [0, 0.1, 0.9]
    np.testing.assert_allclose(table["predicted"], [0, 0.15, 0.95], atol=1e-6)
    assert table["observed"].tolist() == [0, 0.25, 1]
    assert (table["observed_low"] <= table["observed"]).all()
    assert (table["observed_high"] >= table["observed"]).all()
    assert calibration_error(bins) == pytest.approx((4 * 0.1 + 0.05) / 6)


def test_nothing_gives_nothing() -> None:
    none = bin_probabilities(csr_matrix((0, 3)), np.zeros((0, 3)))
    assert np.isnan(log_loss(none))
    assert np.isnan(calibration_error(none))
    assert reliability(none).empty
    assert calibrate(fit_isotonic(none), np.array([0.25])) == pytest.approx([0.25])


@pytest.mark.parametrize(
    "numbers",
    [
        {"method": "temperature", "temperature": 0.0},
        {"method": "temperature", "given": (0.0, 1.0), "true": (0.0, 1.0)},
        {"method": "isotonic"},
        {"method": "isotonic", "given": (0.0, 0.5, 1.0), "true": (0.0, 1.0)},
        {"method": "isotonic", "given": (0.0, 0.5, 1.0), "true": (0.0, 0.0, 1.0)},
        {"method": "isotonic", "given": (0.1, 1.0), "true": (0.0, 1.0)},
    ],
)
def test_numbers_that_do_not_rise(numbers: dict[str, object]) -> None:
    with pytest.raises(RunError):
        Calibration(**numbers)  # type: ignore[arg-type]


def test_extremes_of_probability_pass() -> None:
    values = np.array([0, 1e-30, 0.5, 1], np.float32)
    assert np.isfinite(calibrate(Calibration("temperature", 0.05), values)).all()
    assert calibrate(Calibration("temperature", 3.0), values).tolist()[::3] == [0, 1]
    assert isinstance(bin_probabilities(csr_matrix([[1, 0, 0, 1]]), values[None]), Bins)
