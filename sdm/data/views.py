"""Views: a data set as one of another kind of target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.errors import DataError, UnknownNameError


@dataclass(frozen=True)
class View:
    """A way to see a data set of kind `source` as one of kind `kind`, with the same classes."""

    source: TargetKind
    kind: TargetKind
    apply: Callable[[Dataset], Dataset]


def single_label(dataset: Dataset) -> Dataset:
    """One row per (survey, species) instead of one per survey, the species being the class to predict.

    Surveys without species, or whose species are unknown, have no row; splits stay with their surveys.
    """
    rows, species = single_label_pairs(dataset.targets)
    view = dataset.take(rows)
    targets = Targets(TargetKind.MULTICLASS, dataset.targets.classes, species, np.ones(len(rows), bool))
    return replace(view, title=f"{dataset.title}, one row per survey and species", targets=targets)


def single_label_pairs(targets: Targets) -> tuple[np.ndarray, np.ndarray]:
    """int64 (P,) each: site and species index of every presence at the known sites, in the order of sites."""
    if targets.kind is not TargetKind.MULTILABEL:
        raise DataError("a single-label view needs sets of species", expected="multilabel", got=targets.kind)
    matrix = csr_matrix(targets.values)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    present = targets.known[rows] & (matrix.data != 0)
    return rows[present].astype(np.int64), matrix.indices[present].astype(np.int64)


VIEWS = {"single-label": View(TargetKind.MULTILABEL, TargetKind.MULTICLASS, single_label)}


def view_of(name: str) -> View:
    """The view `name`; UnknownNameError lists the known ones."""
    if name not in VIEWS:
        raise UnknownNameError("unknown view", expected=", ".join(VIEWS), got=name)
    return VIEWS[name]
