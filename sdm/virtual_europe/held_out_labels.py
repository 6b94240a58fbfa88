"""Labels of simulated test surveys, for evaluation and the screen; training never reads them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.modalities.layouts import PA_TEST
from sdm.virtual_europe.truth import Truth, open_truth, truth_folder


def has_truth(dataset: Dataset) -> bool:
    """Whether the test labels of `dataset` lie beside its tree."""
    return dataset.simulated and dataset.place is not None and truth_folder(dataset.place.resolve()).is_dir()


def with_test_labels(dataset: Dataset) -> Dataset:
    """`dataset` with the labels of its simulated test surveys, unchanged where there is no truth.

    Classes and fingerprint stay: species that occur in no table of the tree are no columns of any model.
    """
    if not has_truth(dataset) or dataset.place is None:
        return dataset
    truth = open_truth(dataset.place)
    rows, of_truth = truth_rows(dataset, truth)
    values = csr_matrix(dataset.targets.values)
    labels = _columns(truth, dataset.targets.class_ids)[of_truth]
    # Test surveys have no labels yet, so adding puts the true ones in their place.
    placed = csr_matrix((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(len(dataset), len(rows)))
    known = dataset.targets.known.copy()
    known[rows] = True
    combined = (values + (placed @ labels).astype(values.dtype)).tocsr()
    return replace(dataset, targets=replace(dataset.targets, values=combined, known=known))


def truth_rows(dataset: Dataset, truth: Truth, source: str = PA_TEST) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `dataset` that are surveys of `source` and have a truth, and where each stands in `truth`."""
    rows = np.flatnonzero((dataset.sites["source"] == source).to_numpy())
    of_truth = pd.Index(truth.survey_id).get_indexer(pd.Index(dataset.sites["survey_id"].to_numpy()[rows]))
    return rows[of_truth >= 0], of_truth[of_truth >= 0]


def _columns(truth: Truth, class_ids: np.ndarray) -> csr_matrix:
    """The true labels over the data set's own columns."""
    column = pd.Index(class_ids).get_indexer(pd.Index(truth.species_id))
    shared = np.flatnonzero(column >= 0)
    move = csr_matrix(
        (np.ones(len(shared), np.uint8), (shared, column[shared])), shape=(len(column), len(class_ids))
    )
    return (truth.labels @ move).tocsr()
