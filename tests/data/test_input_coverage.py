"""Which surveys have the inputs of a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.data.dataset import Dataset
from sdm.data.input_coverage import FIRST_JSON, count_inputs
from sdm.data.tree import open_tree
from sdm.number_format import PERCENT
from tests.data.trees import with_files, write_tree
from tests.datasets import multilabel, with_inputs


class Unread:
    """A reader that knows who has what, and refuses to read."""

    def __init__(self, have: dict[str, np.ndarray]) -> None:
        self.have = have

    def available(self, modality: str) -> np.ndarray:
        return self.have[modality]

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        raise AssertionError(f"{modality} of {len(rows)} surveys was read")


def reader(data: Dataset, have: dict[str, np.ndarray]) -> Dataset:
    return replace(data, reader=Unread(have), modalities=tuple(have))


def test_shares_are_counted_without_reading_a_value() -> None:
    rows = np.arange(12)
    data = reader(multilabel(), {"environment": np.arange(20) == 4, "patch": np.arange(20) % 2 == 0})
    coverage = count_inputs(data, rows, ("environment", "patch", "landsat"), "train")
    assert coverage.having == {"environment": 1, "patch": 6, "landsat": 0}
    assert coverage.absent == ("landsat",)
    assert coverage.without.tolist() == [101, 103, 105, 107, 109, 111]
    assert not coverage.empty
    assert [name for name in coverage.having if coverage.sentence(name) in coverage.warnings()] == [
        "environment",
        "landsat",
    ]
    assert "1 of 12" in coverage.sentence("environment") and f"8.3{PERCENT}" in coverage.sentence("environment")
    assert "6 of 12" in coverage.without_sentence() and "101, 103" in coverage.without_sentence()


def test_nobody_has_anything_and_a_model_without_inputs() -> None:
    data = reader(multilabel(), {"environment": np.zeros(20, bool)})
    assert count_inputs(data, np.arange(12), ("environment",), "train").empty
    nothing = count_inputs(data, np.arange(12), (), "train")
    assert not nothing.empty and not nothing.warnings() and nothing.without_sentence() == ""
    assert not nothing.without.size


def test_json_names_the_first_of_many() -> None:
    many = with_inputs(multilabel().take(np.tile(np.arange(20), 10)), "environment", np.zeros(200, bool))
    written = count_inputs(many, np.arange(200), ("environment",), "test").to_json()
    assert written["having"] == {"environment": 0}
    assert written["without_inputs"]["count"] == 200
    assert len(written["without_inputs"]["first_survey_ids"]) == FIRST_JSON


@pytest.mark.parametrize("size", [90_000])
def test_it_is_quick_on_all_surveys(size: int) -> None:
    few = np.zeros(size, bool)
    few[:7] = True
    data = reader(multilabel().take(np.arange(size) % 20), dict.fromkeys(("landsat", "patch"), few))
    assert count_inputs(data, np.arange(size), ("landsat", "patch"), "train").having == {"landsat": 7, "patch": 7}


def test_a_row_of_empty_cells_is_no_row(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree")
    source, survey_id = with_files()[0]
    row = open_tree(tree).row_of(survey_id, source)
    for path in (tree / "EnvironmentalValues").rglob("*.csv"):
        table = pd.read_csv(path)
        table.loc[table["surveyId"] == survey_id, table.columns.drop("surveyId")] = np.nan
        table.to_csv(path, index=False)
    data = open_tree(tree)
    assert not data.available("environment")[row]
    assert data.available("environment").any()
    assert np.isnan(data.reader.read("environment", np.array([row]))[0]).all()
    assert count_inputs(data, np.array([row]), ("environment",), "train").empty
