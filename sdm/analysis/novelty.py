"""The cloud of training surveys in environmental space: each predictor's values, and how far out a site lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from sdm.analysis.robust_scale import RobustScale, fit_scale
from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.modalities import ENVIRONMENT, ENVIRONMENT_VARIABLES

MOST_SURVEYS = 5_000
COVERAGE = 0.5  # a predictor known at fewer training surveys has no part in the distance
WINSOR = 5.0  # spreads; what lies beyond counts as this far when the covariance is estimated
# Bio7 = Bio5 - Bio6, clay + sand + silt = 100 %: without some shrinkage, rounding there would rule distances.
LEAST_SHRINKAGE = 0.05


@dataclass(frozen=True)
class Reference:
    """What the environment of a site is compared with, from `surveys` training surveys.

    `ordered`: per predictor its known values, stored units, ascending. The distance runs over the predictors
    `used` (positions), brought to one `scale`, with their `covariance` on it; `distances` are those of the
    training surveys, ascending.
    """

    surveys: int
    ordered: tuple[np.ndarray, ...]
    used: np.ndarray
    scale: RobustScale
    covariance: np.ndarray
    distances: np.ndarray

    def percentiles(self, values: np.ndarray) -> np.ndarray:
        """Per value (64,), in stored units: the percentage of training values below, ties counted half.

        NaN where the value, or every training value, is missing.
        """
        return np.array([percentile(known, value) for known, value in zip(self.ordered, values, strict=True)])

    def distance(self, values: np.ndarray) -> np.ndarray:
        """How far sites lie from the centre of the cloud: float64 (n,) for `values` (n, 64) in stored units.

        Mahalanobis distance over the predictors a site has, divided by the root of their number: about 1 is
        usual, whatever is missing. NaN for a site without any.
        """
        return _distances(self.scale(values[:, self.used]), self.covariance)


def fit_reference(dataset: Dataset, rows: np.ndarray) -> Reference:
    """The reference of `rows`, the training split, by an even sample; DataError when none has an environment."""
    sample = evenly(dataset, rows, ENVIRONMENT.name, MOST_SURVEYS)
    return reference_of(np.concatenate(list(portions(dataset, sample, ENVIRONMENT.name))))


def reference_of(values: np.ndarray) -> Reference:
    """The reference of training surveys with environment `values` (n, 64) in stored units, NaN where missing."""
    if not np.isfinite(values).any():
        raise DataError("no training survey has an environment to compare with", got=f"{len(values)} surveys")
    scale = fit_scale(values)
    numeric = np.array([predictor.kind == "number" for predictor in ENVIRONMENT_VARIABLES])
    used = np.flatnonzero(numeric & (scale.spread > 0) & (np.isfinite(values).mean(axis=0) >= COVERAGE))
    scale = RobustScale(scale.center[used], scale.spread[used])
    scaled = scale(values[:, used])
    covariance = shrunk_covariance(np.clip(scaled, -WINSOR, WINSOR))
    distances = _distances(scaled, covariance)
    ordered = tuple(np.sort(column[np.isfinite(column)]) for column in values.T)
    return Reference(len(values), ordered, used, scale, covariance, np.sort(distances[np.isfinite(distances)]))


def percentile(ordered: np.ndarray, value: float) -> float:
    """The percentage of `ordered` (ascending) below `value`, ties counted half; NaN when either is missing.

    >>> percentile(np.array([0.0, 0.0, 0.0, 8.0]), 0.0)
    37.5
    """
    if not len(ordered) or np.isnan(value):
        return float("nan")
    typed = ordered.dtype.type(value)
    below, up_to = np.searchsorted(ordered, typed, "left"), np.searchsorted(ordered, typed, "right")
    return float(50 * (below + up_to) / len(ordered))


def shrunk_covariance(values: np.ndarray) -> np.ndarray:
    """Covariance (d, d) of `values` (n, d) from the pairs that are known, shrunk towards a multiple of identity.

    The weight is that of the oracle approximating shrinkage (Chen et al. 2010, doi:10.1109/TSP.2010.2053029),
    at least LEAST_SHRINKAGE. Positive definite whatever is missing.
    """
    known = np.isfinite(values)
    counts = known.sum(axis=0)
    mean = np.where(known, values, 0).sum(axis=0) / np.maximum(counts, 1)
    centred = np.where(known, values - mean, 0)
    pairs = known.T.astype(np.float64) @ known
    sample = centred.T @ centred / np.maximum(pairs, 1)
    width = max(len(sample), 1)
    level = np.trace(sample) / width
    weight = max(_oracle_weight(sample, len(values)), LEAST_SHRINKAGE)
    shrunk = (1 - weight) * sample + weight * level * np.eye(len(sample))
    # Unlike pairs may disagree on what is possible: no direction gets less than the shrinkage grants it.
    strengths, directions = np.linalg.eigh(shrunk)
    return (directions * np.maximum(strengths, LEAST_SHRINKAGE * level)) @ directions.T


def _oracle_weight(sample: np.ndarray, count: int) -> float:
    """Weight of the identity, in [0, 1]; 1 when the sample says nothing beyond it."""
    width = max(len(sample), 1)
    squares, trace = float(np.sum(sample * sample)), float(np.trace(sample))
    spread = squares - trace**2 / width
    if spread <= 0:
        return 1.0
    return min(1.0, ((1 - 2 / width) * squares + trace**2) / ((count + 1 - 2 / width) * spread))


def _distances(scaled: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Root mean square Mahalanobis distance of `scaled` (n, d) over what each row has; one solve per pattern."""
    known = np.isfinite(scaled)
    result = np.full(len(scaled), np.nan)
    patterns, which = np.unique(known, axis=0, return_inverse=True)
    for i, pattern in enumerate(patterns):
        if not pattern.any():
            continue
        members = which.ravel() == i
        part = scaled[np.ix_(members, pattern)]
        solved = cho_solve(cho_factor(covariance[np.ix_(pattern, pattern)]), part.T).T
        result[members] = np.sqrt(np.sum(part * solved, axis=1) / pattern.sum())
    return result
