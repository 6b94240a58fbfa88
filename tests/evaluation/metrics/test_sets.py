"""Metrics of sets: hand-worked answers, and agreement with scikit-learn."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix, random_array
from sklearn.metrics import accuracy_score, f1_score

from sdm.errors import DataError, UnknownNameError
from sdm.evaluation.metrics import METRICS, metric_of, survey_f1

TRUTH = csr_matrix([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
FOUND = csr_matrix([[1, 0, 1, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]])

pairs = st.integers(2, 8).flatmap(
    lambda width: st.integers(1, 12).flatmap(
        lambda count: st.tuples(*(arrays(np.int8, (count, width), elements=st.integers(0, 1)) for _ in range(2)))
    )
)


def test_by_hand() -> None:
    np.testing.assert_array_equal(survey_f1(TRUTH, FOUND), [0.5, 1, 0, np.nan])
    score = METRICS["samples-f1"].score(TRUTH, FOUND)
    assert (score.value, score.defined, score.undefined) == (0.5, 3, 1)
    assert METRICS["micro-f1"].score(TRUTH, FOUND).value == pytest.approx(2 * 2 / (3 + 4))
    macro = METRICS["macro-f1"].score(TRUTH, FOUND)
    assert macro.value == pytest.approx((2 / 3 + 0 + 2 / 3) / 3)
    assert macro.undefined == 1
    accuracy = METRICS["accuracy"].score(TRUTH, FOUND)
    assert (accuracy.value, accuracy.undefined) == (pytest.approx(1 / 3), 1)


def test_an_empty_answer_never_scores() -> None:
    """Something is recorded at every survey: where nothing is, nothing was measured."""
    empty = csr_matrix((4, 4))
    for metric in METRICS.values():
        if metric.reads == "sets":
            each = metric.each(TRUTH, empty)
            assert not (each > 0).any()
            assert np.isnan(metric.each(empty, empty)).all()


@settings(max_examples=80, deadline=None)
@given(pairs)
def test_equal_to_sklearn(matrices: tuple[np.ndarray, np.ndarray]) -> None:
    truth, found = matrices
    for name, average in (("samples-f1", "samples"), ("micro-f1", "micro"), ("macro-f1", "macro")):
        ours = METRICS[name].score(csr_matrix(truth), csr_matrix(found)).value
        assert ours == pytest.approx(f1_score(truth, found, average=average, zero_division=np.nan), nan_ok=True)
    any_there = (truth | found).any(axis=1)
    accuracy = METRICS["accuracy"].score(csr_matrix(truth), csr_matrix(found)).value
    expected = accuracy_score(truth[any_there], found[any_there]) if any_there.any() else np.nan
    assert accuracy == pytest.approx(expected, nan_ok=True)


def test_stored_zeros_and_doubled_entries_are_no_presences() -> None:
    sloppy = csr_matrix((np.array([1, 1, 0]), np.array([0, 0, 1]), np.array([0, 3])), shape=(1, 3))
    assert survey_f1(sloppy, csr_matrix([[1, 0, 0]])).tolist() == [1]


def test_shapes_must_agree() -> None:
    with pytest.raises(DataError, match=r"\(4, 4\).*\(4, 3\)"):
        survey_f1(TRUTH, FOUND[:, :3])


def test_nothing_defined_is_nan_and_counted() -> None:
    empty = csr_matrix((3, 4))
    for metric in METRICS.values():
        if metric.reads == "sets":
            score = metric.score(empty, empty, np.arange(3))
            assert np.isnan(score.value)
            assert score.undefined > 0
            assert score.low is None


def test_unknown_metric_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match="samples-f1"):
        metric_of("f1")


def test_fast_at_the_real_size() -> None:
    """20,000 surveys x 10,000 species stay sparse: well under a second."""
    random = np.random.default_rng(0)
    truth, found = (
        csr_matrix(random_array((20_000, 10_000), density=0.002, rng=random, format="csr")) for _ in range(2)
    )
    start = time.perf_counter()
    survey_f1(truth, found)
    assert time.perf_counter() - start < 1
