"""Stored predictions beside what was recorded."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from benchmarks.simulated import simulated_sets
from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.evaluation.comparison import compare_classes, compare_sets, compare_values, known_surveys
from sdm.evaluation.decoding import parse_decoder
from sdm.runs import Predictions
from sdm.runs.predictions import TOP, Tops, pack
from tests.datasets import multiclass, multilabel, regression


def stored(dataset: Dataset, rows: list[int], probabilities: np.ndarray) -> Predictions:
    sites = dataset.sites.iloc[rows]
    kind = dataset.targets.kind == "regression"
    ids = sites["survey_id"].to_numpy(np.int64)
    return pack(sites["source"].to_numpy(), ids, probabilities, None, None, regression=kind)


def test_surveys_meet_by_source_and_id_where_targets_are_known() -> None:
    data = multilabel()
    twice = replace(data, sites=data.sites.assign(survey_id=[*range(100, 115), 100, 101, 102, 103, 999]))
    predictions = stored(twice, [12, 11, 15, 1], np.zeros((4, 7)))
    strangers = replace(predictions, survey_id=predictions.survey_id + np.array([0, 0, 0, 5000]))
    rows, at = known_surveys(twice, strangers)
    assert rows.tolist() == [12, 15]  # 11 is unknown, the last is no survey of this data
    assert at.tolist() == [0, 2]


def test_sets_are_what_the_decoder_takes() -> None:
    data = multilabel()
    probability = np.zeros((2, 7), np.float32)
    probability[0, [1, 4]], probability[1, 2] = 0.8, 0.3
    found = compare_sets(data, stored(data, [5, 19], probability), parse_decoder("threshold:0.5"))
    assert found.rows.tolist() == [5, 19]
    assert found.predicted.toarray().tolist() == [[0, 1, 0, 0, 1, 0, 0], [0, 0, 1, 0, 0, 0, 0]]
    assert (found.truth != csr_matrix(data.targets.values)[[5, 19]]).nnz == 0


@pytest.mark.parametrize("decoder", ["top-k:25", "threshold:0.2", "expected-f1"])
def test_tops_give_the_sets_of_the_full_matrix(decoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    probability = (random.random((20, 600)) ** 12).astype(np.float16).astype(np.float32)
    data = multilabel()
    wide = pd.DataFrame({"class_id": np.arange(600), "name": [f"s{i}" for i in range(600)]})
    data = replace(data, targets=replace(data.targets, classes=wide, values=csr_matrix((20, 600), dtype=np.uint8)))
    full = stored(data, list(range(20)), probability)
    monkeypatch.setattr("sdm.runs.predictions.MOST_DENSE", 100)
    tops = stored(data, list(range(20)), probability)
    assert tops.dense is None
    one, other = (compare_sets(data, p, parse_decoder(decoder)).predicted for p in (full, tops))
    assert (one != other).nnz == 0
    np.testing.assert_array_equal(compare_classes(data, full).predicted, compare_classes(data, tops).predicted)


def test_single_classes_and_values() -> None:
    data = multiclass()
    probability = np.eye(4, dtype=np.float32)[[3, 1, 1]]
    found = compare_classes(data, stored(data, [0, 1, 2], probability))
    assert found.truth.tolist() == [0, 1, 2]
    assert found.predicted.tolist() == [3, 1, 1]
    numbers = regression()
    values = compare_values(numbers, stored(numbers, [4, 11, 5], np.array([[2.5], [1], [7]])))
    assert values.rows.tolist() == [4, 5]
    assert values.predicted.tolist() == [2.5, 7]
    assert values.truth.tolist() == np.asarray(numbers.targets.values)[[4, 5]].tolist()


def test_in_a_single_label_view_each_species_is_an_item() -> None:
    data = multilabel()
    found = compare_classes(data, stored(data, [7, 4, 18], np.eye(7, dtype=np.float32)[[0, 1, 2]]))
    sets = csr_matrix(data.targets.values)
    assert found.rows.tolist() == [4] * sets[4].nnz + [18] * sets[18].nnz  # survey 7 has no species
    assert set(found.predicted[found.rows == 4].tolist()) == {1}
    assert found.truth[found.rows == 18].tolist() == sets[18].indices.tolist()


def test_predictions_of_other_classes_are_refused() -> None:
    with pytest.raises(DataError, match="other classes"):
        compare_sets(multilabel(), stored(multilabel(), [1], np.zeros((1, 6))), parse_decoder("top-k:2"))


def test_nothing_in_common_is_empty() -> None:
    data = multiclass()
    strangers = replace(stored(data, [0, 1], np.zeros((2, 4))), survey_id=np.array([7, 8]))
    assert len(compare_classes(data, strangers).rows) == 0
    assert (
        compare_sets(multilabel(), stored(multilabel(), [], np.zeros((0, 7))), parse_decoder("top-k:1")).rows.size
        == 0
    )


def competition() -> tuple[Dataset, Predictions]:
    """20,000 surveys and 11,255 species (simulated), the tops alone."""
    truth, given = simulated_sets()
    count, species = truth.shape
    random = np.random.default_rng(1)
    index = random.integers(0, species, (count, TOP), dtype=np.int32)
    row = np.repeat(np.arange(count), np.diff(given.indptr))
    index[row, np.arange(given.nnz) - given.indptr[row]] = given.indices
    index = np.sort(index, axis=1)
    probability = np.sort(random.random((count, TOP)).astype(np.float16) ** 9, axis=1)[:, ::-1]
    tops = Tops(index, probability, np.full(count, 0.5, np.float32), csr_matrix(truth.shape, dtype=np.float32))
    base = multilabel()
    sites = base.sites.iloc[np.zeros(count, int)].reset_index(drop=True).assign(survey_id=np.arange(count))
    classes = pd.DataFrame({"class_id": np.arange(species), "name": [f"s{i}" for i in range(species)]})
    targets = replace(base.targets, classes=classes, values=truth, known=np.ones(count, bool))
    source = sites["source"].to_numpy(str)
    return replace(base, sites=sites, targets=targets), Predictions(
        source, np.arange(count), species, None, tops, None
    )


@pytest.mark.parametrize("decoder", ["top-k:25", "threshold:0.2", "expected-f1"])
def test_competition_size_within_a_second_of_processor_time_and_a_gigabyte(decoder: str) -> None:
    data, predictions = competition()
    start = time.process_time()
    compare_sets(data, predictions, parse_decoder(decoder))
    assert time.process_time() - start < 1
    tracemalloc.start()
    try:
        compare_sets(data, predictions, parse_decoder(decoder))
        assert tracemalloc.get_traced_memory()[1] < 1e9
    finally:
        tracemalloc.stop()
