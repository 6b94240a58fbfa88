"""Trees as arrays decide and vote as scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier

from sdm.errors import RunError
from sdm.models.presence_only.trees import Trees, grown, joined


def forest(sites: np.ndarray, present: np.ndarray, count: int = 3) -> list[DecisionTreeClassifier]:
    return [
        DecisionTreeClassifier(max_features="sqrt", random_state=seed).fit(sites, present) for seed in range(count)
    ]


@given(st.integers(0, 10_000), st.integers(2, 60), st.integers(1, 5), st.sampled_from([1.0, 1e-30, 1e6]))
@settings(max_examples=25, deadline=None)
def test_votes_are_those_of_scikit_learn(seed: int, count: int, columns: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    sites = (scale * random.integers(0, 9, (count, columns)) / 7).astype(np.float32)
    present = np.append(random.integers(0, 2, count - 2), [0, 1])
    trees = forest(sites, present)
    others = np.concatenate([sites, (scale * random.random((20, columns))).astype(np.float32)])
    expected = np.mean([tree.predict_proba(others)[:, 1] for tree in trees], axis=0)
    np.testing.assert_allclose(joined([grown(tree) for tree in trees]).vote(others), expected, atol=1e-6)


def test_parts_vote_for_themselves() -> None:
    random = np.random.default_rng(0)
    sites, present = random.random((50, 3)).astype(np.float32), random.integers(0, 2, 50)
    few, more = (joined([grown(tree) for tree in forest(sites, present, count)]) for count in (2, 5))
    restored = Trees.restored(joined([few, more]).arrays())
    restored.check(3)
    for part, own in zip(restored.parts([2, 5]), (few, more), strict=True):
        np.testing.assert_array_equal(part.vote(sites), own.vote(sites))
    np.testing.assert_array_equal(joined([]).vote(sites), np.full(50, 0.5))


@pytest.mark.parametrize(("name", "value"), [("left", 0), ("right", 10**6), ("feature", 3), ("feature", -7)])
def test_nodes_that_lead_nowhere_are_refused(name: str, value: int) -> None:
    random = np.random.default_rng(0)
    trees = grown(forest(random.random((50, 3)).astype(np.float32), random.integers(0, 2, 50), 1)[0])
    table = {key: array.copy() for key, array in trees.arrays().items()}
    table[name][0] = value
    with pytest.raises(RunError, match="do not fit"):
        Trees.restored(table).check(3)
