"""The highest expected F1 a set of species can have, when each is present with a known probability."""

from __future__ import annotations

import numpy as np

_NEGLIGIBLE = 1e-3  # probabilities below are taken together as one Poisson tail (error below the sum of p^2)


def best_expected_f1(probabilities: np.ndarray) -> float:
    """Largest expected F1 = E[2 TP / (|answer| + |present|)] over all answers; F1 of two empty sets is 1.

    The best answer of each size holds the likeliest species. For answer size k, with A of the k present and B of
    the others, the expectation is sum over a, b of P(A=a) P(B=b) 2a / (k + a + b): exact up to the species below
    1e-3, whose number is taken as Poisson (Ye et al. 2012, "Optimizing F-measures: a tale of two approaches").

    >>> round(best_expected_f1(np.array([1.0, 1.0, 0.0])), 3), round(best_expected_f1(np.array([0.5])), 3)
    (1.0, 0.5)
    """
    ordered = np.sort(np.clip(probabilities, 0, 1))[::-1]
    head = ordered[ordered >= _NEGLIGIBLE]
    expected = float(ordered.sum())
    rest = _others(head, float(ordered[len(head) :].sum()))
    best = float(rest[0][0])  # the empty answer is right only where nothing is present
    chosen = np.ones(1)
    for k, p in enumerate(head, start=1):
        chosen = _add(chosen, p)
        best = max(best, _expectation(chosen, rest[k], k))
        if 2 * expected / (k + 1 + expected) < best:  # no longer answer can do better (Jensen)
            break
    return best


def _add(counts: np.ndarray, p: float) -> np.ndarray:
    """Distribution of a count, P(0), P(1), ..., after one more event of probability `p`."""
    return np.convolve(counts, (1 - p, p))


def _poisson(mean: float) -> np.ndarray:
    """P(0), P(1), ... of a Poisson number, to where it is negligible."""
    if mean == 0:
        return np.ones(1)
    k = np.arange(int(mean + 8 * np.sqrt(mean) + 8))
    log_factorial = np.cumsum(np.log(np.maximum(k, 1)))
    return np.exp(k * np.log(mean) - mean - log_factorial)


def _others(head: np.ndarray, tail: float) -> list[np.ndarray]:
    """Distributions of how many of head[k:] and of the tail are present, for k = 0..len(head)."""
    found = [_poisson(tail)]
    for p in head[::-1]:
        found.append(_trimmed(_add(found[-1], p)))
    return found[::-1]


def _trimmed(counts: np.ndarray) -> np.ndarray:
    """The distribution without the end that adds up to less than 1e-12."""
    end = np.searchsorted(np.cumsum(counts[::-1]), 1e-12)
    return counts[: max(len(counts) - int(end), 1)]


def _expectation(chosen: np.ndarray, others: np.ndarray, size: int) -> float:
    a = np.arange(len(chosen))[:, None]
    b = np.arange(len(others))[None, :]
    return float(chosen @ (2 * a / np.maximum(size + a + b, 1)) @ others)
