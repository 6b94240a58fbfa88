"""What is learnt from: surveys, presence-only records or both, grouped where asked, and the labels taught."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.grouped import GroupedReader, grouped
from sdm.data.record_types import presence_only
from sdm.data.soft_labels import GRADE_OF, OWN, NearbySpecies, nearby_species
from sdm.data.splits import PRESENCE_ONLY
from sdm.data.targets import target_matrix
from sdm.errors import TrainingError, UnknownNameError
from sdm.models.preparation import Batch
from sdm.models.registry import spec_of
from sdm.number_format import counted, percent_of
from sdm.runs import Run
from sdm.runs.training_options import TrainingOptions
from sdm.training.batch_loader import RowLabels
from sdm.training.pseudo_labels import PseudoLabels, pseudo_labels


@dataclass(frozen=True)
class LearningSet:
    """Every row of `dataset` is learnt from; `labels` are what is taught where it is not what was recorded.

    `notes` say what was joined, left out, or had no effect.
    """

    dataset: Dataset
    labels: RowLabels | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaughtLabels:
    """Labels and weights of the rows of a learning set.

    `own` csr (N, S): what was recorded; `nearby`: what else was, near by; `graded`: whether grades are taught.
    `unknown` bool (N,): rows of which what is not recorded says nothing. `pseudo`: what a model says of
    presence-only records.
    """

    own: csr_matrix
    unknown: np.ndarray
    nearby: NearbySpecies | None = None
    graded: bool = False
    pseudo: PseudoLabels | None = None

    def __call__(self, rows: np.ndarray) -> Batch:
        labels = self._labels(rows)
        weight = np.ones_like(labels)
        if self.unknown.any():
            weight[self.unknown[rows]] = labels[self.unknown[rows]] > 0
        if self.pseudo is not None:
            labels, weight = self.pseudo(rows, labels, weight)
        return {"labels": torch.from_numpy(labels), "weight": torch.from_numpy(weight)}

    def _labels(self, rows: np.ndarray) -> np.ndarray:
        if self.nearby is None:
            own: np.ndarray = self.own[rows].toarray().astype(np.float32)
            return own * OWN if self.graded else own
        return self.nearby.grades(rows) if self.graded else self.nearby(rows)


def learnt_kind(options: TrainingOptions, kind: TargetKind) -> TargetKind:
    """As what targets of `kind` are learnt; TrainingError for grades of what is no set."""
    if options.target != "graded":
        return kind
    if kind is not TargetKind.MULTILABEL:
        raise TrainingError("only sets of species have grades", expected="multilabel", got=kind)
    if options.mixup:
        raise TrainingError(
            "there is no mixture of two grades", got=f"mixup {options.mixup:g}", remedy="--mixup 0"
        )
    return TargetKind.GRADED


def learning_rows(
    base: Dataset, train: np.ndarray, options: TrainingOptions
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The rows of `base` to learn from, of which `train` are the surveys, and what was left out.

    A presence-only record without any input of the model is left out, but for a model that knows the place.
    TrainingError where there is no record to learn from.
    """
    if options.records == "presence-absence":
        return train, ()
    try:
        records = base.rows(PRESENCE_ONLY, options.scheme)
    except UnknownNameError:
        raise TrainingError(
            "there is no presence-only record to learn from", where=base.place or base.name,
            remedy="Download the metadata of presence-only records, or train with --records presence-absence.",
        ) from None  # fmt: skip
    records = records[base.targets.known[records]]
    seen = records[_has_input(base, records, options)]
    if not seen.size:
        inputs = ", ".join(spec_of(options.model).inputs_of(options.model_config))
        raise TrainingError(
            "no presence-only record has an input of the model", where=base.place or base.name, expected=inputs,
            remedy="Choose a model that sees what they have, such as the environment: `python -m sdm models`.",
        )  # fmt: skip
    notes = () if len(seen) == len(records) else (_left_out(len(records) - len(seen), len(records)),)
    return (seen if options.records == "presence-only" else np.union1d(train, seen)), notes


