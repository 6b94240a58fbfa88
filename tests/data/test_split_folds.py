"""Folds hold whole blocks and sites, every country in about its share, and do not depend on the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.split_folds import (
    fold_split,
    random_folds,
    site_folds,
    sites_of,
    stratified_block_folds,
    with_selection,
)
from sdm.geo.distance import distance_km

RANDOM = np.random.default_rng(0)
COUNTRY = pd.Series(RANDOM.choice(["north", "south"], 3000, p=[0.8, 0.2]))
LON = np.where(COUNTRY == "north", RANDOM.normal(8, 2, 3000), RANDOM.uniform(0, 20, 3000))
LAT = np.where(COUNTRY == "north", RANDOM.normal(56, 1, 3000), RANDOM.uniform(38, 45, 3000))
IDS = np.arange(3000) * 7 + 3


def test_blocks_are_whole_and_countries_in_their_shares() -> None:
    fold = stratified_block_folds(LON, LAT, COUNTRY)
    blocks = pd.DataFrame({"x": np.floor(LON), "y": np.floor(LAT), "fold": fold})
    assert (blocks.groupby(["x", "y"])["fold"].agg(np.ptp) == 0).all()
    shares = pd.crosstab(fold, COUNTRY, normalize="columns")
    assert shares.shape == (5, 2)
    assert ((shares > 0.15) & (shares < 0.25)).all(axis=None)
    assert abs((COUNTRY == "south")[fold == 0].mean() - 0.2) < 0.05


def test_order_of_rows_tells_nothing() -> None:
    order = RANDOM.permutation(3000)
    for folds in (
        lambda o: stratified_block_folds(LON[o], LAT[o], COUNTRY.iloc[o]),
        lambda o: site_folds(IDS[o], LON[o], LAT[o]),
        lambda o: random_folds(IDS[o]),
    ):
        np.testing.assert_array_equal(folds(np.arange(3000))[order], folds(order))


def test_sites_are_linked_surveys() -> None:
    lon, lat = np.array([10, 10.005, 10.01, 11, np.nan, np.nan]), np.full(6, 52.0)
    site = sites_of(lon, lat)
    assert len(set(site)) == 4
    assert len(set(site[:3])) == 1
    fold = site_folds(np.arange(6), lon, lat)
    assert len(set(fold[:3])) == 1


def test_the_buffer_holds_its_distance() -> None:
    fold = stratified_block_folds(LON, LAT, COUNTRY)
    split = fold_split(fold, 2, LON, LAT, 10)
    held = np.flatnonzero(split == "validation")
    assert (fold[held] == 2).all()
    for i in RANDOM.choice(np.flatnonzero(fold != 2), 60):
        nearest = min(distance_km(LON[i], LAT[i], LON[j], LAT[j]) for j in held)
        assert (nearest <= 10) == (split[i] == "buffer")


def test_surveys_without_a_position_are_in_no_block() -> None:
    lon = np.array([np.nan, 5.5, 15.5])
    fold = stratified_block_folds(lon, np.full(3, 50.5), pd.Series(["a", None, "b"]))
    assert fold[0] == -1 and set(fold[1:]) == {0, 1}
    assert fold_split(fold, 0, lon, np.full(3, 50.5))[0] == "buffer"
    assert stratified_block_folds(lon[:1], lon[:1], pd.Series(["a"])).tolist() == [-1]
    assert sites_of(np.array([]), np.array([])).size == 0


def test_the_epoch_is_chosen_by_whole_blocks_of_the_fold() -> None:
    split = fold_split(stratified_block_folds(LON, LAT, COUNTRY), 1, LON, LAT, 10)
    thirds = [stratified_block_folds(LON[split == "validation"], LAT[split == "validation"],
                                     COUNTRY[split == "validation"], 3)]  # fmt: skip
    parted = with_selection(split, lambda _rows: thirds[0])
    assert set(np.unique(parted)) == {"train", "buffer", "validation", "selection"}
    np.testing.assert_array_equal(np.isin(parted, ("validation", "selection")), split == "validation")
    np.testing.assert_array_equal(parted[split != "validation"], split[split != "validation"])
    assert 0.25 < (parted == "selection").sum() / (split == "validation").sum() <= 1 / 3
    blocks = pd.DataFrame({"x": np.floor(LON), "y": np.floor(LAT), "part": parted})[split == "validation"]
    assert (blocks.groupby(["x", "y"])["part"].agg(lambda of: (of == of.iloc[0]).all())).all()


def test_one_block_is_not_parted() -> None:
    split = np.array(["train", "validation", "validation"])
    np.testing.assert_array_equal(with_selection(split, lambda rows: np.zeros(len(rows), int)), split)
    none = np.array(["train", "buffer"])
    np.testing.assert_array_equal(with_selection(none, lambda rows: np.zeros(len(rows), int)), none)
