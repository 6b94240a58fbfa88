"""The threshold of a species: the probability from which a run is taken to predict it."""

from __future__ import annotations

import math

import pandas as pd

from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.species.curve import precision_recall


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
