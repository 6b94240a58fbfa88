"""One class per survey, at each level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from sdm.errors import DataError
from sdm.evaluation.confusion.class_report import RATIOS, averages
from sdm.evaluation.confusion.levels import level
from sdm.evaluation.confusion.multiclass import MOST_CLASSES, class_matrix, class_outcomes, per_survey
from sdm.evaluation.confusion.outcome_scores import per_species
from tests.datasets import multiclass
from tests.evaluation.confusion.dense import classes

TRUTH = np.array([0, 0, 1, 2, 3])
GIVEN = np.array([0, 1, 1, 0, 2])


def test_each_level_of_the_hierarchy_by_hand():
    table = multiclass().targets.classes
    fine = class_matrix(class_outcomes(TRUTH, GIVEN, 4), table)
    assert fine["surveys"].to_numpy().reshape(4, 4).tolist() == [
        [1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0],
    ]  # fmt: skip
    assert fine["row_share"].iloc[:4].tolist() == [0.5, 0.5, 0, 0]
    main = level(table, "main_type")
    coarse = class_matrix(class_outcomes(TRUTH, GIVEN, 4, main), main.groups)
    assert coarse["surveys"].to_numpy().reshape(2, 2).tolist() == [[3, 0], [1, 1]]
    assert coarse["truth_name"].tolist() == ["T4", "T4", "V1", "V1"]
    assert class_outcomes(TRUTH, GIVEN, 4, main).rows_of_cell(1, 0).tolist() == [3]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_equals_scikit_learn(pairs: list[tuple[int, int]]):
    truth, predicted = np.array(pairs, np.int64).reshape(-1, 2).T
    table = class_matrix(class_outcomes(truth, predicted, 5), classes(5))
    expected = confusion_matrix(truth, predicted, labels=range(5)) if pairs else np.zeros((5, 5))
    assert table["surveys"].to_numpy().reshape(5, 5).tolist() == expected.tolist()
    assert table["surveys"].sum() == len(pairs)
    known = table.groupby("truth")["row_share"].sum(min_count=1).dropna()
    np.testing.assert_allclose(known, 1)


def test_the_averages_are_those_of_scikit_learn_without_what_is_undefined():
    """Class 4 is never recorded, class 3 never predicted, class 5 neither."""
    truth, predicted = np.array([0, 0, 0, 1, 1, 2, 3]), np.array([0, 0, 1, 1, 4, 2, 2])
    table = per_species(class_outcomes(truth, predicted, 6), classes(6))
    found = averages(table)
    scores = precision_recall_fscore_support(truth, predicted, labels=range(6), zero_division=np.nan)
    for place, ratio in enumerate(RATIOS):
        each = scores[place]
        known = np.isfinite(each)
        assert found.loc["macro", ratio] == pytest.approx(np.nanmean(each))
        assert found.loc["weighted", ratio] == pytest.approx(np.average(each[known], weights=scores[3][known]))
        assert found.loc["micro", ratio] == pytest.approx(np.mean(truth == predicted))
    assert found["undefined"].tolist() == [3, 3, 0]
    nothing = averages(per_species(class_outcomes(truth[:0], truth[:0], 6), classes(6)))
    assert nothing[[*RATIOS]].isna().all(axis=None)


def test_true_against_predicted_survey_by_survey():
    table = per_survey(TRUTH, GIVEN, multiclass().targets.classes)
    assert table["right"].tolist() == [True, False, True, False, False]
    assert table.loc[1, ["truth_name", "predicted_name"]].tolist() == ["T4-C-1", "T4-C-5"]
    named = multiclass().targets.classes
    coarse = per_survey(TRUTH, GIVEN, named, level(named, "main_type"))
    assert coarse["right"].tolist() == [True, True, True, False, True]


def test_classes_without_a_group():
    """A survey of the ungrouped class is left out; the ungrouped class predicted is a plain miss."""
    table = classes(3).assign(genus=["x", "y", None])
    genus = level(table, "genus")
    truth, predicted = np.array([0, 2, 1]), np.array([2, 0, 1])
    judged = class_outcomes(truth, predicted, 3, genus)
    assert class_matrix(judged, genus.groups)["surveys"].tolist() == [0, 0, 0, 1]
    assert judged.counts[1].tolist() == [1, 0]
    assert judged.counts[2].tolist() == [0, 0]
    assert per_survey(truth, predicted, table, genus)["row"].tolist() == [2]


@pytest.mark.parametrize(
    ("truth", "message"),
    [([0, 1], "differ in length"), ([0, 1, 3], "truth names a class.*0 to 2; got 3. Leave"),
     ([0, 1, -1], "got -1"), ([0.0, 1.0, 2.0], "whole numbers")],
)  # fmt: skip
def test_bad_classes_are_refused(truth: list[float], message: str):
    with pytest.raises(DataError, match=message):
        class_outcomes(np.array(truth), np.array([0, 1, 2]), 3)


def test_a_matrix_too_large_to_draw_is_refused():
    count = MOST_CLASSES + 1
    judged = class_outcomes(np.array([0]), np.array([count - 1]), count)
    with pytest.raises(DataError, match=r"at most 60; got 61\. Take a coarser level"):
        class_matrix(judged, classes(count))
