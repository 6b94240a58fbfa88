"""How much more often surveys like a given one occur among test surveys than among validation surveys.

The ratio of the two densities follows from a classifier that tells the two apart (Sugiyama, Suzuki and Kanamori
2012, "Density Ratio Estimation in Machine Learning"), by what is known of any place, never by what was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.modalities import ENVIRONMENT

CLIP = 20.0  # a ratio, over the mean of the validation surveys: a few surveys must not stand for all
PENALTY, FARTHEST, STEPS = 0.1, 5.0, 500  # inverse strength of L2; standard deviations; of the optimiser


@dataclass(frozen=True)
class ShiftWeights:
    """Likelihood ratios test / validation, float64: of the `validation` (n,) and the `test` surveys (m,)."""

    validation: np.ndarray
    test: np.ndarray

    @property
    def effective(self) -> float:
        """Equally weighted validation surveys that would be worth as much, (Σw)² / Σw² (Kish 1965)."""
        return float(self.validation.sum() ** 2 / (self.validation**2).sum())


def shift_features(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """float64 (n, F): the environment of the surveys `rows`, or their position where the data have none."""
    if ENVIRONMENT.name in dataset.modalities:
        return dataset.reader.read(ENVIRONMENT.name, rows).reshape(len(rows), -1).astype(np.float64)
    return dataset.sites[["lon", "lat"]].to_numpy(np.float64)[rows]


def shift_weights(validation: np.ndarray, test: np.ndarray) -> ShiftWeights:
    """Weights by a logistic regression on `shift_features`, float (n, F) and (m, F), both n and m above 0.

    Missing values are replaced by the mean; weights are clipped to CLIP times the mean of validation, and to its
    inverse.
    """
    from sklearn.linear_model import LogisticRegression  # slow to load, and only this needs it

    both = np.vstack([validation, test]).astype(np.float64)
    both[~np.isfinite(both)] = np.nan
    given = np.isfinite(both)
    total = np.where(given, both, 0).sum(axis=0)
    mean = total / np.maximum(given.sum(axis=0), 1)
    both = np.where(given, both, mean) - mean
    spread = both.std(axis=0)
    both = np.clip(both / np.where(spread > 0, spread, 1), -FARTHEST, FARTHEST)
    is_test = np.arange(len(both)) >= len(validation)
    fitted = LogisticRegression(C=PENALTY, max_iter=STEPS).fit(both, is_test)
    odds = fitted.decision_function(both)
    ratio = np.exp(odds - odds[~is_test].max())
    ratio = np.clip(ratio / ratio[~is_test].mean(), 1 / CLIP, CLIP)
    return ShiftWeights(ratio[~is_test], ratio[is_test])
