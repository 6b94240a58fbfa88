"""The end of a training: the file that is kept, what it scores, and the card that says so."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from sdm.data.dataset import TargetKind
from sdm.data.splits import SELECTION, TRAIN, VALIDATION, measured_splits
from sdm.evaluation.background_predictions import validation_measures
from sdm.evaluation.prediction_scores import best_decoder
from sdm.evaluation.run_evaluation import store_split
from sdm.evaluation.run_model import model_of, predict_with
from sdm.formats.arrays import write_npz
from sdm.models.contract import Baseline, Model, parameters
from sdm.models.preparation import read_batch
from sdm.runs import ModelCard, Run, Weights
from sdm.runs.card import LAST_EPOCHS, SCHEMA
from sdm.runs.folder import CARD, TABLE, WEIGHTS, write_train_ids
from sdm.runs.records import Scores, stored_scores
from sdm.runs.weights import halved, read_tensors, sha256, write_tensors
from sdm.training.task import Task
from sdm.training.validation import logged_metrics

TIMED = 20


@dataclass(frozen=True)
class TrainingSummary:
    """How a training went: epochs done and the best one (0 and None for a baseline), seconds, device, and for a
    network the loss on training surveys with nothing dropped or augmented."""

    epochs: int
    best_epoch: int | None
    seconds: float
    device: str
    loss_without_dropout: float | None = None


def finish(run: Run, task: Task, model: Model, summary: TrainingSummary) -> Run:
    """Store what was learnt as it is kept, measure that very file, write predictions, and the card last of all.

    A run is finished when its card is there; killed before, all of this is done again.
    """
    weights = _store(run, model)
    write_train_ids(run.path, task.base.sites.iloc[task.seen])
    card = _draft(run, task, model, weights, summary)
    stored = model_of(run.path, card)
    card = _predict_splits(run.path, task, card, stored)
    replace(card, milliseconds=_milliseconds(stored, task)).write(run.path / CARD)
    return Run.open(run.path)


def _store(run: Run, model: Model) -> Weights:
    """The best weights in the precision asked for, or the table of a baseline."""
    if isinstance(model, Baseline):
        path, dtype = run.path / TABLE, "float32"
        write_npz(path, model.table())
    else:
        path, dtype = run.path / WEIGHTS, run.config.training.weights
        if dtype == "float16":
            write_tensors(path, halved(read_tensors(path)))
    digest, size = sha256(path), path.stat().st_size
    return Weights(path.name, digest, size, dtype, parameters(model))  # type: ignore[arg-type]


def _draft(run: Run, task: Task, model: Model, weights: Weights, summary: TrainingSummary) -> ModelCard:
    """The card, but for what is measured on the stored file."""
    config, classes = run.config.training, task.dataset.targets.classes
    return ModelCard(
        schema=SCHEMA,
        model=config.model,
        model_config=config.model_config,
        kind=task.kind,
        learnt_kind=task.learnt_kind,
        class_ids=tuple(task.dataset.targets.class_ids.tolist()),
        class_names=tuple(classes["name"].astype(str)),
        unit=task.dataset.targets.unit,
        view=config.view,
        data=run.config.data,
        scheme=config.scheme,
        splits=_sizes(task, config.scheme),
        inputs=dict(model.inputs),
        statistics=task.statistics,
        decoder=config.decoder or None if task.kind is TargetKind.MULTILABEL else None,
        initial_weights=config.initial_weights,
        weights=weights,
        epochs=summary.epochs,
        best_epoch=summary.best_epoch,
        seconds=round(summary.seconds, 3),
        milliseconds=0.0,
        device=summary.device,
        versions={"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        reproduce=run.config.command(),
        stored_scores={},
        last_epochs=_last_epochs(run, task) if summary.epochs else {},
        loss_without_dropout=summary.loss_without_dropout,
    )


def _sizes(task: Task, scheme: str) -> dict[str, int]:
    """Split -> rows of known targets that the training used: learnt from, for the epoch, for the decoder."""
    dataset = task.dataset
    rows = {name: dataset.rows(name, scheme) for name in (SELECTION, VALIDATION) if name in dataset.splits(scheme)}
    known = {name: int(dataset.targets.known[of_split].sum()) for name, of_split in rows.items()}
    return {TRAIN: len(task.learning.dataset), **known}


def _last_epochs(run: Run, task: Task) -> dict[str, float]:
    """Metric -> mean over the last epochs of the history; one that is defined in none of them is left out."""
    history = run.history().tail(LAST_EPOCHS)
    means = {name: float(history[name].mean()) for name in logged_metrics(task.kind) if name in history}
    return {name: value for name, value in means.items() if np.isfinite(value)}


def _predict_splits(folder: Path, task: Task, card: ModelCard, model: Model) -> ModelCard:
    """Predict every split but those trained on; the card with its decoder, chosen on
    validation where none is asked for, and all scores.

    Splits no survey of which has an input are left out, but of a model that knows the place.
    """
    scores: dict[str, Scores] = {}
    blind = {coverage.split for coverage in task.coverage if coverage.empty}
    if task.model.sees_place(card.model_config):
        blind = set()
    for split in measured_splits(task.base.splits(card.scheme)):
        if split in blind:
            continue
        labelled = predict_with(model, card.statistics, task.base, task.base.rows(split, card.scheme))
        if split == "validation" and card.kind is TargetKind.MULTILABEL and card.decoder is None:
            card = replace(card, decoder=best_decoder(labelled))
        of_split = store_split(labelled, folder, task.base, card, split)
        if split == VALIDATION:
            of_split |= validation_measures(lambda: model, card, task.base, labelled)
        if of_split:
            scores[split] = of_split
    return replace(card, stored_scores=stored_scores(scores))


def _milliseconds(model: Model, task: Task) -> float:
    """Median time of one survey's prediction, preparation excluded."""
    batch = read_batch(task.base, task.seen[:1], model.inputs, task.statistics, targets=False)
    times = []
    for _ in range(TIMED):
        start = time.perf_counter()
        model.predict(batch)
        times.append(time.perf_counter() - start)
    return round(float(np.median(times)) * 1e3, 3)
