"""The highest expected F1 a set of species can have, when each is present with a known probability."""

from __future__ import annotations

import numpy as np

_NEGLIGIBLE = 1e-3  # probabilities below are taken together as one Poisson tail (error below sum p^2)


def _count_distribution(probabilities: np.ndarray, tail: float) -> np.ndarray:
    """P(k of the independent events happen), k = 0.., with a Poisson number of mean `tail` more."""
    distribution = np.ones(1)
    for p in probabilities:
        grown = np.zeros(len(distribution) + 1)
        grown[:-1] = distribution * (1 - p)
        grown[1:] += distribution * p
        distribution = grown
    if tail > 0:
        k = np.arange(int(tail + 8 * np.sqrt(tail) + 8))
        log_factorial = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
        distribution = np.convolve(distribution, np.exp(k * np.log(tail) - tail - log_factorial))
    return distribution


def best_expected_f1(probabilities: np.ndarray) -> float:
    """Largest expected F1 = E[2 TP / (|answer| + |present|)] over all answers; F1 of two empty sets is 1.

    The best answer of each size holds the likeliest species. For answer size k, with A of the k present and B of
    the others, the expectation is sum over a, b of P(A=a) P(B=b) 2a / (k + a + b): exact up to the species below
    1e-3, whose number is taken as Poisson.

    >>> round(best_expected_f1(np.array([1.0, 1.0, 0.0])), 3), round(best_expected_f1(np.array([0.5])), 3)
    (1.0, 0.5)
    """
    ordered = np.sort(np.clip(probabilities, 0, 1))[::-1]
    head = ordered[ordered >= _NEGLIGIBLE]
    tail = float(ordered[len(head) :].sum())
    rest = _suffix_distributions(head, tail)
    best = float(rest[0][0])  # the empty answer is right only where nothing is present
    chosen = np.ones(1)
    for k, p in enumerate(head, start=1):
        grown = np.zeros(k + 1)
        grown[:-1] = chosen * (1 - p)
        grown[1:] += chosen * p
        chosen = grown
        value = _expectation(chosen, rest[k], k)
        best = max(best, value)
        if value < best - 0.08:
            break
    return best


def _suffix_distributions(head: np.ndarray, tail: float) -> list[np.ndarray]:
    """Distributions of how many of head[k:] and the tail are present, for k = 0..len(head)."""
    suffix = [_count_distribution(np.empty(0), tail)]
    for p in head[::-1]:
        last = suffix[-1]
        grown = np.zeros(len(last) + 1)
        grown[:-1] = last * (1 - p)
        grown[1:] += last * p
        suffix.append(_trimmed(grown))
    return suffix[::-1]


def _trimmed(distribution: np.ndarray) -> np.ndarray:
    """The distribution without the end that adds up to less than 1e-12."""
    kept = len(distribution)
    total = np.cumsum(distribution[::-1])
    return distribution[: max(kept - int(np.searchsorted(total, 1e-12)), 1)]


def _expectation(chosen: np.ndarray, rest: np.ndarray, size: int) -> float:
    a = np.arange(len(chosen))[:, None]
    b = np.arange(len(rest))[None, :]
    return float(chosen @ (2 * a / np.maximum(size + a + b, 1)) @ rest)
