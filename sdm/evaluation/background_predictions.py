"""What a run says of the background sites that records of few species are measured against, and the scores."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import BACKGROUND, of_records
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.run_model import open_model, predict_or_recall, predict_with
from sdm.evaluation.target_group_scores import background_scores
from sdm.models.contract import Model
from sdm.models.presence_only.background import usual_background
from sdm.runs import ModelCard, Run
from sdm.runs.records import Scores


class BackgroundPredictions(NamedTuple):
    """`rows` (B,) of the data set, and `values` (B, S) of every class there."""

    rows: np.ndarray
    values: np.ndarray


def few_species(dataset: Dataset) -> bool:
    """Whether the records are of too few species for a target group, and background sites are there."""
    return of_records(dataset) and usual_background(dataset) == "random"


def background_rows(dataset: Dataset, card: ModelCard) -> np.ndarray | None:
    """Of data of `few_species` the background sites whose inputs are known; None for others, and for a run that
    cannot predict."""
    if not (few_species(dataset) and card.predicts) or card.kind is not TargetKind.MULTILABEL:
        return None
    known = np.logical_and.reduce([dataset.available(name) for name in card.inputs])
    return np.flatnonzero((dataset.sites["source"] == BACKGROUND).to_numpy() & known)


def background_predictions(run: Run, dataset: Dataset) -> BackgroundPredictions | None:
    """What the run says of `background_rows`; None where there are none."""
    rows = background_rows(dataset, run.card)
    if rows is None:
        return None
    values = predict_or_recall(run, dataset, rows).probabilities
    return BackgroundPredictions(rows, _as_stored(values))


def _as_stored(values: np.ndarray) -> np.ndarray:
    """`values` as predictions are stored: ties stay ties."""
    return values.astype(np.float16)


def validation_measures(
    model: Callable[[], Model], card: ModelCard, dataset: Dataset, labelled: LabelledPredictions
) -> Scores:
    """AUC, TSS and Boyce index, means over species, of records against background sites, where other records tell
    too little; else {}. `labelled` are uncalibrated predictions of validation records, `model` that of `card`."""
    rows = background_rows(dataset, card)
    if rows is None:
        return {}
    background = predict_with(model(), card.statistics, dataset, rows).probabilities
    stored = labelled.with_probabilities(_as_stored(labelled.probabilities))
    scores = background_scores(stored, _as_stored(background))
    return {name: METRICS[name].summarise(each) for name, each in scores.items()}


def run_measures(run: Run, dataset: Dataset, labelled: LabelledPredictions) -> Scores:
    """`validation_measures` of a run."""
    return validation_measures(partial(open_model, run, calibrated=False), run.card, dataset, labelled)
