"""How well a run finds one species: precision and recall by threshold, rank scores, and surveys that show it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.evaluation.metrics import class_scores

GROUPS = {
    "hit": "recorded, and predicted with the highest probability",
    "miss": "recorded, but predicted with the lowest probability",
    "false alarm": "not recorded, though predicted with the highest probability",
}


def precision_recall(surveys: pd.DataFrame) -> pd.DataFrame:
    """One row per distinct probability of `surveys`, falling: threshold, predicted, hits, precision, recall, f1.

    `surveys` is a table of `LabelledPredictions.species`. Empty when the species is recorded nowhere: recall is
    then undefined.
    """
    from sklearn.metrics import precision_recall_curve  # slow to load, and only this needs it

    recorded, probability = surveys["recorded"].to_numpy(), surveys["probability"].to_numpy()
    total = int(recorded.sum())
    if not total:
        return pd.DataFrame(columns=["threshold", "predicted", "hits", "precision", "recall", "f1"], dtype=float)
    precision, recall, threshold = precision_recall_curve(recorded, probability)
    hits = np.rint(recall[:-1] * total).astype(np.int64)
    predicted = len(surveys) - np.searchsorted(np.sort(probability), threshold)
    columns = {
        "threshold": threshold, "predicted": predicted, "hits": hits, "precision": precision[:-1],
        "recall": recall[:-1], "f1": 2 * hits / (predicted + total),
    }  # fmt: skip
    return pd.DataFrame(columns)[::-1].reset_index(drop=True)


def ranking_scores(surveys: pd.DataFrame) -> tuple[float, float]:
    """Area under the ROC curve and average precision; NaN where undefined (see
    `sdm.evaluation.metrics.class_scores`)."""
    truth = csr_matrix(surveys["recorded"].to_numpy(np.int8)[:, None])
    scores = class_scores(truth, surveys["probability"].to_numpy()[:, None])
    return float(scores.auc[0]), float(scores.average_precision[0])


def example_surveys(surveys: pd.DataFrame, threshold: float, pictured: np.ndarray, count: int = 4) -> pd.DataFrame:
    """At most `count` surveys of each of GROUPS: group, row, recorded, probability, the most telling first.

    `pictured` bool (N,), by row of the data set: surveys with a picture go before those without. Empty where the
    threshold is not known.
    """
    probability, recorded = surveys["probability"].to_numpy(), surveys["recorded"].to_numpy()
    present = probability >= np.float32(threshold)
    chosen = {
        "hit": (recorded & present, -probability),
        "miss": (recorded & ~present & np.isfinite(threshold), probability),
        "false alarm": (~recorded & present, -probability),
    }
    blind = ~pictured[surveys["row"].to_numpy()]
    parts = []
    for group, (keep, order) in chosen.items():
        at = np.flatnonzero(keep)
        best = at[np.lexsort((order[at], blind[at]))[:count]]
        parts.append(surveys.iloc[best].assign(group=group))
    columns = ["group", "row", "recorded", "probability"]
    return pd.concat(parts, ignore_index=True)[columns]
