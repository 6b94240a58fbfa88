"""Competition size: 11,255 species and 20,000 surveys within a second and 1 GB."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from benchmarks.simulated import SPECIES, SURVEYS, simulated_classes, simulated_sets
from sdm.evaluation.confusion.block import block, in_pairs
from sdm.evaluation.confusion.levels import level, outcomes_at
from sdm.evaluation.confusion.outcome_scores import per_species, total_scores
from sdm.evaluation.confusion.outcomes import outcomes
from sdm.evaluation.confusion.pairs import predicted_instead


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


def test_pairs_of_generous_predictions_stay_within_a_gigabyte():
    """A hundred species predicted at each survey: thirty million products, in blocks."""
    judged = outcomes(*simulated_sets(given=100))
    tracemalloc.start()
    try:
        predicted_instead(judged, simulated_classes())
        assert tracemalloc.get_traced_memory()[1] < 3e8
    finally:
        tracemalloc.stop()
