"""Views: a data set as one of another kind of target, or with the classes of a coarser level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.errors import DataError, UnknownNameError

LEVEL, SINGLE_LABEL = "level:", "single-label"


@dataclass(frozen=True)
class View:
    """A way to see a data set of kind `source` as one of kind `kind`."""

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


def at_level(dataset: Dataset, level: str) -> Dataset:
    """The data set whose classes are those of `level`, a column of its hierarchy; DataError for any other.

    A class of the level has the lowest `class_id` of its members. Sites and splits stay.
    """
    targets = dataset.targets
    if level not in targets.hierarchy:
        expected = ", ".join(targets.hierarchy) or "classes with a hierarchy"
        raise DataError("no such level of classes", where=dataset.name, expected=expected, got=level)
    if level == targets.hierarchy[-1]:
        return dataset
    hierarchy = targets.hierarchy[: targets.hierarchy.index(level) + 1]
    ordered = targets.classes.sort_values("class_id", kind="stable")
    coarse = ordered.drop_duplicates(level)[["class_id", *hierarchy]].reset_index(drop=True)
    coarse.insert(1, "name", coarse[level].astype(str))
    column = pd.Index(coarse[level]).get_indexer(targets.classes[level])
    values = column[targets.values].astype(np.int64)
    return replace(dataset, targets=replace(targets, classes=coarse, values=values, hierarchy=hierarchy))


def seen_through(dataset: Dataset, view: str) -> Dataset:
    """What a model of `view` is compared with, site by site: the data set, at the level that the view names."""
    return at_level(dataset, view.removeprefix(LEVEL)) if view.startswith(LEVEL) else dataset


TITLES = {SINGLE_LABEL: "one species per row"}
VIEWS = {SINGLE_LABEL: View(TargetKind.MULTILABEL, TargetKind.MULTICLASS, single_label)}


def view_title(name: str) -> str:
    """What is predicted in the view `name`.

    >>> view_title("level:main_type"), view_title("single-label")
    ('one main type', 'one species per row')
    """
    return (
        f"one {name.removeprefix(LEVEL).replace('_', ' ')}" if name.startswith(LEVEL) else TITLES.get(name, name)
    )


def view_of(name: str) -> View:
    """The view `name`; UnknownNameError lists the known ones."""
    if name.startswith(LEVEL):
        return View(TargetKind.MULTICLASS, TargetKind.MULTICLASS, partial(seen_through, view=name))
    if name not in VIEWS:
        expected = ", ".join([*VIEWS, f"{LEVEL}COLUMN"])
        raise UnknownNameError("unknown view", expected=expected, got=name)
    return VIEWS[name]
