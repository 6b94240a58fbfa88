"""Probabilities that mean what they say: of all that is given 20 %, a fifth should be there.

A model's probabilities are held against what was recorded in bins of their logit; every fit works on these `Bins`
alone, so that a hundred million pairs of survey and species cost one pass and no memory. A calibration rises
strictly: no two species change places, and what depends on their order alone stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import expit, logit

from sdm.evaluation.decoding.contract import blocks
from sdm.evaluation.metrics.intervals import wilson
from sdm.number_format import share_of
from sdm.runs.records import TEMPERATURES, Calibration

LARGEST_LOGIT, BINS_A_LOGIT = 16.0, 128  # beyond 16 a probability is as good as 0 or 1
KEPT = 1e-3  # share of the given probability that isotonic calibration keeps, so that it rises everywhere
DIGITS = 7  # of the numbers kept
EDGES = np.array([0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])


@dataclass(frozen=True)
class Bins:
    """Pairs of survey and species by given probability: float64 (B,) each, `count`, their `mean` given
    probability, and how many of them were `present`."""

    count: np.ndarray
    mean: np.ndarray
    present: np.ndarray

    def __add__(self, other: Bins) -> Bins:
        count = self.count + other.count
        total = self.count * self.mean + other.count * other.mean
        return Bins(count, _ratio(total, count), self.present + other.present)


def calibrate(calibration: Calibration | None, probabilities: np.ndarray) -> np.ndarray:
    """`probabilities` by `calibration`, of the same shape and type, some rows at a time; None leaves them.

    >>> calibrate(Calibration("temperature", 2.0), np.array([0.5, 0.9])).round(3).tolist()
    [0.5, 0.75]
    """
    if calibration is None:
        return probabilities
    result = np.empty_like(probabilities)
    for rows, block in blocks(probabilities):
        result[rows] = _calibrated(calibration, block)
    return result


def _calibrated(calibration: Calibration, values: np.ndarray) -> np.ndarray:
    """float32, shape of `values` float32."""
    if calibration.method == "isotonic":
        return np.interp(values, calibration.given, calibration.true).astype(np.float32)
    with np.errstate(divide="ignore", over="ignore"):
        against = (1 / values - 1) ** np.float32(1 / calibration.temperature)
    return 1 / (1 + against)


def bin_probabilities(truth: csr_matrix, probabilities: np.ndarray) -> Bins:
    """The pairs of `probabilities` (N, S) and `truth` csr (N, S) in bins of the logit."""
    size = int(2 * LARGEST_LOGIT * BINS_A_LOGIT) + 1
    count, total, present = np.zeros((3, size))
    for rows, block in blocks(probabilities):
        at = _bin(block)
        count += np.bincount(at.ravel(), minlength=size)
        total += np.bincount(at.ravel(), block.ravel(), minlength=size)
        row, column = truth[rows].nonzero()
        present += np.bincount(at[row, column], minlength=size)
    return Bins(count, _ratio(total, count), present)


def _bin(block: np.ndarray) -> np.ndarray:
    """int64, shape of `block`."""
    with np.errstate(divide="ignore"):
        position = np.log(block) - np.log1p(-block)
    return np.rint((position.clip(-LARGEST_LOGIT, LARGEST_LOGIT) + LARGEST_LOGIT) * BINS_A_LOGIT).astype(np.int64)


def fit_held_out(fit: Callable[[Bins], Calibration], parts: Sequence[Bins]) -> list[Calibration]:
    """The calibration of each of two or more `parts`, fitted to all the others."""
    return [fit(reduce(add, [*parts[:i], *parts[i + 1 :]])) for i in range(len(parts))]


def fit_temperature(bins: Bins) -> Calibration:
    """The temperature of least log loss."""

    def loss(log_temperature: float) -> float:
        return _log_loss(bins, expit(_logits(bins) / np.exp(log_temperature)))

    largest = float(np.log(TEMPERATURES[1]))
    best = minimize_scalar(loss, bounds=(-largest, largest), method="bounded")
    return Calibration("temperature", _rounded(float(np.exp(best.x))))


def fit_isotonic(bins: Bins) -> Calibration:
    """The rising map of least squared error, through the middle of each of its steps.

    Joining the middles instead of stepping: Oron and Flournoy 2017, "Centered isotonic regression".
    """
    from sklearn.isotonic import IsotonicRegression  # slow to load, and only this needs it

    filled = bins.count > 0
    count, mean, present = bins.count[filled], bins.mean[filled], bins.present[filled]
    fitted = IsotonicRegression().fit_transform(mean, present / count, sample_weight=count) if len(count) else mean
    level, step = np.unique(fitted, return_inverse=True)
    weight = np.bincount(step, count, minlength=len(level))
    middle = np.bincount(step, count * mean, minlength=len(level)) / weight
    inner = (middle > 0) & (middle < 1)
    given = np.concatenate([[0.0], middle[inner], [1.0]])
    true = (1 - KEPT) * np.concatenate([[0.0], level[inner], [1.0]]) + KEPT * given
    points = _rising(given, true)
    return Calibration("isotonic", given=tuple(x for x, _ in points), true=tuple(y for _, y in points))


CALIBRATIONS: Mapping[str, Callable[[Bins], Calibration] | None] = MappingProxyType(
    {"none": None, "temperature": fit_temperature, "isotonic": fit_isotonic}
)
"""What may stand between a model and its decoder, by name."""


def log_loss(bins: Bins) -> float:
    """Mean log loss of the probabilities in nats; NaN for none."""
    return _log_loss(bins, bins.mean) if bins.count.sum() else float("nan")


def reliability(bins: Bins) -> pd.DataFrame:
    """What was there of what was expected, one row per interval of EDGES that holds anything.

    Columns: low and high end of the given probability, count of pairs, predicted (mean given probability),
    observed (share present), observed_low and observed_high (95 % Wilson interval; pairs of a survey count as
    independent, so it is too narrow).
    """
    row = np.searchsorted(EDGES[1:-1], bins.mean, side="right")
    count, present, total = (
        np.bincount(row, values, minlength=len(EDGES) - 1)
        for values in (bins.count, bins.present, bins.count * bins.mean)
    )
    low, high = wilson(present, count)
    columns = {
        "low": EDGES[:-1], "high": EDGES[1:], "count": count.astype(np.int64), "predicted": _ratio(total, count),
        "observed": _ratio(present, count), "observed_low": low, "observed_high": high,
    }  # fmt: skip
    return pd.DataFrame(columns)[count > 0].reset_index(drop=True)


def calibration_error(bins: Bins) -> float:
    """Expected calibration error: mean distance of predicted and observed over the rows of `reliability`, weighted
    by count; NaN for none.

    Nearly all pairs are of absent species and nearly 0, so that it is always small: compare it between models.
    """
    table = reliability(bins)
    distance = (table["predicted"] - table["observed"]).abs()
    return float(np.average(distance, weights=table["count"])) if len(table) else float("nan")


def _logits(bins: Bins) -> np.ndarray:
    """float64 (B,), within LARGEST_LOGIT."""
    return np.asarray(logit(bins.mean)).clip(-LARGEST_LOGIT, LARGEST_LOGIT)


def _log_loss(bins: Bins, probability: np.ndarray) -> float:
    smallest = expit(-LARGEST_LOGIT)
    p = probability.clip(smallest, 1 - smallest)
    total = bins.present * np.log(p) + (bins.count - bins.present) * np.log1p(-p)
    return -share_of(float(total.sum()), float(bins.count.sum()))


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole; 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _rising(given: np.ndarray, true: np.ndarray) -> list[tuple[float, float]]:
    """The points, rounded, without those that rounding has made equal."""
    points = [(_rounded(x), _rounded(y)) for x, y in zip(given, true, strict=True)]
    distinct = [points[0]]
    for point in points[1:-1]:
        if distinct[-1][0] < point[0] < 1 and distinct[-1][1] < point[1] < 1:
            distinct.append(point)
    return [*distinct, points[-1]]
