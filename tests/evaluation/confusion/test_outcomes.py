"""Outcomes and per-species scores equal their dense definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scipy.sparse import csr_matrix

from sdm.errors import DataError, UnknownNameError
from sdm.evaluation.confusion.outcome_scores import per_species
from sdm.evaluation.confusion.outcomes import Outcome, outcomes
from tests.datasets import multilabel
from tests.evaluation.confusion.dense import classes, judge, together, truth_and_prediction

TRUTH = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [1, 0, 1, 0]])
GIVEN = np.array([[1, 0, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])


def test_per_species_by_hand():
    table = per_species(judge(TRUTH, GIVEN), classes(4))
    assert table[["column", "class_id", "name"]].to_numpy().tolist() == [
        [0, 100, "A"], [1, 101, "B"], [2, 102, "C"], [3, 103, "D"],
    ]  # fmt: skip
    assert table["support"].tolist() == [3, 1, 1, 0]
    assert table["predicted"].tolist() == [2, 2, 1, 0]
    assert table["hits"].tolist() == [2, 0, 0, 0]
    assert table["misses"].tolist() == [1, 1, 1, 0]
    assert table["false_alarms"].tolist() == [0, 2, 1, 0]
    np.testing.assert_allclose(table["precision"], [1, 0, 0, np.nan])
    np.testing.assert_allclose(table["recall"], [2 / 3, 0, 0, np.nan])
    np.testing.assert_allclose(table["f1"], [0.8, 0, 0, np.nan])


def test_undefined_is_nan_and_defined_zero_is_zero():
    """Never predicted: no precision, but recall and F1 are 0. Never recorded: no recall, the others are 0."""
    table = per_species(judge(np.array([[1, 0]]), np.array([[0, 1]])), classes(2))
    np.testing.assert_array_equal(table[["precision", "recall", "f1"]], [[np.nan, 0, 0], [0, np.nan, 0]])


@given(truth_and_prediction())
def test_scores_equal_the_dense_definition(pair):
    truth, predicted = (part.astype(int) for part in pair)
    table = per_species(judge(truth, predicted), classes(truth.shape[1]))
    hits, misses, alarms = truth & predicted, truth & ~predicted, predicted & ~truth
    for name, dense in {"hits": hits, "misses": misses, "false_alarms": alarms, "support": truth}.items():
        assert table[name].tolist() == dense.sum(0).tolist()
    with np.errstate(invalid="ignore"):
        f1 = 2 * hits.sum(0) / (truth.sum(0) + predicted.sum(0))
    np.testing.assert_allclose(table["f1"], f1)


@given(truth_and_prediction())
def test_the_surveys_behind_a_cell_are_those_counted(pair):
    truth, predicted = pair
    judged = judge(truth, predicted)
    for missed in range(truth.shape[1]):
        for alarm in range(truth.shape[1]):
            expected = np.flatnonzero(together(truth, predicted, missed, alarm))
            assert judged.rows_of_cell(missed, alarm).tolist() == expected.tolist()


@given(truth_and_prediction())
def test_the_surveys_behind_a_count_are_as_many(pair):
    judged = judge(*pair)
    for outcome in Outcome:
        for column, count in enumerate(judged.counts[outcome]):
            assert len(judged.rows_with(outcome, column)) == count
        assert judged.select(outcome).toarray().sum(0).tolist() == judged.counts[outcome].tolist()


def test_untidy_matrices_are_understood_and_left_alone():
    """Unsorted columns and stored zeros."""
    untidy = csr_matrix((np.array([1.0, 0.0, 1.0]), np.array([2, 1, 0]), np.array([0, 3])), shape=(1, 3))
    judged = outcomes(untidy, csr_matrix([[1, 1, 0]]))
    assert judged.codes.toarray().tolist() == [[Outcome.HIT, Outcome.FALSE_ALARM, Outcome.MISS]]
    assert untidy.indices.tolist() == [2, 1, 0]
    assert untidy.data.tolist() == [1, 0, 1]


@pytest.mark.parametrize("value", [2, -1, 0.5, np.nan])
def test_values_other_than_0_and_1_are_refused(value: float):
    with pytest.raises(DataError, match=f"prediction is not a set of species; expected 0 or 1.*got {value}"):
        outcomes(csr_matrix([[1.0, 0.0]]), csr_matrix([[value, 0.0]]))


def test_a_species_stored_twice_at_one_survey_is_refused():
    twice = csr_matrix((np.ones(2), np.array([1, 1]), np.array([0, 2])), shape=(1, 2))
    with pytest.raises(DataError, match="got 2"):
        outcomes(twice, csr_matrix((1, 2)))


def test_shapes_and_tables_must_fit():
    with pytest.raises(DataError, match=r"differ in shape; expected \(1, 2\); got \(1, 3\)"):
        judge(np.zeros((1, 2)), np.zeros((1, 3)))
    with pytest.raises(DataError, match="expected 2; got 3"):
        per_species(judge(np.zeros((1, 2)), np.zeros((1, 2))), classes(3))


@pytest.mark.parametrize("column", [-1, 4])
def test_an_unknown_column_is_refused(column: int):
    with pytest.raises(UnknownNameError, match="columns 0 to 3"):
        judge(TRUTH, GIVEN).rows_with(Outcome.HIT, column)


def test_the_fixture_predicting_itself_has_only_hits():
    targets = multilabel().targets
    judged = outcomes(targets.values, targets.values)
    table = per_species(judged, targets.classes)
    assert table["class_id"].tolist() == targets.class_ids.tolist()
    assert (table["hits"] == table["support"]).all()
    assert not table[["misses", "false_alarms"]].to_numpy().any()
    assert table.loc[6, "support"] == 1
