"""Competition size: 11,255 species and 20,000 surveys within a second and 1 GB."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from benchmarks.simulated import SPECIES, SURVEYS, simulated_classes, simulated_sets
from sdm.evaluation.confusion.block import block, in_pairs
from sdm.evaluation.confusion.levels import level, outcomes_at
from sdm.evaluation.confusion.outcome_scores import per_species, total_scores
from sdm.evaluation.confusion.outcomes import outcomes
from sdm.evaluation.confusion.pair_null import pair_null
from sdm.evaluation.confusion.pair_tests import pair_tests, species_to_test
from sdm.evaluation.confusion.pairs import predicted_instead
from sdm.evaluation.confusion.presence import Presence
from sdm.runs.top_classes import TOP


@pytest.fixture(scope="module")
def work():
    truth, predicted = simulated_sets(SURVEYS, SPECIES)
    genus = np.arange(SPECIES) // 6
    classes = simulated_classes().assign(genus=genus.astype(str), family=(genus // 12).astype(str))
    return truth, predicted, classes


def everything(truth, predicted, classes) -> None:
    """All that the page shows at once, and one click."""
    judged = outcomes(truth, predicted)
    assert len(per_species(judged, classes)) == SPECIES
    pairs = predicted_instead(judged, classes)
    assert len(pairs) == 100
    assert len(block(judged, classes, in_pairs(pairs))) == 900
    for column in ("genus", "family"):
        assert total_scores(outcomes_at(truth, predicted, level(classes, column)))["hits"] > 0
    assert len(judged.rows_of_cell(pairs["missed"][0], pairs["predicted"][0])) == pairs["surveys"][0]


def test_within_a_second_of_processor_time(work):
    start = time.process_time()
    everything(*work)
    assert time.process_time() - start < 1


def test_within_a_gigabyte(work):
    tracemalloc.start()
    try:
        everything(*work)
        assert tracemalloc.get_traced_memory()[1] < 1e9
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_testing_all_pairs_takes_seconds_and_less_than_a_gigabyte(work):
    """As many probabilities a survey as are stored: 25 predicted, some 200 others."""
    truth, predicted, classes = work
    wide = simulated_sets(given=TOP, seed=1)[1]
    stored = csr_matrix(0.03 * wide + 0.4 * predicted, dtype=np.float64)
    judged = outcomes(truth, predicted)
    start = time.process_time()
    tracemalloc.start()
    try:
        columns = species_to_test(judged)
        recorded = Presence(stored[:, columns].tocsr(), np.full(SURVEYS, 1e-4), np.ones(len(columns)))
        tests = pair_tests(judged, pair_null(judged, columns, recorded), classes)
        assert tracemalloc.get_traced_memory()[1] < 1e9
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 20
    assert tests.tests > 1_000_000 and len(tests.pairs) > 10_000


def test_pairs_of_generous_predictions_stay_within_a_gigabyte():
    """A hundred species predicted at each survey: thirty million products, in blocks."""
    judged = outcomes(*simulated_sets(given=100))
    tracemalloc.start()
    try:
        predicted_instead(judged, simulated_classes())
        assert tracemalloc.get_traced_memory()[1] < 3e8
    finally:
        tracemalloc.stop()
