"""The statistics of many counts at once: exact upper tails, and the share of false discoveries among them."""

from __future__ import annotations

import numpy as np


def upper_tail(chances: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float64 (P,): the probability of at least `counts` int (P,) successes, exactly.

    `chances` float64 (N, P): of the N independent trials of each count (a Poisson-binomial distribution).
    Followed is the probability that so many more successes are needed, which keeps its relative accuracy however
    small it is.

    >>> upper_tail(np.array([[0.5], [0.5], [0.1]]), np.array([2])).round(6).tolist()
    [0.3]
    """
    needed = np.zeros((int(counts.max(initial=0)) + 1, len(counts)))
    needed[counts, np.arange(len(counts))] = 1
    for chance in chances:
        moved = chance * needed[1:]
        needed[1:] -= moved
        needed[:-1] += moved
    return needed[0]


def q_values(p_values: np.ndarray, tests: int) -> np.ndarray:
    """float64, shape of `p_values` (P,): the least false discovery rate at which each is a discovery.

    Benjamini and Hochberg 1995, of `tests` tests in all: those without a value here count as not significant.

    >>> q_values(np.array([0.01, 0.02, 0.9]), 4).tolist()
    [0.04, 0.04, 1.0]
    """
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * tests / np.arange(1, len(order) + 1)
    result = np.empty(len(order))
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return result
