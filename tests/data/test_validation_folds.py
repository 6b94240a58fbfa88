"""Surveys held back under each split scheme, and how far they lie from training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.validation_folds import fold_table, held_back_distances, median_km
from tests.datasets import multilabel


def folded() -> Dataset:
    """Twenty surveys on a parallel, a degree apart: two folds of blocks, one fold at random, and one test."""
    data, at = multilabel(), np.arange(20)
    splits = {
        "split_block": np.where(at < 10, "validation", "train"),
        "split_block_2": np.where(at < 10, "train", "validation"),
        "split_random": np.where(at % 2, "train", "validation"),
    }
    sites = data.sites[[c for c in data.sites if not str(c).startswith("split_")]]
    sites = sites.assign(lon=at.astype(float), lat=0.0, **splits)
    sites.loc[19, ["split_block", "split_block_2", "split_random"]] = "test_near"
    return replace(data, sites=sites)


def test_every_survey_is_held_back_by_one_fold_of_the_blocks() -> None:
    table = fold_table(folded(), "block")
    assert table["part"].value_counts().to_dict() == {"1": 10, "2": 9}
    random = fold_table(folded(), "random")
    assert random["part"].value_counts().to_dict() == {"train": 9, "validation": 10}


def test_distances_are_to_the_training_surveys_of_the_own_fold() -> None:
    table = held_back_distances(folded())
    assert table.groupby("scheme", sort=False).size().to_dict() == {"block": 19, "random": 10}
    assert table[table["scheme"] == "block"].groupby("fold").size().tolist() == [10, 9]
    degree = 6371.0088 * np.pi / 180
    first = table[(table["scheme"] == "block") & (table["fold"] == 1)].set_index("survey_id")["km"]
    assert first[109] == pytest.approx(degree, rel=1e-3) and first[100] == pytest.approx(10 * degree, rel=1e-3)
    assert median_km(table)["random"] == pytest.approx(degree, rel=1e-3)


def test_surveys_without_a_position_and_data_without_training_are_left_out() -> None:
    data = folded()
    data.sites.loc[3, "lon"] = np.nan
    assert len(fold_table(data, "block")) == 18
    assert held_back_distances(data.take(np.array([19]))).empty
    bare = replace(data, sites=data.sites.drop(columns=["split_block", "split_block_2", "split_random"]))
    assert held_back_distances(bare).empty


def test_a_real_partial_tree_holds_nothing_back(real_tree: Path) -> None:
    assert held_back_distances(open_dataset(real_tree)).empty
