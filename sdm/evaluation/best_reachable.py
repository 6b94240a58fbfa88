"""The best reachable samples-F1 of simulated surveys, and the oracle's: by redraws of their labels.

Best reachable is the mean over surveys of the largest E[F1(A, Y)] of any set A given position, year, size of the
plot, climate, soil, relief and covers; what no input can tell (history under 10 km, site, observer, occurrence,
detection) is integrated out. The oracle knows history, site and observer. The best set holds the likeliest species
(Lewis 1995; with dependent species within .001): how many is chosen on one half of the draws, the score is that of
the other half.
"""

from __future__ import annotations

import math

import numpy as np

from sdm.virtual_europe.redraws import IndependentRedraws, Redraws
from sdm.virtual_europe.truth import Truth

DRAWS = 400  # of each survey, half of them to choose and half to score
_AT_ONCE = 8  # surveys that share random numbers
_SEED = 20_250


def best_reachable(truth: Truth, rows: np.ndarray, draws: int = DRAWS) -> tuple[float, float]:
    """Mean over the surveys `rows` and its Monte-Carlo error; NaN for no rows."""
    return _best(truth, rows, draws, Redraws)


def oracle(truth: Truth, rows: np.ndarray, draws: int = DRAWS) -> tuple[float, float]:
    """The same where history, site and observer are known."""
    return _best(truth, rows, draws, IndependentRedraws)


def _best(truth: Truth, rows: np.ndarray, draws: int, drawn: type[Redraws]) -> tuple[float, float]:
    rng = np.random.default_rng(_SEED)
    total, variance = 0.0, 0.0
    for start in range(0, len(rows), _AT_ONCE):
        some = drawn(truth, rows[start : start + _AT_ONCE], draws, rng)
        scores = sum(_scores(some, survey) for survey in range(len(some.marginal)))
        total += float(np.mean(scores))
        variance += float(np.var(scores, ddof=1)) / np.size(scores)
    count = len(rows)
    return (total / count, math.sqrt(variance) / count) if count else (math.nan, math.nan)


def _scores(drawn: Redraws, survey: int) -> np.ndarray:
    """(draws / 2,) F1 of the best set of a survey on the second half of its draws."""
    order = np.argsort(-drawn.marginal[survey], kind="stable")
    present, others = drawn.labels(survey)
    right = np.cumsum(present[:, order], axis=1)
    f1 = 2 * right / (np.arange(1, len(order) + 1) + (right[:, -1] + others)[:, None])
    half = len(f1) // 2
    return np.asarray(f1[half:, f1[:half].mean(axis=0).argmax()])
