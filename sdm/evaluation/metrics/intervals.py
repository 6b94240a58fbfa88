"""How far a mean or a share over surveys can be trusted: bootstrap and binomial intervals."""

from __future__ import annotations

import numpy as np

REPEATS = 1000
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


def interval(
    values: np.ndarray, repeats: int = REPEATS, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Bootstrap percentile interval of the mean of `values` (n,), n > 0.

    Items are drawn one by one: neighbouring surveys are alike, so the true uncertainty is somewhat larger.
    """
    random = np.random.default_rng(seed)
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(repeats)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
