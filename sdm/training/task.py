"""The task of a training: surveys to train and to validate on, and the statistics of the former."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.input_coverage import InputCoverage, count_inputs
from sdm.data.splits import SELECTION, TRAIN, VALIDATION, is_test
from sdm.data.views import seen_through, view_of
from sdm.errors import TrainingError
from sdm.models.preparation import fit_statistics
from sdm.models.registry import spec_of
from sdm.models.specification import ModelSpec
from sdm.models.statistics import Statistics
from sdm.runs import Run
from sdm.runs.training_options import TrainingOptions
from sdm.training.batch_loader import RowLabels
from sdm.training.learning_set import (
    LearningSet,
    learning_rows,
    learning_set,
    learnt_kind,
    plain,
    selection_labels,
)


@dataclass(frozen=True)
class Task:
    """`base` is the data set as given, at the level of the view, `dataset` the view that is trained on.

    `train` and `selection` are rows of `dataset` whose targets are known: surveys to learn from, and surveys
    that choose the epoch, nothing else. `seen` are the training rows of `base`. `coverage` counts who has the
    inputs. `learning` is what is learnt from, with what labels: the rows `train` unless they were joined.
    """

    base: Dataset
    dataset: Dataset
    model: ModelSpec
    train: np.ndarray
    selection: np.ndarray
    seen: np.ndarray
    statistics: Statistics
    coverage: tuple[InputCoverage, ...]
    learning: LearningSet
    learnt_kind: TargetKind
    selection_labels: RowLabels | None = None
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> TargetKind:
        """What is predicted."""
        return self.dataset.targets.kind

    @property
    def width(self) -> int:
        """Columns of the model's output."""
        return self.dataset.targets.width


def make_task(base: Dataset, options: TrainingOptions, teacher: Run | None = None) -> Task:
    """The task `options` sets on `base`; TrainingError when a split or a modality is lacking.

    `teacher` is the run whose predictions are learnt as pseudo-labels.
    """
    model = spec_of(options.model)
    inputs = model.inputs_of(options.model_config)
    lacking = [name for name in inputs if name not in base.modalities]
    if lacking:
        raise TrainingError(
            f"{model.name} needs {', '.join(lacking)}", where=base.name, got=", ".join(base.modalities) or "none"
        )
    base = seen_through(base, options.view)
    dataset = view_of(options.view).apply(base) if options.view else base
    rows, notes = learning_rows(base, known_rows(base, TRAIN, options.scheme), options)
    seen = _subset(rows, options)
    selection = selecting_rows(dataset, options)
    if options.view and (teacher is not None or not plain(options)):
        raise TrainingError("records cannot be joined in a view", got=options.view)
    train = known_rows(dataset, TRAIN, options.scheme) if options.view else seen
    if options.view and options.surveys:
        train = train[_surveys(dataset, train).isin(_surveys(base, seen))]
    coverage = training_coverage(base, options, seen)
    # Statistics of the surveys themselves: a view may repeat them.
    statistics = fit_statistics(base, seen, tuple(inputs))
    learning = learning_set(dataset, train, options, teacher)
    return Task(
        base, dataset, model, train, selection, seen, statistics, coverage, learning,
        learnt_kind(options, dataset.targets.kind), selection_labels(dataset, options), (*notes, *learning.notes),
    )  # fmt: skip


def training_coverage(
    base: Dataset, options: TrainingOptions, seen: np.ndarray | None = None
) -> tuple[InputCoverage, ...]:
    """Count which surveys of each split have the inputs of the model of `options`: train, validation, the tests.

    `seen` are the training rows, by `options` when None. TrainingError where no training survey, or none of those
    that choose the epoch, has an input.
    """
    inputs = spec_of(options.model).inputs_of(options.model_config)
    if seen is None:
        seen = _subset(known_rows(base, TRAIN, options.scheme), options)
    chosen_by = selecting_split(base, options.scheme)
    rows = {TRAIN: seen}
    if (selection := selecting_rows(base, options)).size:
        rows[chosen_by] = selection
    names = [name for name in base.splits(options.scheme) if name == VALIDATION or is_test(name)]
    others = {name: base.rows(name, options.scheme) for name in names if name not in rows}
    every = tuple(count_inputs(base, of_split, inputs, name) for name, of_split in (rows | others).items())
    for coverage in every[: len(rows)]:
        _require_inputs(base, options.model, coverage)
    return every


def _require_inputs(base: Dataset, model: str, coverage: InputCoverage) -> None:
    """TrainingError for an input that no survey has."""
    if coverage.absent:
        names = ", ".join(coverage.absent)
        raise TrainingError(
            f"no survey of {coverage.split} has what {model} sees", where=base.place or base.name,
            expected=f"{names} of at least some of {coverage.surveys:,} surveys", got="none",
            remedy=f"Download {names} of these surveys, or choose another model: `python -m sdm models`.",
        )  # fmt: skip


def selecting_split(dataset: Dataset, scheme: str) -> str:
    """The split that chooses the best epoch: "selection" where the scheme has one of known targets, else
    "validation"."""
    there = SELECTION in dataset.splits(scheme)
    return SELECTION if there and dataset.targets.known[dataset.rows(SELECTION, scheme)].any() else VALIDATION


def selecting_rows(dataset: Dataset, options: TrainingOptions) -> np.ndarray:
    """The surveys that choose the epoch; none for a model without epochs where the scheme holds none back."""
    split = selecting_split(dataset, options.scheme)
    if spec_of(options.model).baseline and split not in dataset.splits(options.scheme):
        return np.zeros(0, np.int64)
    return known_rows(dataset, split, options.scheme)


def _subset(rows: np.ndarray, options: TrainingOptions) -> np.ndarray:
    """`options.surveys` of `rows`, drawn by the seed; all of them where it is 0 or more than there are."""
    if not 0 < options.surveys < len(rows):
        return rows
    return np.sort(np.random.default_rng(options.seed).choice(rows, options.surveys, replace=False))


def _surveys(dataset: Dataset, rows: np.ndarray) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(dataset.sites.iloc[rows][["source", "survey_id"]].astype({"source": str}))


def known_rows(dataset: Dataset, split: str, scheme: str) -> np.ndarray:
    """The rows of `split` whose targets are known; TrainingError or UnknownNameError without any."""
    rows = dataset.rows(split, scheme)
    known = rows[dataset.targets.known[rows]]
    if not known.size:
        raise TrainingError(
            f"no target of split {split!r} is known", where=dataset.name, remedy="Choose another split scheme."
        )
    return known
