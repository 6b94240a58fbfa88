"""Ranked species and their verdicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.evaluation.ranking import MOST_MISSES, ranking, set_f1

CLASSES = pd.DataFrame({"class_id": [3, 10, 11, 42], "name": ["a", "b", "c", "d"]})
P = np.array([0.1, 0.9, 0.4, 0.3])


def test_verdicts_beside_the_record() -> None:
    table = ranking(P, np.array([1, 2]), CLASSES, np.array([1, 0]))
    assert table["name"].tolist() == ["b", "c", "a"]
    assert table["verdict"].tolist() == ["hit", "false alarm", "miss"]
    assert table["rank"].tolist() == [1, 2, 4]
    assert table["class_id"].tolist() == [10, 11, 3]


def test_without_a_record_nothing_is_judged() -> None:
    assert set(ranking(P, np.array([1, 2]), CLASSES)["verdict"]) == {"predicted"}


def test_an_empty_record_makes_all_false_alarms() -> None:
    assert set(ranking(P, np.array([1]), CLASSES, np.array([], int))["verdict"]) == {"false alarm"}


def test_misses_are_the_likeliest() -> None:
    many = pd.DataFrame({"class_id": range(50), "name": [str(i) for i in range(50)]})
    table = ranking(np.linspace(1, 0, 50), np.array([0]), many, np.arange(50))
    assert table["verdict"].tolist() == ["hit"] + ["miss"] * MOST_MISSES
    assert table["name"].tolist() == [str(i) for i in range(1 + MOST_MISSES)]


def test_ties_keep_the_order_of_the_columns() -> None:
    assert ranking(np.full(4, 0.5), np.arange(4), CLASSES)["name"].tolist() == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("chosen", "truth", "score"), [([1], [1], 1.0), ([1], [2], 0.0), ([], [1], 0.0), ([1, 2, 3], [3], 0.5)]
)
def test_the_score_of_one_survey(chosen: list[int], truth: list[int], score: float) -> None:
    assert set_f1(np.array(chosen, int), np.array(truth, int)) == score


def test_nothing_said_of_nothing_is_undefined() -> None:
    assert np.isnan(set_f1(np.array([], int), np.array([], int)))
