"""What a run says of the background sites that records of few species are measured against."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import BACKGROUND, of_records
from sdm.evaluation.run_model import predict_or_recall
from sdm.models.presence_only.background import usual_background
from sdm.runs import Run


class BackgroundPredictions(NamedTuple):
    """`rows` (B,) of the data set, and `values` (B, S) of every class there."""

    rows: np.ndarray
    values: np.ndarray


def few_species(dataset: Dataset) -> bool:
    """Whether the records are of too few species for a target group, and background sites are there."""
    return of_records(dataset) and usual_background(dataset) == "random"


def background_predictions(run: Run, dataset: Dataset) -> BackgroundPredictions | None:
    """Of data of `few_species` the background sites whose inputs are known; None for others, and for a run that
    cannot predict."""
    if not (few_species(dataset) and run.card.predicts) or run.card.kind is not TargetKind.MULTILABEL:
        return None
    known = np.logical_and.reduce([dataset.available(name) for name in run.card.inputs])
    rows = np.flatnonzero((dataset.sites["source"] == BACKGROUND).to_numpy() & known)
    values = predict_or_recall(run, dataset, rows).probabilities
    return BackgroundPredictions(rows, values.astype(np.float16))  # as predictions are stored: ties stay ties
