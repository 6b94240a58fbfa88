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


def precision_recall(scored: pd.DataFrame) -> pd.DataFrame:
    """One row per distinct probability of `scored`, falling: threshold, predicted, hits, precision, recall, f1.

    Empty when the species is recorded nowhere: recall is then undefined.
    """
    order = np.argsort(-scored["probability"].to_numpy(), kind="stable")
    probability, recorded = scored["probability"].to_numpy()[order], scored["recorded"].to_numpy()[order]
    total = int(recorded.sum())
    last = np.flatnonzero(np.append(probability[1:] != probability[:-1], True)) if total else np.zeros(0, np.int64)
    predicted, hits = last + 1, np.cumsum(recorded)[last]
    return pd.DataFrame(
        {
            "threshold": probability[last],
            "predicted": predicted,
            "hits": hits,
            "precision": hits / predicted,
            "recall": hits / max(total, 1),
            "f1": 2 * hits / (predicted + total),
        }
    )


def at_threshold(scored: pd.DataFrame, threshold: float) -> AtThreshold:
    """The surveys of `scored` judged at `threshold`."""
    present = scored["probability"].to_numpy() >= np.float32(threshold)
    recorded = scored["recorded"].to_numpy()
    hits, predicted, total = int((present & recorded).sum()), int(present.sum()), int(recorded.sum())
    return AtThreshold(
        threshold, len(scored), total, predicted, hits, _share(hits, predicted), _share(hits, total)
    )


def ranking_scores(scored: pd.DataFrame) -> tuple[float, float]:
    """Area under the ROC curve and average precision; NaN where undefined (see
    `sdm.evaluation.metrics.class_scores`)."""
    truth = csr_matrix(scored["recorded"].to_numpy(np.int8)[:, None])
    found = class_scores(truth, scored["probability"].to_numpy()[:, None])
    return float(found.auc[0]), float(found.average_precision[0])


def _share(part: int, whole: int) -> tuple[float, float, float]:
    low, high = wilson(part, whole)
    return (part / whole if whole else float("nan"), float(low), float(high))
