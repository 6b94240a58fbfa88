"""Pairs by lift equal the dense table of all pairs, whatever the block size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.errors import DataError
from sdm.evaluation.confusion import pairs
from sdm.evaluation.confusion.pairs import predicted_instead
from tests.evaluation.confusion.dense import classes, judge, together, truth_and_prediction


def dense_pairs(truth: np.ndarray, predicted: np.ndarray, min_support: int) -> list[tuple[float, ...]]:
    """(missed, predicted, surveys, expected, lift), best first."""
    found = []
    for a in range(truth.shape[1]):
        for b in range(truth.shape[1]):
            surveys = together(truth, predicted, a, b).sum() if a != b else 0
            if surveys >= min_support:
                misses, alarms = (truth > predicted)[:, a].sum(), (predicted > truth)[:, b].sum()
                expected = misses * alarms / len(truth)
                found.append((a, b, surveys, expected, surveys / expected))
    return sorted(found, key=lambda pair: (-pair[4], -pair[2], pair[0], pair[1]))


def test_by_hand():
    """A is missed at 2 of 8 surveys, both times B is predicted, in all at 4: expected 2·4/8 = 1, lift 2."""
    truth, predicted = np.zeros((8, 3), int), np.zeros((8, 3), int)
    truth[:2, 0], predicted[:4, 1], predicted[0, 2] = 1, 1, 1
    table = predicted_instead(judge(truth, predicted), classes(3), min_support=2)
    assert table.to_dict("records") == [
        {
            "missed": 0,
            "predicted": 1,
            "missed_name": "A",
            "predicted_name": "B",
            "surveys": 2,
            "expected": 1.0,
            "lift": 2.0,
        }
    ]
    one = predicted_instead(judge(truth, predicted), classes(3), min_support=1)
    assert one[["predicted_name", "lift"]].to_numpy().tolist() == [["C", 4.0], ["B", 2.0]]


@pytest.mark.parametrize("products", [1, 7, 10**6])
@given(pair=truth_and_prediction(), min_support=st.integers(1, 3), limit=st.integers(1, 9))
def test_equals_the_dense_definition(products: int, pair, min_support: int, limit: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "PRODUCTS", products)
        table = predicted_instead(judge(*pair), classes(pair[0].shape[1]), min_support, limit)
    expected = dense_pairs(*pair, min_support)[:limit]
    assert list(table[["missed", "predicted", "surveys"]].itertuples(index=False, name=None)) == [
        row[:3] for row in expected
    ]
    assert table[["expected", "lift"]].to_numpy().tolist() == [list(row[3:]) for row in expected]


def test_no_pair_is_an_empty_table_with_its_columns():
    table = predicted_instead(judge(np.eye(3), np.eye(3)), classes(3))
    assert table.empty
    assert list(table) == ["missed", "predicted", "missed_name", "predicted_name", "surveys", "expected", "lift"]


def test_ties_at_the_border_of_the_limit_are_settled_in_order():
    truth, predicted = np.tile([1, 0, 0, 0], (5, 1)), np.tile([0, 1, 1, 1], (5, 1))
    table = predicted_instead(judge(truth, predicted), classes(4), limit=2)
    assert table["predicted_name"].tolist() == ["B", "C"]


@pytest.mark.parametrize("bad", [{"min_support": 0}, {"limit": 0}])
def test_a_support_or_limit_below_one_is_refused(bad: dict[str, int]):
    with pytest.raises(DataError, match="expected 1 or more"):
        predicted_instead(judge(np.eye(2), np.eye(2)), classes(2), **bad)


def test_swapped_twins_are_found_among_independent_errors():
    """Two species mistaken for each other stand out of species that err at random."""
    random = np.random.default_rng(5)
    truth = (random.random((400, 12)) < 0.3).astype(int)
    predicted = (random.random((400, 12)) < 0.3).astype(int)
    predicted[:, 3], predicted[:, 8] = truth[:, 8], truth[:, 3]
    table = predicted_instead(judge(truth, predicted), classes(12))
    assert {tuple(pair) for pair in table[["missed", "predicted"]].to_numpy()[:2]} == {(3, 8), (8, 3)}
    assert table["lift"].iloc[2] < 2 < table["lift"].iloc[1]
