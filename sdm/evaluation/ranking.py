"""The species predicted for one survey, ranked, with those recorded but not predicted."""

from __future__ import annotations

import numpy as np
import pandas as pd

HIT, FALSE_ALARM, MISS, UNJUDGED = "hit", "false alarm", "miss", "predicted"
MOST_MISSES = 10  # misses listed below the predicted set


def ranking(
    probabilities: np.ndarray,
    chosen: np.ndarray,
    classes: pd.DataFrame,
    truth: np.ndarray | None = None,
    most_misses: int = MOST_MISSES,
) -> pd.DataFrame:
    """Return predicted species by falling probability, then the most probable `most_misses` of those missed.

    `probabilities` (S,); `chosen` the columns decoded as present; `truth` the columns recorded, None when they
    do not count. Columns: rank, class_id, name, probability, verdict.
    """
    order = np.argsort(-probabilities, kind="stable")
    rank = np.empty(len(order), int)
    rank[order] = np.arange(1, len(order) + 1)
    predicted = order[np.isin(order, chosen)]
    recorded = np.array([], int) if truth is None else np.asarray(truth, int)
    missed = order[np.isin(order, np.setdiff1d(recorded, chosen))][:most_misses]
    shown = np.concatenate([predicted, missed]).astype(int)
    verdict = np.where(np.isin(shown, recorded), HIT, FALSE_ALARM) if truth is not None else UNJUDGED
    verdict = np.where(np.isin(shown, missed), MISS, verdict) if truth is not None else verdict
    return pd.DataFrame(
        {
            "rank": rank[shown],
            "class_id": classes["class_id"].to_numpy()[shown],
            "name": classes["name"].astype(str).to_numpy()[shown],
            "probability": probabilities[shown].astype(float),
            "verdict": verdict,
        }
    )


def set_f1(chosen: np.ndarray, truth: np.ndarray) -> float:
    """F1 of one survey's set, NaN when nothing is recorded and nothing predicted.

    >>> set_f1(np.array([1, 2]), np.array([2, 3]))
    0.5
    """
    total = len(chosen) + len(truth)
    return 2 * len(np.intersect1d(chosen, truth)) / total if total else float("nan")
