"""The species predicted for one survey: ranked for one model, and compared between several."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.evaluation.predicted_species import MOST_MISSES, agreement, overlap, ranking, set_f1, verdict

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


def said(ids: list[int], probability: list[float], named: list[bool]) -> pd.DataFrame:
    names = [f"species {i}" for i in ids]
    return pd.DataFrame({"class_id": ids, "name": names, "probability": probability, "named": named})


SAID = {
    "a": said([1, 2, 3, 4], [0.9, 0.8, 0.3, 0.1], [True, True, False, False]),
    "b": said([4, 3, 2, 5], [0.2, 0.6, 0.7, 0.5], [False, True, True, True]),
}


def test_most_agreed_first_then_most_probable() -> None:
    table = agreement(SAID, {2, 9})
    assert table["class_id"].tolist() == [2, 1, 5, 3]
    assert table["agree"].tolist() == [2, 1, 1, 1]
    assert table["mean"].tolist() == pytest.approx([0.75, 0.9, 0.5, 0.45])
    assert table["recorded"].tolist() == [True, False, False, False]
    assert table["name"].tolist() == ["species 2", "species 1", "species 5", "species 3"]


def test_a_species_that_a_model_does_not_know_has_no_probability_there() -> None:
    table = agreement(SAID, None).set_index("class_id")
    assert np.isnan(table.loc[1, "b probability"])
    assert not table.loc[1, "b named"]
    assert table["recorded"].isna().all()


def test_overlap_is_the_shared_part_of_what_either_names() -> None:
    table = agreement(SAID, None)
    assert overlap(table, "a", "b") == overlap(table, "b", "a") == 1 / 4
    assert overlap(table, "a", "a") == 1
    silent = agreement({"a": SAID["a"].assign(named=False), "b": SAID["b"].assign(named=False)}, None)
    assert silent.empty
    assert np.isnan(overlap(silent, "a", "b"))


@pytest.mark.parametrize(
    ("named", "recorded", "word"),
    [
        (True, True, "hit"), (True, False, "false alarm"), (False, True, "miss"), (False, False, ""),
        (True, None, "predicted"), (False, None, ""),
    ],
)  # fmt: skip
def test_verdicts(named: bool, recorded: bool | None, word: str) -> None:
    assert verdict(named=named, recorded=recorded) == word
