"""Metrics of probabilities: hand-worked answers, and agreement with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix
from sklearn.metrics import average_precision_score, roc_auc_score

from sdm.evaluation.metrics import METRICS, class_scores
from sdm.evaluation.metrics.ranking import most_probable, precision_at, recall_at

columns = st.integers(2, 20).flatmap(
    lambda count: st.tuples(
        arrays(np.int8, (count, 1), elements=st.integers(0, 1)),
        arrays(np.float32, (count, 1), elements=st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])),
    )
)


@settings(max_examples=80, deadline=None)
@given(columns)
def test_auc_and_average_precision_equal_sklearn(column: tuple[np.ndarray, np.ndarray]) -> None:
    truth, probability = column
    ours = class_scores(csr_matrix(truth), probability)
    if not truth.any():
        assert np.isnan([ours.auc[0], ours.average_precision[0], ours.threshold[0]]).all()
        return
    assert ours.average_precision[0] == pytest.approx(average_precision_score(truth, probability))
    if truth.all():
        assert np.isnan(ours.auc[0])
    else:
        assert ours.auc[0] == pytest.approx(roc_auc_score(truth, probability))


def test_best_threshold_of_a_class() -> None:
    truth = csr_matrix([[1], [1], [0], [1], [0]])
    probability = np.array([[0.9], [0.8], [0.7], [0.6], [0.1]], np.float32)
    assert class_scores(truth, probability).threshold[0] == pytest.approx(0.6)


def test_many_classes_go_in_blocks() -> None:
    random = np.random.default_rng(0)
    truth, probability = random.random((40, 600)) < 0.3, random.random((40, 600)).astype(np.float32)
    auc = class_scores(csr_matrix(truth), probability).auc
    for j in (0, 255, 256, 599):
        assert auc[j] == pytest.approx(roc_auc_score(truth[:, j], probability[:, j]))


def test_precision_and_recall_at_k() -> None:
    truth = csr_matrix([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]])
    probability = np.array([[0.9, 0.8, 0.1, 0.0], [0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]], np.float32)
    np.testing.assert_allclose(precision_at(truth, probability, 2), [0.5, 0, 1])
    np.testing.assert_array_equal(recall_at(truth, probability, 2), [0.5, np.nan, 0.5])
    np.testing.assert_array_equal(recall_at(truth, probability, 30), [1, np.nan, 1])
    assert METRICS["recall-at-30"].score(truth, probability).undefined == 1


def test_most_probable_is_sorted() -> None:
    probability = np.random.default_rng(0).random((30, 50)).astype(np.float32)
    np.testing.assert_array_equal(most_probable(probability, 7), np.argsort(-probability, axis=1)[:, :7])


tables = arrays(
    np.float32,
    st.tuples(st.integers(0, 4), st.integers(1, 90)),
    elements=st.floats(0, 1, width=16) | st.sampled_from([0.0, 0.5, np.nan]),
)


@settings(max_examples=150, deadline=None)
@given(tables, st.integers(1, 12))
def test_most_probable_equals_a_full_sort_ties_and_gaps_included(probability: np.ndarray, k: int) -> None:
    whole = np.argsort(-probability, axis=1, kind="stable")
    np.testing.assert_array_equal(most_probable(probability, k), whole[:, :k])


@pytest.mark.parametrize("row", [np.arange(2000), np.arange(2000)[::-1], np.zeros(2000)])
def test_most_probable_where_groups_of_columns_are_alike(row: np.ndarray) -> None:
    probability = np.tile(row / 2000, (3, 1)).astype(np.float32)
    whole = np.argsort(-probability, axis=1, kind="stable")
    np.testing.assert_array_equal(most_probable(probability, 25), whole[:, :25])


def test_rmse() -> None:
    score = METRICS["rmse"].score(np.array([[1.0], [5.0]]), np.array([[1.0], [2.0]]), np.arange(2))
    assert score.value == pytest.approx(np.sqrt(4.5))
    assert score.low == 0
    assert score.high == pytest.approx(3)


def test_errors_of_a_value() -> None:
    truth, mean = np.array([[1.0], [3.0], [5.0]]), np.full((3, 1), 3.0)
    assert METRICS["mse"].score(truth, mean).value == pytest.approx(8 / 3)
    assert METRICS["r2"].score(truth, mean).value == pytest.approx(0)
    assert METRICS["r2"].score(truth, truth).value == 1
    assert np.isnan(METRICS["r2"].score(mean, truth).value)  # nothing varies
