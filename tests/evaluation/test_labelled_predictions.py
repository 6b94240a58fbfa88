"""Predictions joined with recorded targets: stored in full or in part, the views agree."""

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
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.runs import Predictions
from sdm.runs import predictions as storage
from sdm.runs.predictions import pack
from sdm.runs.top_classes import TOP, TopClasses
from tests.datasets import SPECIES, multiclass, multilabel, regression


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
    found = label(twice, strangers)
    assert found.sites.tolist() == [12, 15]  # 11 is unknown, the last is no survey of this data
    assert found.predictions.survey_id.tolist() == strangers.survey_id[[0, 2]].tolist()
    assert found.known.all()


def test_sets_are_what_the_decoder_takes() -> None:
    data = multilabel()
    probability = np.zeros((2, 7), np.float32)
    probability[0, [1, 4]], probability[1, 2] = 0.8, 0.3
    found = label(data, stored(data, [5, 19], probability))
    assert found.sites.tolist() == [5, 19]
    assert found.sets(parse_decoder("threshold:0.5")).astype(int).toarray().tolist() == [
        [0, 1, 0, 0, 1, 0, 0],
        [0, 0, 1, 0, 0, 0, 0],
    ]
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
    assert tops.truncated
    one, other = (label(data, p).sets(parse_decoder(decoder)).astype(np.int8) for p in (full, tops))
    assert (one != other).nnz == 0
    np.testing.assert_array_equal(full.most_probable(), tops.most_probable())


def test_single_classes_and_values() -> None:
    data = multiclass()
    probability = np.eye(4, dtype=np.float32)[[3, 1, 1]]
    _, recorded, predicted = label(data, stored(data, [0, 1, 2], probability)).class_pairs()
    assert recorded.tolist() == [0, 1, 2]
    assert predicted.tolist() == [3, 1, 1]
    numbers = regression()
    found = label(numbers, stored(numbers, [4, 11, 5], np.array([[2.5], [1], [7]])))
    assert found.sites.tolist() == [4, 5]
    assert found.probabilities[:, 0].tolist() == [2.5, 7]
    assert np.asarray(found.targets.values).tolist() == np.asarray(numbers.targets.values)[[4, 5]].tolist()


def test_in_a_single_label_view_each_species_is_an_item() -> None:
    data = multilabel()
    found = label(data, stored(data, [7, 4, 18], np.eye(7, dtype=np.float32)[[0, 1, 2]]))
    row, recorded, predicted = found.class_pairs()
    rows, sets = found.sites[row], csr_matrix(data.targets.values)
    assert rows.tolist() == [4] * sets[4].nnz + [18] * sets[18].nnz  # survey 7 has no species
    assert set(predicted[rows == 4].tolist()) == {1}
    assert recorded[rows == 18].tolist() == sets[18].indices.tolist()


def test_predictions_of_other_classes_are_refused() -> None:
    with pytest.raises(DataError, match="other classes"):
        label(multilabel(), stored(multilabel(), [1], np.zeros((1, 6))))


def test_nothing_in_common_is_empty() -> None:
    data = multiclass()
    strangers = replace(stored(data, [0, 1], np.zeros((2, 4))), survey_id=np.array([7, 8]))
    assert [len(each) for each in label(data, strangers).class_pairs()] == [0, 0, 0]
    nothing = label(multilabel(), stored(multilabel(), [], np.zeros((0, 7))))
    assert nothing.sets(parse_decoder("top-k:1")).shape == (0, 7)


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
    tops = TopClasses(
        index, probability, np.full(count, 0.5, np.float32), csr_matrix(truth.shape, dtype=np.float32)
    )
    base = multilabel()
    sites = base.sites.iloc[np.zeros(count, int)].reset_index(drop=True).assign(survey_id=np.arange(count))
    classes = pd.DataFrame({"class_id": np.arange(species), "name": [f"s{i}" for i in range(species)]})
    targets = replace(base.targets, classes=classes, values=truth, known=np.ones(count, bool))
    source = sites["source"].to_numpy(str)
    return replace(base, sites=sites, targets=targets), Predictions(
        source, np.arange(count), species, None, tops, None, truncated=True
    )


