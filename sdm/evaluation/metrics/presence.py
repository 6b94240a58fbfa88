"""Measures of one class that are reported beside AUC: true skill statistic, Boyce index, calibration slope.

Each takes `hit` bool (N,), where the class is present, and `probability` (N,). NaN where undefined.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

WINDOWS, WINDOW = 101, 0.1  # of the Boyce index: their number, and the width of each as a share of the range
LARGEST_LOGIT = 16.0  # beyond it a probability is as good as 0 or 1
STEPS, SETTLED = 50, 1e-8  # of Newton's method, and the size of one at which it has settled
LEAST_WEIGHT, ROUND_OFF = 1e-12, 1e-9


def best_tss(hit: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    """The maximal true skill statistic and the threshold where it is reached, the highest of several.

    Sensitivity + specificity - 1, from -1 to 1, of calling the class present from a threshold on; 0 is what any
    rate of random calls has (Allouche et al. 2006, doi:10.1111/j.1365-2664.2006.01214.x). As the maximum is sought
    on the same surveys, it is too good where presences are few.

    >>> best_tss(np.array([True, False, True, False, False]), np.array([0.9, 0.6, 0.5, 0.2, 0.1]))
    (0.6666666666666667, 0.5)
    """
    present = int(hit.sum())
    absent = len(hit) - present
    if not present or not absent:
        return np.nan, np.nan
    order = np.argsort(-probability, kind="stable")
    values, hits = probability[order], np.cumsum(hit[order])
    last = np.append(values[1:] != values[:-1], True)
    taken = np.arange(1, len(hit) + 1)
    skill = (hits / present - (taken - hits) / absent)[last]
    best = int(skill.argmax())
    return float(skill[best]), float(values[last][best])


def tss(hit: np.ndarray, probability: np.ndarray, threshold: float) -> float:
    """The true skill statistic of calling the class present from `threshold` on; see `best_tss`.

    >>> tss(np.array([True, False, True, False]), np.array([0.9, 0.6, 0.5, 0.2]), 0.6)
    0.0
    """
    called = probability >= np.asarray(threshold, probability.dtype)
    if not hit.any() or hit.all() or np.isnan(threshold):
        return float("nan")
    return float(called[hit].mean() - called[~hit].mean())


def boyce(hit: np.ndarray, probability: np.ndarray, *, rm_duplicate: bool = True) -> float:
    """The continuous Boyce index: whether the class is recorded the more often, the more probable it is.

    Spearman's correlation of predicted-to-expected ratio and probability over moving windows of a tenth of the
    range: the share of the presences in a window over the share of all surveys in it. From -1 to 1; 0 is chance
    (Hirzel et al. 2006, doi:10.1016/j.ecolmodel.2006.05.017). Windows without a survey are left out; of windows in
    a row with the same ratio only the last counts unless `rm_duplicate` is off, as in `ecospat.boyce` of the R
    package ecospat.

    >>> boyce(np.arange(20) >= 10, np.arange(20) / 20), boyce(np.arange(20) < 10, np.arange(20) / 20)
    (1.0, -1.0)
    """
    if not hit.any():
        return float("nan")
    every, present = np.sort(probability).astype(np.float64), np.sort(probability[hit]).astype(np.float64)
    low, high = every[0], every[-1]
    width = WINDOW * (high - low)
    start = np.linspace(low, high - width, WINDOWS)
    end = np.append(start[:-1] + width, high)
    inside, found = (
        np.searchsorted(each, end, "right") - np.searchsorted(each, start, "left") for each in (every, present)
    )
    ratio, start = (found[inside > 0] / inside[inside > 0]), start[inside > 0]
    if rm_duplicate:
        kept = np.append(ratio[1:] != ratio[:-1], True)
        ratio, start = ratio[kept], start[kept]
    if len(ratio) < 2 or high == low or np.ptp(ratio) == 0:
        return float("nan")
    ranks = [pd.Series(each).rank().to_numpy() for each in (ratio, start)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def calibration_slope(hit: np.ndarray, probability: np.ndarray) -> float:
    """The slope b of the logistic regression of presence on the logit of its probability, logit P = a + b logit p.

    1 is right; below 1 probabilities are too extreme (over-confident), above too timid (Cox 1958,
    doi:10.1093/biomet/45.3-4.562; Miller et al. 1991, doi:10.1002/sim.4780100805). NaN where no finite slope is
    the most likely one: presences and absences told apart without error, or a probability that never changes.
    """
    if not hit.any() or hit.all():
        return float("nan")
    p = np.asarray(probability, np.float64)
    x = np.clip(logit(p), -LARGEST_LOGIT, LARGEST_LOGIT)
    if x[hit].min() >= x[~hit].max() or x[hit].max() <= x[~hit].min():
        return float("nan")
    start = np.array([x.mean(), x.std()])  # that of right probabilities
    beta = _logistic(np.column_stack([np.ones(len(x)), (x - x.mean()) / x.std()]), hit, start)
    return float(beta[1] / x.std())


def _logistic(design: np.ndarray, hit: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """The coefficients of largest likelihood, by Newton's method from `beta`; NaN where it does not settle."""
    for _ in range(STEPS):
        chance = expit(design @ beta)
        weight = (chance * (1 - chance)).clip(LEAST_WEIGHT)
        step = np.linalg.solve((design * weight[:, None]).T @ design, design.T @ (hit - chance))
        before = _loss(design @ beta, hit) + ROUND_OFF
        while _loss(design @ (beta + step), hit) > before and np.abs(step).max() > SETTLED:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < SETTLED:
            return beta
    return np.full(len(beta), np.nan)


def _loss(logits: np.ndarray, hit: np.ndarray) -> float:
    """Minus the log-likelihood in nats."""
    return float(np.logaddexp(0, np.where(hit, -logits, logits)).sum())
