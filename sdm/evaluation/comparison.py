"""What a run said beside what was recorded, at the surveys that both its predictions and a data set know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.data.views import single_label_pairs
from sdm.errors import DataError
from sdm.evaluation.decoding import Decoder
from sdm.runs.predictions import BLOCK, Predictions


@dataclass(frozen=True)
class Comparison:
    """N items with what was recorded and what was predicted.

    `rows` int64 (N,): the site of each item in the data set. Of sets of species, `truth` and `predicted` are
    csr (N, S) of 0/1; of single classes int64 (N,); of values float (N,). In a single-label view each recorded
    species is an item, so that a site occurs as often as it has species.
    """

    rows: np.ndarray
    truth: csr_matrix | np.ndarray
    predicted: csr_matrix | np.ndarray


def known_surveys(dataset: Dataset, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """int64 (n,) each: site in `dataset` and row in `predictions` of every survey of both whose targets are known,
    in the order of the predictions."""
    sites = dataset.sites
    candidates = np.flatnonzero(
        np.isin(sites["survey_id"].to_numpy(), predictions.survey_id) & dataset.targets.known
    )
    ours = _keys(sites["source"].to_numpy()[candidates], sites["survey_id"].to_numpy()[candidates])
    ours = ours.assign(site=candidates).drop_duplicates(["source", "survey_id"])
    theirs = _keys(predictions.source, predictions.survey_id).assign(stored=np.arange(len(predictions)))
    both = theirs.merge(ours, on=["source", "survey_id"])
    return both["site"].to_numpy(np.int64), both["stored"].to_numpy(np.int64)


def compare_sets(dataset: Dataset, predictions: Predictions, decoder: Decoder) -> Comparison:
    """Sets of species: those recorded, and those `decoder` takes.

    Where only the tops of the probabilities were kept, no set is larger than they are.
    """
    _require_width(dataset, predictions)
    rows, stored = known_surveys(dataset, predictions)
    truth = csr_matrix(dataset.targets.values[rows])
    return Comparison(rows, truth, _decoded(predictions, stored, decoder).astype(np.int8))


def compare_classes(dataset: Dataset, predictions: Predictions) -> Comparison:
    """Single classes: the one recorded, and the most probable one; of sets of species each is an item."""
    _require_width(dataset, predictions)
    rows, stored = known_surveys(dataset, predictions)
    best = _most_probable(predictions, stored)
    targets = dataset.targets.take(rows)
    if not isinstance(targets.values, np.ndarray):
        item, truth = single_label_pairs(targets)
        return Comparison(rows[item], truth, best[item])
    return Comparison(rows, targets.values.astype(np.int64), best)


def compare_values(dataset: Dataset, predictions: Predictions) -> Comparison:
    """Values in the unit of the targets: the one recorded, and the predicted one."""
    _require_width(dataset, predictions)
    rows, stored = known_surveys(dataset, predictions)
    return Comparison(rows, np.asarray(dataset.targets.values)[rows], predictions.rows(stored)[:, 0])


def _require_width(dataset: Dataset, predictions: Predictions) -> None:
    if predictions.width != dataset.targets.width:
        raise DataError(
            "the predictions are of other classes", where=dataset.name, expected=dataset.targets.width,
            got=predictions.width, remedy=f"Train a model on {dataset.name}.",
        )  # fmt: skip


def _keys(source: np.ndarray, survey_id: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"source": np.asarray(source, object).astype(str), "survey_id": survey_id})


def _decoded(predictions: Predictions, stored: np.ndarray, decoder: Decoder) -> csr_matrix:
    """csr bool (n, S): the sets of the rows `stored`, without ever making them dense."""
    if predictions.dense is not None:
        return decoder.decode(predictions.dense[stored])
    assert predictions.tops is not None
    tops = predictions.tops
    index = tops.index[stored]
    sets = decoder.decode(tops.probability[stored], tops.tail[stored], index)
    row = np.repeat(np.arange(len(stored)), np.diff(sets.indptr))
    shape = (len(stored), predictions.width)
    found = csr_matrix((sets.data, index[row, sets.indices], sets.indptr), shape=shape)
    found.sort_indices()
    return found


def _most_probable(predictions: Predictions, stored: np.ndarray) -> np.ndarray:
    """int64 (n,): the most probable class of each of the rows `stored`."""
    if predictions.dense is not None:
        parts = np.array_split(stored, max(1, -(-len(stored) // BLOCK)))
        return np.concatenate([predictions.dense[part].argmax(axis=1) for part in parts]).astype(np.int64)
    assert predictions.tops is not None
    best = predictions.tops.probability[stored].argmax(axis=1)
    return predictions.tops.index[stored, best].astype(np.int64)
