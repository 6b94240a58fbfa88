"""Whether a run answers what a data set asks."""

from __future__ import annotations

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.views import LEVEL, seen_through, view_of
from sdm.errors import RunError
from sdm.models.registry import REGISTRY
from sdm.runs.card import ModelCard
from sdm.runs.configuration import DataSource
from sdm.runs.folder import Run

NAMED = 5  # classes in a sentence


def mismatch(run: Run, dataset: Dataset) -> str | None:
    """None when the run predicts the targets of `dataset` from its inputs; else a sentence that says why not."""
    card = run.card
    kind = view_of(card.view).source if card.view else card.kind
    if dataset.targets.kind is not kind:
        return f"{run.name} predicts {kind} targets, {dataset.name} has {dataset.targets.kind} ones."
    level = card.view.removeprefix(LEVEL)
    if level != card.view and level not in dataset.targets.hierarchy:
        return f"{run.name} predicts classes of the level {level}, which {dataset.name} does not have."
    dataset = seen_through(dataset, card.view)
    lacking = [name for name in card.inputs if name not in dataset.modalities]
    survives = card.model in REGISTRY and REGISTRY[card.model].survives_missing(card.model_config)
    if lacking and not (survives and len(lacking) < len(card.inputs)):
        return f"{run.name} needs {', '.join(lacking)}, which {dataset.name} does not have."
    if card.unit != dataset.targets.unit:
        return f"{run.name} predicts {card.unit!r}, {dataset.name} has {dataset.targets.unit!r}."
    return _class_mismatch(run.name, card, dataset)


def _class_mismatch(name: str, card: ModelCard, dataset: Dataset) -> str | None:
    ours, theirs = np.asarray(card.class_ids, np.int64), dataset.targets.class_ids
    if np.array_equal(ours, theirs):
        return _name_mismatch(name, card, dataset)
    if card.imported is not None and np.array_equal(ours[: len(theirs)], theirs):
        return None  # a file may name species that a part of the tables does not
    shared = len(np.intersect1d(ours, theirs))
    return (
        f"{name} was trained on {card.data.title} with {len(ours)} classes; {dataset.name} has {len(theirs)}, "
        f"of which {shared} are the same."
    )


def _name_mismatch(name: str, card: ModelCard, dataset: Dataset) -> str | None:
    """Single classes are numbered within their data set: equal numbers may stand for others."""
    theirs = dataset.targets.classes["name"].astype(str).tolist()
    if card.kind is not TargetKind.MULTICLASS or card.view or list(card.class_names) == theirs:
        return None
    return (
        f"{name} predicts {', '.join(card.class_names[:NAMED])}; the classes of {dataset.name} are called "
        f"{', '.join(theirs[:NAMED])}."
    )


def unknown_classes(run: Run, dataset: Dataset) -> int:
    """How many classes `run` predicts that `dataset` does not know: those of an imported file, after the known."""
    return max(len(run.card.class_ids) - len(dataset.targets.class_ids), 0)


def require_same_data(run: Run, dataset: Dataset) -> None:
    """RunError unless `run` was trained on `dataset`, as far as ids, labels and samples of its inputs tell.

    Whoever writes into a run asks this: its scores, decoder and predictions are those of its own data.
    """
    inputs = [name for name in run.card.data.arrays if name in dataset.modalities]
    source = DataSource.of(dataset, inputs)
    if differences := run.card.data.differences(source):
        other = run.card.data.fingerprint != source.fingerprint
        raise RunError(
            f"trained on other data: {' and '.join(differences)} differ", where=run.path,
            expected=_called(run.card.data) if other else None, got=_called(source) if other else None,
            remedy="Name the data it was trained on, or train a new run on these.",
        )  # fmt: skip


def _called(source: DataSource) -> str:
    return f"{source.title} ({source.fingerprint[:8]})"


def require_match(run: Run, dataset: Dataset) -> None:
    """RunError for a `mismatch`."""
    reason = mismatch(run, dataset)
    if reason is not None:
        remedy = f"Train a model on {dataset.name}." if dataset.trainable else f"Open {run.config.data.name}."
        raise RunError(reason, where=run.path, remedy=remedy)
