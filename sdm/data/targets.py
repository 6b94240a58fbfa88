"""Targets as one sparse matrix, whatever their kind, and the number of classes recorded per site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, issparse

from sdm.data.dataset import Dataset, TargetKind, Targets


def target_matrix(targets: Targets) -> csr_matrix:
    """csr float32 (N, width): 0/1 per species, one 1 per site for classes, the value itself for regression.

    Rows of unknown targets are empty.
    """
    if targets.kind is TargetKind.MULTILABEL:
        matrix = csr_matrix(targets.values, dtype=np.float32)
        return matrix if targets.known.all() else _without(matrix, targets.known)
    rows = np.flatnonzero(targets.known)
    values = targets.values[rows]
    if targets.kind is TargetKind.MULTICLASS:
        columns, data = values.astype(np.int64), np.ones(len(rows), np.float32)
    else:
        columns, data = np.zeros(len(rows), np.int64), values.astype(np.float32)
    return csr_matrix((data, (rows, columns)), shape=(len(targets.known), targets.width))


def with_more_classes(targets: Targets, class_ids: Sequence[int]) -> Targets:
    """`targets` with a column per id of `class_ids`, which begin with its own.

    The others are named by their id and recorded nowhere.
    """
    more = np.asarray(class_ids[len(targets.classes) :], np.int64)
    if not more.size:
        return targets
    rows = pd.DataFrame({"class_id": more, "name": more.astype(str)})
    classes = pd.concat([targets.classes, rows], ignore_index=True) if len(targets.classes) else rows
    if not issparse(targets.values):
        return replace(targets, classes=classes)
    matrix = csr_matrix(targets.values)
    wider = csr_matrix((matrix.data, matrix.indices, matrix.indptr), (matrix.shape[0], len(classes)))
    return replace(targets, classes=classes, values=wider)


def richness(dataset: Dataset) -> np.ndarray:
    """float (N,): classes recorded per site; NaN where the target is unknown or is no set."""
    values = dataset.targets.values
    if not issparse(values):
        return np.full(len(dataset), np.nan)
    return np.where(dataset.targets.known, np.diff(csr_matrix(values).indptr), np.nan)


def _without(matrix: csr_matrix, known: np.ndarray) -> csr_matrix:
    """`matrix` with the rows that are not known emptied."""
    keep = np.repeat(known, np.diff(matrix.indptr))
    lengths = np.where(known, np.diff(matrix.indptr), 0)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return csr_matrix((matrix.data[keep], matrix.indices[keep], indptr), shape=matrix.shape)
