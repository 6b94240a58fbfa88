"""One species in the stored predictions of a run, beside what was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.evaluation.comparison import known_surveys
from sdm.evaluation.species.records import recorded_at
from sdm.runs.predictions import Predictions


def scored(
    dataset: Dataset, predictions: Predictions, column: int, known: tuple[np.ndarray, np.ndarray] | None = None
) -> pd.DataFrame:
    """One row per predicted survey whose target is known: row (in `dataset`), recorded (bool), probability (0..1).

    `known` is `known_surveys(dataset, predictions)`, where it is at hand already.
    """
    rows, stored = known_surveys(dataset, predictions) if known is None else known
    return pd.DataFrame(
        {
            "row": rows,
            "recorded": recorded_at(dataset.targets, column, rows),
            "probability": probability_of(predictions, column)[stored],
        }
    )


def probability_of(predictions: Predictions, column: int) -> np.ndarray:
    """float32 (N,): the probability of class `column` at every predicted survey.

    Where only the likeliest classes were kept, a class that is none of them has an even part of the rest.
    """
    if predictions.dense is not None:
        return predictions.dense[:, column].astype(np.float32)
    tops = predictions.tops
    assert tops is not None
    rest = max(predictions.width - tops.index.shape[1], 1)
    result = (tops.tail / rest).astype(np.float32)
    true = tops.truth[:, [column]].tocoo()
    result[true.row] = true.data
    row, place = np.nonzero(tops.index == column)
    result[row] = tops.probability[row, place]
    return result
