"""Sets of species, survey by survey."""

from __future__ import annotations

import numpy as np

from sdm.evaluation.confusion.outcome_scores import per_set
from tests.evaluation.confusion.dense import judge

TRUTH = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]])
GIVEN = np.array([[1, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 1]])


def test_counts_and_f1_of_the_surveys_asked_for() -> None:
    table = per_set(judge(TRUTH, GIVEN), np.array([2, 0]))
    assert table.to_numpy().tolist() == [[2, 1, 1, 1, 1.0], [0, 2, 3, 1, 0.4]]
    assert list(table) == ["row", "recorded", "predicted", "hits", "f1"]


def test_two_empty_sets_are_undefined() -> None:
    table = per_set(judge(TRUTH, GIVEN), np.array([1]))
    assert np.isnan(table["f1"][0])
    assert table["recorded"][0] == 0
    assert per_set(judge(TRUTH, GIVEN), np.zeros(0, np.int64)).empty