@pytest.mark.parametrize("decoder", ["top-k:25", "threshold:0.2", "expected-f1"])
def test_competition_size_within_a_second_of_processor_time_and_a_gigabyte(decoder: str) -> None:
    data, predictions = competition()
    start = time.process_time()
    label(data, predictions).sets(parse_decoder(decoder))
    assert time.process_time() - start < 1
    tracemalloc.start()
    try:
        label(data, predictions).sets(parse_decoder(decoder))
        assert tracemalloc.get_traced_memory()[1] < 1e9
    finally:
        tracemalloc.stop()


VALIDATION = np.array([12, 13, 14])
PROBABILITY = np.random.default_rng(0).random((3, SPECIES)).astype(np.float16).astype(np.float32)


def validated(rows: np.ndarray = VALIDATION) -> LabelledPredictions:
    data = multilabel()
    sites, truth = data.sites.iloc[rows], csr_matrix(data.targets.values[rows])
    ids = sites["survey_id"].to_numpy(np.int64)
    return label(data, pack(sites["source"].to_numpy(), ids, PROBABILITY[: len(rows)], truth, None))


@pytest.fixture
def whole() -> LabelledPredictions:
    return validated()


@pytest.fixture
def truncated(monkeypatch: pytest.MonkeyPatch) -> LabelledPredictions:
    """The same, but only the two most probable species are stored."""
    monkeypatch.setattr(storage, "MOST_DENSE", 0)
    monkeypatch.setattr(storage, "TOP", 2)
    return validated()


def test_recorded_species_have_their_probability_whatever_is_stored(
    whole: LabelledPredictions, truncated: LabelledPredictions
) -> None:
    entries, places = truncated.entries, truncated.recorded_entries
    assert entries.species is not None
    row, place = places.nonzero()
    column = entries.species[row, place]
    assert sorted(zip(row, column, strict=True)) == sorted(zip(*whole.truth.nonzero(), strict=True))
    np.testing.assert_array_equal(entries.probability[row, place], whole.probabilities[row, column])
    total = entries.probability.sum(axis=1) + entries.elsewhere
    np.testing.assert_allclose(total, PROBABILITY.sum(axis=1), rtol=1e-3)
    assert (entries.by_class(places, SPECIES) != whole.truth).nnz == 0


def test_no_class_without_a_place_is_more_probable_than_told(
    whole: LabelledPredictions, truncated: LabelledPredictions
) -> None:
    assert whole.entries.largest_elsewhere is None
    largest = truncated.entries.largest_elsewhere
    assert largest is not None
    nowhere = np.argsort(np.argsort(-PROBABILITY, axis=1), axis=1) >= 2
    nowhere &= whole.truth.toarray() == 0
    assert (largest >= np.where(nowhere, PROBABILITY, 0).max(axis=1) - 1e-6).all()
    assert (largest <= np.sort(PROBABILITY, axis=1)[:, -2]).all()


def test_a_sample_is_even_and_by_site() -> None:
    found = validated(np.array([14, 12, 13]))
    assert found.sites.tolist() == [14, 12, 13]
    everything = found.sample(10**6)
    assert everything.sites.tolist() == [12, 13, 14]
    np.testing.assert_array_equal(everything.probabilities, PROBABILITY[[1, 2, 0]])
    assert everything.probabilities.dtype == np.float32
    some = found.sample(2 * SPECIES + 1)
    assert some.sites.tolist() == [12, 14]
    np.testing.assert_array_equal(some.truth.toarray(), everything.truth.toarray()[[0, 2]])
    assert len(found.sample(1)) == 1


def test_a_sample_of_the_most_probable_has_a_column_per_class(
    whole: LabelledPredictions, truncated: LabelledPredictions
) -> None:
    full, part = whole.sample(10**6), truncated.sample(10**6)
    assert part.entries.species is None
    np.testing.assert_array_equal(part.truth.toarray(), full.truth.toarray())
    placed = np.argsort(np.argsort(-PROBABILITY, axis=1), axis=1) < 2
    placed |= full.truth.toarray() != 0
    np.testing.assert_array_equal(part.probabilities[placed], PROBABILITY[placed])
    for row, there in zip(part.probabilities, placed, strict=True):
        assert len(set(row[~there].tolist())) <= 1
