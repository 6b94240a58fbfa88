"""Predictions of a run for surveys of a data set: computed by its model, or recalled where it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from sdm.data.dataset import Dataset
from sdm.errors import RunError
from sdm.evaluation.labelled_predictions import LabelledPredictions, recall
from sdm.evaluation.run_model import open_model
from sdm.models.model import Model
from sdm.models.preparation import read_batch
from sdm.models.statistics import Statistics
from sdm.runs import Predictions, Run
from sdm.runs.predictions import probability_type

BATCH = 256  # surveys

Track = Callable[[Iterable[np.ndarray]], Iterable[np.ndarray]]
"""Wraps the batches of a prediction, to show progress."""


def untracked(batches: Iterable[np.ndarray]) -> Iterable[np.ndarray]:
    """No progress shown."""
    return batches


def predict_with(
    model: Model, statistics: Statistics, dataset: Dataset, rows: np.ndarray, track: Track = untracked
) -> LabelledPredictions:
    """The predictions of `model` for the surveys `rows`, whose targets may be unknown.

    RunError where the model gives values that are not finite.
    """
    probabilities = np.zeros((len(rows), model.width), probability_type(len(rows), model.width))
    parts = np.array_split(np.arange(len(rows)), -(-len(rows) // BATCH))
    for part in track(parts):
        batch = read_batch(dataset, rows[part], model.inputs, statistics, targets=False)
        probabilities[part] = model.predict(batch).numpy()
    if not np.isfinite(probabilities).all():
        raise RunError("the model gives values that are no numbers", where=dataset.name)
    predictions = Predictions.of(dataset.sites.iloc[rows], probabilities)
    return LabelledPredictions(rows, dataset.targets.take(rows), predictions)


def predict_or_recall(
    run: Run, dataset: Dataset, rows: np.ndarray, track: Track = untracked, *, calibrated: bool = True
) -> LabelledPredictions:
    """The predictions of `run` for the surveys `rows`: computed, or, of a run that cannot predict, recalled.

    Probabilities are `calibrated` as its card says, or else as the model gives them.
    """
    if not run.card.predicts:
        return recall(run, dataset, rows, run.splits(), calibrated=calibrated)
    return predict_with(open_model(run, calibrated=calibrated), run.card.statistics, dataset, rows, track)
