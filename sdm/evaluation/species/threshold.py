"""The threshold of a species: from which probability it is called present, and how the surveys fall there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics.intervals import wilson
from sdm.evaluation.species.quality import precision_recall


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


def species_threshold(validation: LabelledPredictions, column: int) -> float:
    """The threshold of best F1 on validation surveys; NaN where the species is recorded at none of them.

    The stored one, computed before probabilities were rounded or left out, where there is one.
    """
    scores = validation.predictions.scores
    stored = math.nan if scores is None else float(scores.threshold[column])
    return best_threshold(precision_recall(validation.species(column))) if math.isnan(stored) else stored


def best_threshold(curve: pd.DataFrame) -> float:
    """The threshold of highest F1, the highest of several; NaN for an empty curve."""
    return math.nan if curve.empty else float(curve["threshold"].iloc[int(curve["f1"].to_numpy().argmax())])


def at_threshold(surveys: pd.DataFrame, threshold: float) -> AtThreshold:
    """What becomes of `surveys`, a table of `LabelledPredictions.species`, at `threshold`."""
    present = surveys["probability"].to_numpy() >= np.float32(threshold)
    recorded = surveys["recorded"].to_numpy()
    hits, predicted, total = int((present & recorded).sum()), int(present.sum()), int(recorded.sum())
    return AtThreshold(
        threshold, len(surveys), total, predicted, hits, _share(hits, predicted), _share(hits, total)
    )


def _share(part: int, whole: int) -> tuple[float, float, float]:
    low, high = wilson(part, whole)
    return (part / whole if whole else float("nan"), float(low), float(high))
