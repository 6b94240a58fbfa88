"""How far predicted numbers lie from actual ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.errors import DataError


@dataclass(frozen=True)
class Reference:
    """A prediction that needs no model: its `title`, the value it predicts on average, its mean squared error."""

    title: str
    predicted: float
    mse: float


def residuals(actual: np.ndarray, predicted: np.ndarray) -> pd.DataFrame:
    """One row per survey with both numbers: row, actual, predicted, residual (predicted − actual).

    float (N,) each; surveys with a missing or infinite number are left out.
    Raises DataError when the lengths differ.
    """
    actual, predicted = np.asarray(actual, np.float64), np.asarray(predicted, np.float64)
    if actual.shape != predicted.shape or actual.ndim != 1:
        raise DataError("actual and predicted differ in length", expected=actual.shape, got=predicted.shape)
    row = np.flatnonzero(np.isfinite(actual) & np.isfinite(predicted))
    actual, predicted = actual[row], predicted[row]
    return pd.DataFrame({"row": row, "actual": actual, "predicted": predicted, "residual": predicted - actual})


def statistics(table: pd.DataFrame, unit: str = "") -> pd.DataFrame:
    """Summary of `residuals`: statistic, value, unit, meaning; what the data leave undefined is NaN.

    R² and r need two different actual values, r also two different predictions.

    >>> summary = statistics(residuals(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 4.0])))
    >>> summary.set_index("statistic")["value"].round(3).to_dict()
    {'surveys': 3.0, 'bias': 0.667, 'MAE': 0.667, 'RMSE': 0.816, 'MSE': 0.667, 'R²': 0.0, 'r': 0.866}
    """
    actual, predicted, error = (table[name].to_numpy() for name in ("actual", "predicted", "residual"))
    rows = [
        ("surveys", float(len(table)), "", "with both numbers known"),
        ("bias", _mean(error), unit, "mean of predicted − actual"),
        ("MAE", _mean(np.abs(error)), unit, "mean absolute error"),
        ("RMSE", float(np.sqrt(_mean(error**2))), unit, "root of the mean squared error"),
        ("MSE", _mean(error**2), f"({unit})²" if unit else "", "mean squared error"),
        ("R²", _explained(actual, error), "", "share of the variance explained; 0 is as good as the mean"),
        ("r", _correlation(actual, predicted), "", "Pearson correlation of predicted and actual"),
    ]
    return pd.DataFrame(rows, columns=["statistic", "value", "unit", "meaning"])


def references(actual: np.ndarray, training: np.ndarray) -> tuple[Reference, ...]:
    """What needs no model, measured at the numbers `actual`: the mean of the `training` numbers, and a random
    guess, each whole number of their range as likely as any other. None without finite numbers.

    >>> [(one.predicted, one.mse) for one in references(np.arange(1.0, 10), np.arange(1.0, 10))]
    [(5.0, 6.666666666666667), (5.0, 13.333333333333334)]
    """
    actual, training = (values[np.isfinite(values)] for values in (actual, training))
    if not actual.size or not training.size:
        return ()
    low, high = np.floor(training.min()), np.ceil(training.max())
    middle, spread = (low + high) / 2, ((high - low + 1) ** 2 - 1) / 12
    guessed = _mean((actual - middle) ** 2) + float(spread)
    return (
        Reference("mean of training", float(training.mean()), _mean((actual - training.mean()) ** 2)),
        Reference(f"random guess, {low:g} to {high:g}", float(middle), guessed),
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")


def _varies(values: np.ndarray) -> bool:
    return bool(values.size and values.min() < values.max())


def _explained(actual: np.ndarray, error: np.ndarray) -> float:
    if not _varies(actual):
        return float("nan")
    return float(1 - (error**2).sum() / ((actual - actual.mean()) ** 2).sum())


def _correlation(actual: np.ndarray, predicted: np.ndarray) -> float:
    if not (_varies(actual) and _varies(predicted)):
        return float("nan")
    return float(np.corrcoef(actual, predicted)[0, 1])
