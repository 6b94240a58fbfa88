"""How far a mean or a share over surveys can be trusted: bootstrap and binomial intervals."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

REPEATS = 1000
MOST_DRAWN = 20_000  # items at once: more would not fit the processor's cache
Z95 = 1.959964  # standard deviations that bound the middle 95 % of a normal distribution


def wilson(part: np.ndarray | float, whole: np.ndarray | float, z: float = Z95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper end of the interval of the share `part / whole`; NaN where the whole is 0.

    Wilson (1927), doi:10.1080/01621459.1927.10502953: holds where few or all have it, unlike the normal interval.
    Surveys count as independent, so the true uncertainty of neighbours is somewhat larger.

    >>> [round(float(end), 3) for end in wilson(0, 20)]
    [0.0, 0.161]
    """
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = part / whole
        centre = share + z**2 / (2 * whole)
        spread = z * np.sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2))
        scale = 1 + z**2 / whole
        low, high = (centre - spread) / scale, (centre + spread) / scale
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def macro_f1_interval(
    truth: np.ndarray, predicted: np.ndarray, repeats: int = REPEATS, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Bootstrap percentile interval of the mean F1 of classes, of the true and predicted class of each survey.

    int64 (n,) each, n > 0. Surveys are drawn one by one, as in `interval`; only how often each pair of classes
    occurs counts, so that numbers of pairs are drawn.
    """
    classes, columns = np.unique(np.concatenate([truth, predicted]), return_inverse=True)
    pairs, counts = np.unique(columns.reshape(2, -1), axis=1, return_counts=True)
    each, shape = np.arange(len(counts)), (len(classes), len(counts))
    sides = csr_array((np.ones(2 * len(counts)), (pairs.ravel(), np.tile(each, 2))), shape)
    right = csr_array(((pairs[0] == pairs[1]).astype(float), (pairs[0], each)), shape)
    random, means = np.random.default_rng(seed), []
    for some in _at_once(repeats, len(counts)):
        drawn = random.multinomial(len(truth), counts / len(truth), some).T
        total = sides @ drawn
        with np.errstate(invalid="ignore"):
            means.append(np.nanmean(2 * (right @ drawn) / total, axis=0))
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def interval(
    values: np.ndarray, repeats: int = REPEATS, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Bootstrap percentile interval of the mean of `values` (n,), n > 0.

    Items are drawn one by one: neighbouring surveys are alike, so the true uncertainty is somewhat larger.
    """
    random = np.random.default_rng(seed)
    size = len(values)
    means = np.concatenate(
        [values[random.integers(0, size, (some, size))].mean(axis=1) for some in _at_once(repeats, size)]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _at_once(repeats: int, items: int) -> list[int]:
    """How many of `repeats` draws of `items` are made together, in turn."""
    draws = max(1, MOST_DRAWN // items)
    return [min(draws, repeats - done) for done in range(0, repeats, draws)]
