"""How well a probability tells where a species is: precision and recall at every threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.evaluation.metrics import class_scores
from sdm.evaluation.metrics.shares import wilson


@dataclass(frozen=True)
class AtThreshold:
    """What becomes of the surveys when the species is called present from `threshold` on.

    `precision` and `recall` are (value, low, high) with their 95 % binomial interval, NaN where undefined.
    """

    threshold: float
    surveys: int
    recorded: int
    predicted: int
    hits: int
    precision: tuple[float, float, float]
    recall: tuple[float, float, float]

    @property
    def f1(self) -> float:
        """2 hits / (recorded + predicted), NaN for 0 / 0."""
        total = self.recorded + self.predicted
        return 2 * self.hits / total if total else float("nan")


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


def at_threshold(surveys: pd.DataFrame, threshold: float) -> AtThreshold:
    """What becomes of `surveys`, a table of `LabelledPredictions.species`, at `threshold`."""
    present = surveys["probability"].to_numpy() >= np.float32(threshold)
    recorded = surveys["recorded"].to_numpy()
    hits, predicted, total = int((present & recorded).sum()), int(present.sum()), int(recorded.sum())
    return AtThreshold(
        threshold, len(surveys), total, predicted, hits, _share(hits, predicted), _share(hits, total)
    )


def ranking_scores(surveys: pd.DataFrame) -> tuple[float, float]:
    """Area under the ROC curve and average precision; NaN where undefined (see
    `sdm.evaluation.metrics.class_scores`)."""
    truth = csr_matrix(surveys["recorded"].to_numpy(np.int8)[:, None])
    found = class_scores(truth, surveys["probability"].to_numpy()[:, None])
    return float(found.auc[0]), float(found.average_precision[0])


def _share(part: int, whole: int) -> tuple[float, float, float]:
    low, high = wilson(part, whole)
    return (part / whole if whole else float("nan"), float(low), float(high))