def _has_input(base: Dataset, rows: np.ndarray, options: TrainingOptions) -> np.ndarray:
    model = spec_of(options.model)
    inputs = [*model.inputs_of(options.model_config)]
    if not inputs or model.sees_place(options.model_config):
        return np.ones(len(rows), bool)
    return np.any([base.available(name)[rows] for name in inputs], axis=0)


def _left_out(count: int, of: int) -> str:
    return (
        f"{count:,} of {of:,} presence-only records ({percent_of(count, of)}) have no input of the model: left out"
    )


def plain(options: TrainingOptions) -> bool:
    """Whether surveys are learnt as they were recorded, one by one."""
    usual = TrainingOptions("")
    names = ("records", "group", "soft_labels", "target")
    return all(getattr(options, name) == getattr(usual, name) for name in names)


def learning_set(
    dataset: Dataset, rows: np.ndarray, options: TrainingOptions, teacher: Run | None = None
) -> LearningSet:
    """What is learnt from `rows` of `dataset` as `options` say; TrainingError for targets that are not sets.

    `teacher` is the run whose predictions are pseudo-labels of presence-only records.
    """
    if plain(options) and teacher is None:
        return LearningSet(dataset.take(rows))
    if dataset.targets.kind is not TargetKind.MULTILABEL:
        raise TrainingError(
            "presence-only records, groups and near species need sets of species", where=dataset.name,
            got=f"{dataset.targets.kind} targets",
        )  # fmt: skip
    chosen = dataset.take(rows)
    alone = presence_only(chosen)
    if options.group >= 0:
        chosen = grouped(chosen, options.group)
        assert isinstance(chosen.reader, GroupedReader)
        alone = ~chosen.reader.groups.any(~alone)
    decimals = _decimals(options)
    nearby = nearby_species(chosen, decimals) if decimals else None
    if teacher is not None and not alone.any():
        raise TrainingError(
            "pseudo-labels are for presence-only records", got=f"records {options.records}",
            remedy="Train with --records both.",
        )  # fmt: skip
    pseudo = None if teacher is None else pseudo_labels(teacher, chosen, np.flatnonzero(alone))
    unknown = alone & (options.background == "none") & (pseudo is None)
    labels = TaughtLabels(target_matrix(chosen.targets), unknown, nearby, options.target == "graded", pseudo)
    notes = [*_notes(chosen, alone, nearby, options), *([] if pseudo is None else [pseudo.note()])]
    return LearningSet(chosen, labels, tuple(notes))


def _decimals(options: TrainingOptions) -> tuple[int, ...]:
    """Decimals within which species of others count; TrainingError for what are no digits."""
    if options.target == "graded":
        return tuple(GRADE_OF)
    if not options.soft_labels.isdecimal() and options.soft_labels:
        raise TrainingError(
            "soft_labels are no decimals", expected="digits such as 43210", got=options.soft_labels
        )
    return tuple(map(int, options.soft_labels))


def _notes(
    chosen: Dataset, alone: np.ndarray, nearby: NearbySpecies | None, options: TrainingOptions
) -> Iterator[str]:
    if isinstance(chosen.reader, GroupedReader):
        sizes = chosen.reader.groups.sizes
        single = int((sizes == 1).sum())
        yield (
            f"{int(sizes.sum()):,} surveys in {counted(len(sizes), 'group')} of positions to "
            f"{counted(options.group, 'decimal')}; {single:,} of them with one member"
        )
    for decimals, count in (nearby.overlaps() if nearby else {}).items():
        of = f"{count:,} of {len(chosen):,} surveys"
        yield f"{of} share their position to {counted(decimals, 'decimal')} with another"
    if options.target == "graded" and not alone.any():
        yield "no presence-only record: the grades between absent and own come from other surveys alone"


def selection_labels(dataset: Dataset, options: TrainingOptions) -> RowLabels | None:
    """The labels of surveys that choose the epoch: what was recorded, as a grade where grades are learnt."""
    if options.target != "graded":
        return None
    return TaughtLabels(target_matrix(dataset.targets), np.zeros(len(dataset), bool), graded=True)
