"""One species in the stored predictions of a run, beside what was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.runs.predictions import Predictions
from sdm.species.records import recorded_at


def rows_of(dataset: Dataset, predictions: Predictions) -> np.ndarray:
    """int64 (N,): the row of `dataset` each predicted survey has, -1 where it has none."""
    ids, sources = dataset.sites["survey_id"].to_numpy(np.int64), dataset.sites["source"].astype(str)
    # Of millions of presence-only rows few are candidates, and only those need an index.
    candidates = np.flatnonzero(
        np.isin(ids, predictions.survey_id) & sources.isin(np.unique(predictions.source)).to_numpy()
    )
    index = pd.MultiIndex.from_arrays([sources.to_numpy()[candidates], ids[candidates]])
    first = ~index.duplicated()
    wanted = pd.MultiIndex.from_arrays([predictions.source.astype(str), predictions.survey_id])
    at = index[first].get_indexer(wanted)
    return np.where(at >= 0, candidates[first][at] if first.any() else -1, -1)


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


def scored(dataset: Dataset, predictions: Predictions, rows: np.ndarray, column: int) -> pd.DataFrame:
    """One row per predicted survey whose target is known: row, recorded (bool), probability (0..1).

    `rows` is `rows_of(dataset, predictions)`.
    """
    there = np.flatnonzero(rows >= 0)
    there = there[dataset.targets.known[rows[there]]]
    return pd.DataFrame(
        {
            "row": rows[there],
            "recorded": recorded_at(dataset.targets, column, rows[there]),
            "probability": probability_of(predictions, column)[there],
        }
    )
