"""Roll-up to genus and family."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.evaluation.confusion.block import block
from sdm.evaluation.confusion.levels import level, outcomes_at, roll_up, why_off
from sdm.evaluation.confusion.outcome_scores import total_scores
from sdm.evaluation.confusion.outcomes import Outcome, outcomes
from tests.datasets import multilabel
from tests.evaluation.confusion.dense import classes, truth_and_prediction

PLANTS = pd.DataFrame(
    {
        "class_id": [1, 2, 3, 4],
        "name": ["Quercus robur", "Quercus petraea", "Fagus sylvatica", "Sp. nova"],
        "genus": ["Quercus", " Quercus ", "Fagus", None],
        "family": ["Fagaceae", "Fagaceae", "Fagaceae", ""],
    }
)


def test_groups_by_hand():
    genus = level(PLANTS, "genus")
    assert genus.groups.to_dict("list") == {"class_id": [0, 1], "name": ["Quercus", "Fagus"], "members": [2, 1]}
    assert genus.group.tolist() == [0, 0, 1, -1]


def test_one_oak_for_the_other_is_a_hit_of_the_genus():
    truth, predicted = csr_matrix([[1, 0, 1, 1]]), csr_matrix([[0, 1, 0, 0]])
    judged = outcomes_at(truth, predicted, level(PLANTS, "genus"))
    assert judged.codes.toarray().tolist() == [[Outcome.HIT, Outcome.MISS]]
    family = outcomes_at(truth, predicted, level(PLANTS, "family"))
    table = pd.DataFrame([total_scores(each) for each in (outcomes(truth, predicted), judged, family)])
    assert table["hits"].tolist() == [0, 1, 1]
    assert table["misses"].tolist() == [3, 1, 0]
    assert table["false_alarms"].tolist() == [1, 0, 0]
    np.testing.assert_allclose(table["recall"], [0, 0.5, 1])


@given(truth_and_prediction(), st.data())
def test_equals_the_dense_definition(pair, data):
    dense = pair[0]
    labels = data.draw(
        st.lists(st.sampled_from(["", "x", "y", "z"]), min_size=dense.shape[1], max_size=dense.shape[1])
    )
    table = classes(dense.shape[1]).assign(genus=labels)
    if not any(labels):
        assert why_off(table, "genus") is not None
        return
    to = level(table, "genus")
    rolled = roll_up(csr_matrix(dense), to).toarray()
    for index, name in enumerate(to.groups["name"]):
        members = [i for i, label in enumerate(labels) if label == name]
        assert rolled[:, index].tolist() == dense[:, members].max(1, initial=0).tolist()


def test_the_groups_serve_as_classes_of_a_block():
    targets = multilabel().targets
    genus = level(targets.classes, "genus")
    judged = outcomes_at(targets.values, targets.values, genus)
    table = block(judged, genus.groups, np.array([0, 1]))
    assert table["truth_name"].tolist() == ["Planta", "Planta", "Herba", "Herba"]
    assert table["surveys"].tolist() == [18, 0, 0, 9]


def test_it_says_why_it_is_off():
    bare = classes(3)
    assert "no column “genus”" in str(why_off(bare, "genus"))
    assert "No class has a family" in str(why_off(bare.assign(family=[None, "", " "]), "family"))
    assert why_off(PLANTS, "genus") is None
    with pytest.raises(DataError, match=r"no roll-up to genus; expected one of the columns name\. The table"):
        level(bare, "genus")


def test_matrices_must_fit_and_hold_sets():
    genus = level(PLANTS, "genus")
    with pytest.raises(DataError, match="expected 4; got 3"):
        roll_up(csr_matrix((1, 3)), genus)
    with pytest.raises(DataError, match="0 or 1 per species; got -1"):
        roll_up(csr_matrix([[1, -1, 0, 0]]), genus)
