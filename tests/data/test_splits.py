"""Splits are seeded, hold their distances, and do not depend on the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from sdm.data.splits import block_folds, draw, near_far_split, tenth_split, within
from sdm.geo.distance import distance_km

PLACES = np.random.default_rng(0)
LON, LAT = PLACES.normal(7.5, 2.0, 400), PLACES.normal(54, 1.5, 400)


def test_within_is_the_distance_to_the_nearest() -> None:
    of, to = np.arange(0, 200), np.arange(200, 400)
    found = within(LON, LAT, of, to, 20)
    assert 0.1 < found.mean() < 0.9
    for i in of[::9]:
        nearest = min(distance_km(LON[i], LAT[i], LON[j], LAT[j]) for j in to)
        assert found[i] == (nearest <= 20)
    assert not within(LON, LAT, of, to[:0], 20).any()
    assert within(LON, LAT, of[:0], to, 20).size == 0


@given(st.integers(0, 2**63 - 1), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_a_draw_depends_on_seed_and_key_alone(seed: int, shuffler: object) -> None:
    order = list(range(500))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    ids = np.arange(500) * 7 - 100
    np.testing.assert_array_equal(draw(seed, ids)[order], draw(seed, ids[order]))


def test_draws_of_today_are_those_of_tomorrow() -> None:
    assert "".join("tv"[int(u < 0.12)] for u in draw(7, np.arange(24))) == "tttttttttttttvttttttvttt"
    assert (draw(0, np.arange(20_000)) < 0.12).mean() == pytest.approx(0.12, abs=0.01)
    assert (draw(1, np.arange(999)) != draw(2, np.arange(999))).any()


def test_near_and_far() -> None:
    country = pd.Series(["Denmark", None, "Bulgaria"], dtype="category")
    assert near_far_split(country, frozenset(["Denmark"])).tolist() == ["test_near", "test_far", "test_far"]


def test_folds_keep_blocks_together_and_are_of_about_one_size() -> None:
    random = np.random.default_rng(0)
    lon, lat = random.uniform(0, 8, 400), random.uniform(50, 54, 400)
    lon[:3] = np.nan
    fold = block_folds(lon, lat, 5)
    blocks = pd.DataFrame({"x": np.floor(lon[3:]), "y": np.floor(lat[3:]), "fold": fold[3:]})
    assert (blocks.groupby(["x", "y"])["fold"].agg(set).map(len) == 1).all()
    assert len(set(fold[:3])) == 1
    assert np.bincount(fold, minlength=5).min() > 60
    assert set(block_folds(np.array([1.5, 1.6]), np.array([2.5, 2.5]), 5)) == {0}


@pytest.mark.parametrize("count", [1, 10, 11, 1234])
def test_one_in_ten_is_drawn_as_scikit_learn_draws(count: int) -> None:
    split = tenth_split(count)
    assert (split == "validation").sum() == -(-count // 10) and set(split) <= {"train", "validation"}
    if count > 1:
        _, held_back = train_test_split(np.arange(count), test_size=0.1, random_state=666)
        np.testing.assert_array_equal(np.flatnonzero(split == "validation"), np.sort(held_back))


def test_one_in_ten_of_twenty() -> None:
    assert np.flatnonzero(tenth_split(20) == "validation").tolist() == [15, 16]
