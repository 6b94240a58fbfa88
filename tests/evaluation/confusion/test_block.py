"""The dense block of chosen species."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from sdm.errors import DataError, UnknownNameError
from sdm.evaluation.confusion.block import MOST_SPECIES, block, in_pairs
from sdm.evaluation.confusion.pairs import predicted_instead
from tests.evaluation.confusion.dense import classes, judge, together, truth_and_prediction


def matrix(table: pd.DataFrame, value: str = "surveys") -> np.ndarray:
    side = round(len(table) ** 0.5)
    return table[value].to_numpy().reshape(side, side)


def test_by_hand():
    """A hit once and missed twice, once with B instead and once with nothing; C is outside the block."""
    truth = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]])
    predicted = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 1, 0]])
    table = block(judge(truth, predicted), classes(3), np.array([1, 0]))
    assert table["truth_name"].tolist() == ["B", "B", "A", "A"]
    assert table["predicted_name"].tolist() == ["B", "A", "B", "A"]
    assert matrix(table).tolist() == [[0, 0], [1, 1]]
    np.testing.assert_allclose(matrix(table, "row_share"), [[np.nan, np.nan], [1 / 3, 1 / 3]])
    np.testing.assert_allclose(matrix(table, "expected"), [[np.nan, 0], [2 * 3 / 4, np.nan]])
    np.testing.assert_allclose(matrix(table, "lift"), [[np.nan, np.nan], [2 / 3, np.nan]])


@given(truth_and_prediction())
def test_equals_the_dense_definition(pair):
    truth, predicted = pair
    columns = np.arange(truth.shape[1])[::-1]
    table = block(judge(truth, predicted), classes(len(columns)), columns)
    for row in table.itertuples():
        assert row.surveys == together(truth, predicted, row.truth, row.predicted).sum()


@given(truth_and_prediction())
def test_agrees_with_the_pairs_and_the_surveys_behind(pair):
    judged, named = judge(*pair), classes(pair[0].shape[1])
    cells = block(judged, named, np.arange(judged.species)).set_index(["truth", "predicted"])
    assert all(len(judged.rows_of_cell(*cell)) == surveys for cell, surveys in cells["surveys"].items())
    for found in predicted_instead(judged, named, min_support=1).itertuples():
        cell = cells.loc[(found.missed, found.predicted)]
        assert (cell["surveys"], cell["expected"], cell["lift"]) == (found.surveys, found.expected, found.lift)


def test_species_in_pairs_keep_partners_together():
    pairs = pd.DataFrame({"missed": [5, 5, 0], "predicted": [2, 7, 2]})
    assert in_pairs(pairs).tolist() == [5, 2, 7, 0]
    assert in_pairs(pairs, limit=1).tolist() == [5]
    assert in_pairs(pairs.iloc[:0]).tolist() == []


@pytest.mark.parametrize("count", [0, MOST_SPECIES + 1])
def test_too_few_or_too_many_are_refused(count: int):
    nothing = np.zeros((2, 40))
    with pytest.raises(DataError, match=f"expected 1 to 30 species; got {count}. Choose fewer"):
        block(judge(nothing, nothing), classes(40), np.arange(count))


def test_an_unknown_or_doubled_species_is_refused():
    judged = judge(np.eye(3), np.eye(3))
    with pytest.raises(UnknownNameError, match="columns 0 to 2; got 3"):
        block(judged, classes(3), np.array([0, 3]))
    with pytest.raises(DataError, match="chosen twice"):
        block(judged, classes(3), np.array([1, 1]))
