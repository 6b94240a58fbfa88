"""Residuals and their statistics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from sdm.errors import DataError
from sdm.evaluation.confusion.regression import residuals, statistics

NUMBERS = st.floats(-100, 100, width=32)


def values(table) -> dict[str, float]:
    return table.set_index("statistic")["value"].to_dict()


def test_residuals_keep_their_rows_and_leave_gaps_out():
    table = residuals(np.array([1, np.nan, 3, 4]), np.array([2, 2, np.inf, 3.5]))
    assert table.to_dict("list") == {
        "row": [0, 3], "actual": [1, 4], "predicted": [2, 3.5], "residual": [1, -0.5],
    }  # fmt: skip


@given(st.lists(st.tuples(st.integers(-9, 9), NUMBERS), min_size=2))
def test_statistics_equal_scikit_learn(pairs: list[tuple[int, float]]):
    actual, predicted = np.array(pairs, float).T
    found = values(statistics(residuals(actual, predicted)))
    assert found["surveys"] == len(pairs)
    assert found["MAE"] == pytest.approx(mean_absolute_error(actual, predicted))
    assert found["RMSE"] == pytest.approx(root_mean_squared_error(actual, predicted))
    if len(np.unique(actual)) > 1:
        assert found["R²"] == pytest.approx(r2_score(actual, predicted))


def test_a_shifted_prediction_is_biased_yet_correlated():
    actual = np.array([1.0, 4.0, 9.0])
    found = values(statistics(residuals(actual, actual + 2)))
    assert (found["bias"], found["MAE"], found["MSE"]) == (2, 2, 4)
    assert found["r"] == pytest.approx(1)


def test_undefined_is_nan():
    nothing = values(statistics(residuals(np.array([np.nan]), np.array([1.0]))))
    assert nothing.pop("surveys") == 0
    assert np.isnan(list(nothing.values())).all()
    constant = values(statistics(residuals(np.array([2.0, 2.0]), np.array([1.0, 3.0]))))
    assert np.isnan([constant["R²"], constant["r"]]).all()
    assert constant["RMSE"] == 1


def test_units_stand_beside_the_values():
    units = statistics(residuals(np.arange(3), np.arange(3)), "lime 1..9").set_index("statistic")["unit"]
    assert (units["RMSE"], units["MSE"], units["R²"]) == ("lime 1..9", "(lime 1..9)²", "")


def test_lengths_must_fit():
    with pytest.raises(DataError, match="differ in length"):
        residuals(np.zeros(2), np.zeros(3))
