"""The same errors seen from further away: species rolled up to genus and family, classes to their main types."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import TargetKind, Targets
from sdm.errors import DataError
from sdm.evaluation.confusion.outcomes import Outcomes, outcomes, sets

CLASS = "class"  # the level of the classes themselves
RANKS = ("family", "genus")  # of species, coarse to fine


@dataclass(frozen=True)
class Level:
    """One level above the classes.

    `column`: its column in the table of classes. `groups`: one row per group, `class_id` 0..G-1 in order of first
    appearance, `name`, and `members`, the number of classes in it. `group`: int64 (S,), each class's group, -1
    where the table gives none: such classes are left out of the roll-up.
    """

    column: str
    groups: pd.DataFrame
    group: np.ndarray


def why_off(classes: pd.DataFrame, column: str) -> str | None:
    """Why there is no roll-up to `column`, in a sentence for the screen; None when there is one."""
    if column not in classes:
        return (
            f"The table of classes has no column “{column}”. Beside a tree of species, species.csv can carry it."
        )
    if (_labels(classes, column) == "").all():
        return f"No class has a {column.replace('_', ' ')} in the table of classes."
    return None


def coarser(targets: Targets) -> tuple[str, ...]:
    """The columns that classes may be rolled up to, fine to coarse."""
    coarse = targets.hierarchy[:-1] if targets.kind is TargetKind.MULTICLASS else RANKS
    return tuple(reversed(coarse))


def level_names(targets: Targets, kind: TargetKind) -> tuple[str, ...]:
    """The levels a run of `kind` can be seen at, fine to coarse, CLASS first."""
    if kind is TargetKind.REGRESSION:
        return (CLASS,)
    return (CLASS, *(column for column in coarser(targets) if why_off(targets.classes, column) is None))


def level_title(targets: Targets, name: str) -> str:
    """A level in the plural."""
    if name == CLASS:
        return "classes" if targets.kind is TargetKind.MULTICLASS else "species"
    return {"genus": "genera", "family": "families"}.get(name, f"{name.replace('_', ' ')}s")


def level(classes: pd.DataFrame, column: str) -> Level:
    """Group the classes by `column`; DataError when `why_off` has a reason."""
    reason = why_off(classes, column)
    if reason is not None:
        known = ", ".join(str(c) for c in classes if c != column and c != "class_id")
        raise DataError(f"no roll-up to {column}", expected=f"one of the columns {known}", remedy=reason)
    labels = _labels(classes, column)
    group, names = pd.factorize(labels.mask(labels == "", None))
    members = np.bincount(group[group >= 0], minlength=len(names))
    groups = pd.DataFrame({"class_id": np.arange(len(names)), "name": np.asarray(names), "members": members})
    return Level(column, groups, group.astype(np.int64))


def roll_up(matrix: csr_matrix, to: Level) -> csr_matrix:
    """csr int8 (N, G): a group is present where any of its classes is, in csr (N, S) of 0/1."""
    if matrix.shape[1] != len(to.group):
        raise DataError("the matrix does not fit the level", expected=len(to.group), got=matrix.shape[1])
    merged = sets(matrix, "matrix") @ membership(to)
    merged.sort_indices()
    return csr_matrix((np.ones(merged.nnz, np.int8), merged.indices, merged.indptr), shape=merged.shape)


def membership(to: Level) -> csr_matrix:
    """csr int32 (S, G): 1 where a class belongs to a group."""
    classed = np.flatnonzero(to.group >= 0)
    ones = np.ones(len(classed), np.int32)
    return csr_matrix((ones, (classed, to.group[classed])), shape=(len(to.group), len(to.groups)))


def outcomes_at(truth: csr_matrix, predicted: csr_matrix, to: Level) -> Outcomes:
    """Outcomes of the groups of `to`: a group is hit when any of its classes is both recorded and predicted there,
    the same one or another."""
    return outcomes(roll_up(truth, to), roll_up(predicted, to))


def _labels(classes: pd.DataFrame, column: str) -> pd.Series:
    """The column as trimmed text, "" where missing."""
    return classes[column].astype("string").fillna("").str.strip()
