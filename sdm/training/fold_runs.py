"""Runs of a model on each fold of the data, and one run on all of it that is validated by those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.schemes import schemes_with_folds
from sdm.data.splits import TRAIN, VALIDATION
from sdm.data.survey_blocks import survey_blocks
from sdm.errors import TrainingError
from sdm.evaluation.background_predictions import background_predictions, run_measures
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.prediction_scores import best_decoder
from sdm.evaluation.run_evaluation import store_split
from sdm.evaluation.target_group_scores import background_scores, target_group_scores
from sdm.models.registry import spec_of
from sdm.runs import Predictions, Run, RunConfig, TrainingOptions
from sdm.runs.configuration import DataSource
from sdm.runs.folder import CARD
from sdm.runs.model_choice import FoldScore
from sdm.runs.predictions import probability_type
from sdm.runs.records import stored_scores
from sdm.runs.training_options import completed
from sdm.training.runtime import Runtime
from sdm.training.train import train


def folds_of(dataset: Dataset, most: int = 0) -> tuple[str, ...]:
    """The schemes of the folds in which every record validates once, at most `most` of them where it is not 0.

    TrainingError for data without folds.
    """
    found = max(schemes_with_folds(dataset.schemes).values(), key=len, default=())
    if len(found) < 2:
        raise TrainingError(
            "the data has no folds", where=dataset.name, expected="a split scheme of two folds or more",
            got=", ".join(dataset.schemes) or "no scheme", remedy="Import the tables of records again.",
        )  # fmt: skip
    return found[:most] if most else found


def fold_run(dataset: Dataset, folder: Path, options: TrainingOptions, runtime: Runtime) -> Run:
    """The run of `options` in `folder`, trained where it is not there yet; TrainingError where another is."""
    config = RunConfig(completed(options, dataset), DataSource.of(dataset))
    if (folder / CARD).exists():
        run = Run.open(folder)
        if differences := run.config.differences(config):
            raise TrainingError(
                "a fold of other settings is here", where=folder, got="; ".join(differences[:5]),
                remedy="Remove the folder of folds, or name another run.",
            )  # fmt: skip
        return run
    return train(dataset, folder, options, runtime)


def fold_score(run: Run, dataset: Dataset) -> FoldScore:
    """What a run of a fold scores on the sites that the fold holds back, against what `usual_background` says."""
    labelled = label(dataset, run.predictions(VALIDATION), run.card.class_ids)
    background = background_predictions(run, dataset)
    scores = (
        target_group_scores(labelled) if background is None else background_scores(labelled, background.values)
    )
    found = {name: values[np.isfinite(values)] for name, values in scores.items()}
    auc, boyce, tss = (float(values.mean()) if values.size else None for values in found.values())
    return FoldScore(run.card.model, run.card.scheme, auc, boyce, tss, found["auc"].size, run.card.seconds)


def train_on_all(
    dataset: Dataset, folder: Path, options: TrainingOptions, folds: Sequence[Run], runtime: Runtime
) -> Run:  # fmt: skip
    """A run in `folder` that has learnt from the training and validation sites of its scheme.

    Its stored validation predictions and scores are those of `folds`, each for sites it has not learnt from. For
    models that are fitted in one go: TrainingError for others, which need sites to choose the epoch by.
    """
    if not spec_of(options.model).baseline:
        raise TrainingError("this model needs sites held back to choose its epoch by", got=options.model)
    validated = cross_validated(dataset, folds)
    options = replace(options, decoder=options.decoder or best_decoder(validated))
    run = train(_all_training(dataset, options.scheme), folder, options, runtime)
    scores = store_split(validated, run.path, dataset, run.card, VALIDATION)
    scores |= run_measures(run, dataset, validated)
    card = replace(
        run.card, folds=tuple(fold.card.scheme for fold in folds),
        splits={**run.card.splits, VALIDATION: len(validated)},
        stored_scores=stored_scores(run.card.scores | {VALIDATION: scores}),
    )  # fmt: skip
    card.write(run.path / CARD)
    return Run.open(run.path)


def cross_validated(dataset: Dataset, folds: Sequence[Run]) -> LabelledPredictions:
    """The validation predictions of all `folds` as one, of sites whose targets are known."""
    parts = [label(dataset, fold.predictions(VALIDATION), fold.card.class_ids) for fold in folds]
    rows = np.concatenate([part.sites for part in parts])
    values = np.concatenate([part.probabilities for part in parts])
    sites = dataset.sites.iloc[rows]
    predictions = Predictions.of(sites, values.astype(probability_type(*values.shape)))
    return LabelledPredictions(rows, dataset.targets.take(rows), predictions, survey_blocks(sites))


def _all_training(dataset: Dataset, scheme: str) -> Dataset:
    """`dataset` whose validation sites train under `scheme`."""
    split = dataset.sites[f"split_{scheme}"].astype(object)
    return replace(dataset, sites=dataset.sites.assign(**{f"split_{scheme}": split.replace(VALIDATION, TRAIN)}))
