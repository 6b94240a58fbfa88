"""A data set in numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data import overview
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.figures import overview as figures
from sdm.number_format import PERCENT
from tests.datasets import DATASETS, multilabel


def test_counts_add_up() -> None:
    data = multilabel()
    table = overview.counts(data)
    assert table["surveys"].sum() == len(data)
    assert table["known"].sum() == data.targets.known.sum()
    train = table[table["split"] == "train"].iloc[0]
    assert (train["source"], train["surveys"], train["known"]) == ("PA-train", 12, 11)
    assert train["records"] == data.targets.values[:11].nnz
    assert train["classes"] == 4


@pytest.mark.parametrize("kind", DATASETS)
def test_every_kind_has_an_overview(kind: str) -> None:
    data = DATASETS[kind]()
    assert overview.counts(data)["surveys"].sum() == 20
    assert len(overview.frequency(data)) == len(data.targets.classes)
    assert len(overview.missing(data)) == 2 * len(data.modalities)


def test_countries_by_rank_and_the_unknown_counted() -> None:
    data = multilabel()
    data.sites["country"] = data.sites["country"].astype(object).where(np.arange(20) > 1, None)
    table = overview.by_country(data)
    assert table["surveys"].sum() == 20
    assert table["country"].iloc[0] == "Netherlands"
    assert table.loc[table["country"] == overview.UNKNOWN, "surveys"].sum() == 2


def test_missing_files_and_gaps_inside_files() -> None:
    table = overview.missing(multilabel()).set_index(["source", "modality"])
    patch, environment = table.loc[("PA-train", "patch")], table.loc[("PA-test", "environment")]
    assert (patch["surveys"], patch["present"], patch["unreadable"]) == (15, 14, 0)
    assert patch["gaps"] == pytest.approx(4 * 4 / (14 * 4 * 64 * 64))
    assert environment["gaps"] == pytest.approx(1 / 64)


def test_unreadable_files_are_counted_and_do_not_stop_the_rest() -> None:
    class Damaged:
        def available(self, _modality: str) -> np.ndarray:
            return np.ones(20, bool)

        def read(self, _modality: str, rows: np.ndarray) -> np.ndarray:
            if 2 in rows:
                raise DataError("damaged")
            return np.zeros((len(rows), 2), np.float32)

    table = overview.missing(replace(multilabel(), reader=Damaged(), modalities=("patch",)))
    assert table["unreadable"].tolist() == [1, 0]
    assert table["gaps"].tolist() == [0, 0]


def test_effort_counts_what_lies_in_a_cell() -> None:
    data = multilabel()
    data.sites.loc[[0, 1], ["lon", "lat"]] = [[5.1, 50.1], [5.2, 50.2]]
    data.sites.loc[2, "lon"] = np.nan
    data.sites.loc[3, "lon"] = 170.0
    cells = overview.effort(data, np.arange(20))
    assert cells["surveys"].sum() == 18
    assert cells.set_index(["south", "west"]).loc[(50.0, 5.0), "surveys"] == 2
    assert cells["surveys"].is_monotonic_decreasing


def test_frequency_keeps_presence_only_apart() -> None:
    data = multilabel()
    data.sites["split_block"] = np.where(np.arange(20) >= 15, "po", "train")
    table = overview.frequency(data).set_index("class_id")
    assert table.loc[3, ["surveys", "presence_only"]].tolist() == [12, 5]
    assert table.loc[3, "share"] == pytest.approx(12 / 14)
    assert table["surveys"].is_monotonic_decreasing


def test_distance_to_training() -> None:
    data = multilabel()
    data.sites.loc[15, ["lon", "lat"]] = data.sites.loc[0, ["lon", "lat"]]
    table = overview.distance_to_training(data).set_index("row")
    assert table.loc[15, "km"] == pytest.approx(0, abs=1e-6)
    assert table.loc[19, "km"] > table.loc[13, "km"]
    assert set(table["split"]) == {"validation", "test_near", "test_far"}


def test_without_training_there_is_no_distance() -> None:
    data = multilabel()
    data.sites["split_block"] = "test"
    assert overview.distance_to_training(data).empty


def test_without_splits_everything_still_counts() -> None:
    data = multilabel()
    bare: Dataset = replace(data, sites=data.sites.drop(columns=["split_block", "split_random"]))
    assert overview.counts(bare)["split"].tolist() == ["", ""]
    assert overview.distance_to_training(bare).empty


@pytest.mark.real
def test_a_real_partial_tree(real_tree: Path) -> None:
    data = open_dataset(real_tree)
    table = overview.missing(data).set_index("modality")
    assert table.loc["patch", "present"] == 1
    assert overview.counts(data)["known"].sum() == 0
    assert overview.frequency(data).empty


def test_the_busiest_are_counted_not_all_that_tie_with_them() -> None:
    assert overview.share_of_top(np.ones(10), 0.1) == pytest.approx(0.1)
    assert overview.share_of_top(np.array([1, 90, 9]), 0.1) == pytest.approx(0.9)
    assert np.isnan(overview.share_of_top(np.zeros(3), 0.1))


def test_a_share_of_no_survey_is_undefined() -> None:
    data = multilabel()
    nowhere = replace(data, targets=replace(data.targets, known=np.zeros(len(data), bool)))
    table = overview.frequency(nowhere)
    assert table["share"].isna().all() and not table["surveys"].any()
    assert "0" + PERCENT not in figures.frequency(table).caption
