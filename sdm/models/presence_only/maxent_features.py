"""The features of Maxent as elapid makes them: linear, product and hinge, from 0 to 1 within training's range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

NAMES = ("low", "high", "product_low", "product_high")
FEATURE_TYPES = ("linear", "product", "hinge")


@dataclass(frozen=True)
class MaxentFeatures:
    """Features of one species: the range of each of P numbers in training, and of each product of two of them.

    A value beyond the range counts as its end (clamping). Hinges rise from, or up to, `hinges` - 1 points of the
    range, evenly spaced.
    """

    low: np.ndarray
    high: np.ndarray
    product_low: np.ndarray
    product_high: np.ndarray
    hinges: int

    @staticmethod
    def of(transformer: Any, hinges: int) -> MaxentFeatures:
        """Those of a fitted transformer of elapid."""
        linear, product = transformer.estimators_["linear"], transformer.estimators_["product"].estimator
        return MaxentFeatures(linear.data_min_, linear.data_max_, product.data_min_, product.data_max_, hinges)

    def __call__(self, numbers: np.ndarray) -> np.ndarray:
        """float64 (n, F) of `numbers` float64 (n, P), in elapid's order."""
        linear = _between(numbers, self.low, self.high)
        product = _between(products(numbers), self.product_low, self.product_high)
        knots = np.linspace(self.low, self.high, self.hinges)
        rising = _hinge(numbers[:, :, None], knots[:-1].T, self.high[:, None])
        falling = _hinge(numbers[:, :, None], self.low[:, None], knots[1:].T)
        hinge = np.concatenate([rising, falling], axis=2).reshape(len(numbers), -1)
        return np.concatenate([linear, product, hinge], axis=1)


def products(numbers: np.ndarray) -> np.ndarray:
    """float64 (n, P (P - 1) / 2): every product of two columns; of a single column itself.

    >>> products(np.array([[2.0, 3.0, 5.0]])).tolist()
    [[6.0, 10.0, 15.0]]
    """
    count = numbers.shape[1]
    if count == 1:
        return numbers
    first, second = np.triu_indices(count, 1)
    return numbers[:, first] * numbers[:, second]


def stacked(every: list[MaxentFeatures]) -> dict[str, np.ndarray]:
    """Those of all species as arrays."""
    return {name: np.stack([getattr(one, name) for one in every]) for name in NAMES}


def unstacked(table: Mapping[str, np.ndarray], hinges: int) -> list[MaxentFeatures]:
    """What `stacked` gave."""
    columns = [table[name].astype(np.float64) for name in NAMES]
    return [MaxentFeatures(a, b, c, d, hinges) for a, b, c, d in zip(*columns, strict=True)]


def _between(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How far `values` are from `low` (0) to `high` (1); a range of nothing is one of 1."""
    width = np.where(high > low, high - low, 1.0)
    return np.clip((values - low) / width, 0, 1)


def _hinge(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The same; a range of nothing gives 0."""
    width = high - low
    return np.where(width > 0, np.clip((values - low) / np.where(width > 0, width, 1), 0, 1), 0.0)
