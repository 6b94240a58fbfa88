"""How far a mean or a share over surveys can be trusted: block-bootstrap and binomial intervals."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

REPEATS = 1000
LEVEL = 0.95
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


def interval(
    values: np.ndarray, blocks: np.ndarray, repeats: int = REPEATS, level: float = LEVEL, seed: int = 0
) -> tuple[float, float]:
    """Percentile interval of the mean of `values` (n,), n > 0, by a bootstrap of whole `blocks`, int64 (n,).

    As many blocks are drawn as there are; the mean is the ratio of the sum and the number of the values in them.
    Neighbouring surveys are alike: drawn one by one they give an interval that is too narrow (Field and Welsh
    2007, "Bootstrapping clustered data", doi:10.1111/j.1467-9868.2007.00593.x; blocks of the map as in Roberts et
    al. 2017, doi:10.1111/ecog.02881). NaN of one block, which tells nothing of others; of a few it is too narrow.

    >>> interval(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1]))
    (0.0, 1.0)
    """
    number = np.unique(blocks, return_inverse=True)[1].ravel()
    size, total = np.bincount(number).astype(np.float64), np.bincount(number, values)
    if len(size) < 2:
        return np.nan, np.nan
    random, means = np.random.default_rng(seed), []
    for some in _at_once(repeats, len(size)):
        drawn = random.integers(0, len(size), (some, len(size)))
        means.append(total[drawn].sum(axis=1) / size[drawn].sum(axis=1))
    return _middle(np.concatenate(means), level)


def macro_f1_interval(
    truth: np.ndarray, predicted: np.ndarray, blocks: np.ndarray, repeats: int = REPEATS, level: float = LEVEL,
    seed: int = 0,
) -> tuple[float, float]:  # fmt: skip
    """The interval of the mean F1 of classes by a bootstrap of whole `blocks`, as `interval` draws them.

    int64 (n,) each, n > 0: the true class, the predicted class and the block of every survey.
    """
    classes, columns = np.unique(np.concatenate([truth, predicted]), return_inverse=True)
    true, found = columns.reshape(2, -1)
    number = np.unique(blocks, return_inverse=True)[1].ravel()
    count, hit = int(number.max()) + 1, true == found
    if count < 2:
        return np.nan, np.nan
    shape = (len(classes), count)
    sides = csr_array((np.ones(2 * len(true)), (columns.ravel(), np.tile(number, 2))), shape)
    right = csr_array((np.ones(int(hit.sum())), (true[hit], number[hit])), shape)
    random, means = np.random.default_rng(seed), []
    for some in _at_once(repeats, count):
        drawn = random.multinomial(count, np.full(count, 1 / count), some).T
        total = sides @ drawn
        with np.errstate(invalid="ignore"):
            means.append(np.nanmean(2 * (right @ drawn) / total, axis=0))
    return _middle(np.concatenate(means), level)


def _middle(means: np.ndarray, level: float) -> tuple[float, float]:
    """The ends of the middle share `level` of `means`."""
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _at_once(repeats: int, items: int) -> list[int]:
    """How many of `repeats` draws of `items` are made together, in turn."""
    draws = max(1, MOST_DRAWN // items)
    return [min(draws, repeats - done) for done in range(0, repeats, draws)]
