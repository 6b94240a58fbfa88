"""The expected F1 of the k most probable species of a survey, for every k: by a formula, exactly, by simulation.

All three take species as present independently of each other, with calibrated probabilities. The answer of highest
expected F1 then holds the most probable species: Lewis 1995, "Evaluating and optimizing autonomous text
classification systems".

A survey is taken to have a species: an empty set, of which no decoder has one, would score 0 and not 1.

Each takes `head` (n, m), the largest probabilities of n surveys in descending order, and `rest` (n,), the sum of
all others, and gives float64 (n, m), the expectation for k = 1..m.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from sdm.runs.top_classes import most_probable

NODES = 64  # of the integral: within 1e-12 where up to 256 species are taken, see the tests
NODES_PER_ROOT = 4  # of the number of species, where more are: within 1e-10 for 5,000
SEED = 20_250
SURVEYS = 32  # simulated at a time
LARGEST_SET = 256  # species considered one by one: the most probable ones


def plug_in(head: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """2 E[A] / (k + E[R]), A of the k taken and R of all species being present: means put in for numbers.

    >>> plug_in(np.array([[0.5, 0.5]]), np.zeros(1)).round(3).tolist()
    [[0.5, 0.667]]
    """
    present = head.cumsum(axis=1, dtype=np.float64)
    total = present[:, -1] + rest
    return 2 * present / (np.arange(1, head.shape[1] + 1) + total[:, None])


def exact(head: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """E[2 A / (k + R)], the number of further species being Poisson (off by the sum of their p² at most).

    What Ye et al. 2012, "Optimizing F-measure: a tale of two approaches", sum by dynamic programming in O(m²) is
    one integral here: 1 / x = ∫ t^(x - 1) dt from 0 to 1, so that with G(t) = E[t^R] = Π (1 - p + p t)

        E[2 A / (k + R)] = 2 ∫ t^k G(t) Σ p_i / (1 - p_i + p_i t) dt,  i = 1..k

    (negative moments from generating functions: Chao and Strawderman 1972, JASA 67:429).

    >>> exact(np.array([[0.5, 0.5]]), np.zeros(1)).round(3).tolist()
    [[0.417, 0.583]]
    """
    head = np.asarray(head, np.float64)
    size = np.arange(1, head.shape[1] + 1)
    result = np.zeros(head.shape)
    nodes = max(NODES, math.ceil(NODES_PER_ROOT * math.sqrt(head.shape[1])))
    for node, weight in zip(*_nodes(nodes), strict=True):
        absent = 1 - head * (1 - node)
        generating = absent.prod(axis=1) * np.exp(-(1 - node) * rest)
        result += (2 * weight * generating)[:, None] * node**size * (head / absent).cumsum(axis=1)
    return result


def simulated(head: np.ndarray, rest: np.ndarray, draws: int) -> np.ndarray:
    """The mean of 2 A / (k + R) over `draws` draws of who is present, the number of further species at its mean.

    All surveys share one set of random numbers, so that none depends on which others it is decoded with.
    """
    random = _uniform(head.shape[1], draws).T
    size = np.arange(1, head.shape[1] + 1, dtype=np.float32)
    result = np.zeros(head.shape)
    for start in range(0, len(head), SURVEYS):
        rows = slice(start, start + SURVEYS)
        present = (random < head[rows, None]).cumsum(axis=2, dtype=np.int16).astype(np.float32)
        total = present[:, :, -1:] + np.asarray(rest[rows], np.float32)[:, None, None]
        result[rows] = (2 * present / (size + total)).mean(axis=1)
    return result


def ranked(
    probabilities: np.ndarray, elsewhere: np.ndarray | float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The LARGEST_SET most probable columns int64 (n, m), their probabilities, and the sum of all others (n,).

    `elsewhere` is the sum over species without a column.
    """
    columns = most_probable(probabilities, LARGEST_SET)
    head = np.take_along_axis(probabilities, columns, axis=1)
    total = probabilities.sum(axis=1, dtype=np.float64) + elsewhere
    return columns, head, np.maximum(total - head.sum(axis=1, dtype=np.float64), 0)


@cache
def _nodes(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss-Legendre quadrature from 0 to 1.

    t^k falls off within 1 / k of 1, where `count` nodes lie some 1 / count² apart.
    """
    node, weight = np.polynomial.legendre.leggauss(count)
    return (node + 1) / 2, weight / 2


@cache
def _uniform(species: int, draws: int) -> np.ndarray:
    """Those of the first species are the same however many follow."""
    return np.random.default_rng(SEED).random((species, draws), np.float32)
