"""Splits are seeded, hold their distances, and do not depend on the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.data.splits import block_folds, block_split, near_far_split, random_split
from sdm.data.tree import open_tree
from sdm.geo.distance import distance_km


def crowded(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Positions as in the real training set: most of them in two small countries."""
    random = np.random.default_rng(seed)
    near = random.random(count) < 0.72
    lon = np.where(near, random.normal(7.5, 2.0, count), random.uniform(-9, 34, count))
    lat = np.where(near, random.normal(54, 1.5, count), random.uniform(36, 68, count))
    return lon, lat


LON, LAT = crowded(4000)


@pytest.mark.parametrize("seed", range(6))
def test_shares(seed: int) -> None:
    split = block_split(LON, LAT, seed)
    shares = {name: float((split == name).mean()) for name in ("train", "validation", "buffer")}
    assert 0.10 <= shares["validation"] <= 0.13
    assert shares["buffer"] < 0.15
    assert shares["train"] > 0.7


def test_whole_blocks_and_a_buffer() -> None:
    split = block_split(LON, LAT)
    validated = {(int(x), int(y)) for x, y in np.floor(np.stack([LON, LAT], 1))[split == "validation"]}
    for x, y, name in zip(LON, LAT, split, strict=True):
        assert ((int(np.floor(x)), int(np.floor(y))) in validated) == (name == "validation")
    held = np.flatnonzero(split == "validation")
    for i in np.random.default_rng(0).choice(np.flatnonzero(split != "validation"), 200):
        degrees = np.hypot((LON[held] - LON[i]) * np.cos(np.radians(LAT[i])), LAT[held] - LAT[i])
        nearest = min(distance_km(LON[i], LAT[i], LON[j], LAT[j]) for j in held[np.argsort(degrees)[:20]])
        assert (nearest <= 20) == (split[i] == "buffer")


@given(st.integers(0, 2**63 - 1), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_order_of_rows_tells_nothing(seed: int, shuffler: object) -> None:
    order = list(range(500))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    ids = np.arange(500) * 7 - 100
    np.testing.assert_array_equal(
        block_split(LON[:500], LAT[:500], seed)[order], block_split(LON[order], LAT[order], seed)
    )
    np.testing.assert_array_equal(random_split(ids, seed)[order], random_split(ids[order], seed))


def test_seeds_differ_and_repeat() -> None:
    assert (block_split(LON, LAT, 1) != block_split(LON, LAT, 2)).any()
    np.testing.assert_array_equal(block_split(LON, LAT, 1), block_split(LON, LAT, 1))
    assert (random_split(np.arange(999), 1) != random_split(np.arange(999), 2)).any()


def test_the_split_of_today_is_that_of_tomorrow() -> None:
    assert "".join(name[0] for name in random_split(np.arange(24), 7)) == "tttttttttttttvttttttvttt"


def test_random_share() -> None:
    assert (random_split(np.arange(20_000), share=0.12) == "validation").mean() == pytest.approx(0.12, abs=0.01)


def test_few_surveys() -> None:
    assert block_split(np.array([]), np.array([])).size == 0
    assert block_split(np.array([5.5]), np.array([50.5])).tolist() == ["train"]
    apart = block_split(np.array([5.5, 15.5]), np.array([50.5, 50.5]))
    assert sorted(apart) == ["train", "validation"]
    close = block_split(np.array([5.99, 6.01]), np.array([50.5, 50.5]))
    assert sorted(close) == ["buffer", "validation"]


def test_surveys_without_position_are_kept_out_of_training() -> None:
    lon, lat = np.array([5.5, np.nan, 15.5, 25.5]), np.array([50.5, 50.5, np.nan, 60.5])
    split = block_split(lon, lat)
    assert split[1:3].tolist() == ["buffer", "buffer"]


def test_near_and_far() -> None:
    country = pd.Series(["Denmark", None, "Bulgaria"], dtype="category")
    assert near_far_split(country, frozenset(["Denmark"])).tolist() == ["test_near", "test_far", "test_far"]


@pytest.mark.real
def test_shares_on_real_positions(real_tree: object) -> None:
    sites = open_tree(real_tree).sites  # type: ignore[arg-type]
    split = block_split(sites["lon"].to_numpy(), sites["lat"].to_numpy())
    assert 0.10 <= (split == "validation").mean() <= 0.15
    assert (split == "buffer").mean() < 0.06


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
