"""The contract of a data set: splits, rows, sub-sets, and its own consistency."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.data.dataset import ArrayReader, Dataset, TargetKind
from sdm.errors import DataError, UnknownNameError
from tests.datasets import DATASETS, ROWS


@pytest.fixture(params=DATASETS)
def fixture(request: pytest.FixtureRequest) -> Dataset:
    return DATASETS[request.param]()


def test_splits_and_rows(fixture: Dataset) -> None:
    assert len(fixture) == ROWS
    assert fixture.schemes == ("block", "random")
    assert fixture.splits() == {"train": 12, "validation": 3, "test_near": 3, "test_far": 2}
    assert fixture.rows("validation").tolist() == [12, 13, 14]


def test_unknown_names_list_the_known(fixture: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="test_near"):
        fixture.rows("tset")
    with pytest.raises(UnknownNameError, match="block, random"):
        fixture.splits("blok")
    with pytest.raises(UnknownNameError, match="landsat"):
        replace(fixture, modalities=("sound",))
    with pytest.raises(DataError, match="999"):
        fixture.row_of(999)


def test_survey_ids_are_told_apart_by_source(fixture: Dataset) -> None:
    assert fixture.row_of(103) == fixture.row_of(103, "PA-train") == 3
    with pytest.raises(DataError):
        fixture.row_of(103, "PA-test")


def test_inconsistent_tables_are_refused(fixture: Dataset) -> None:
    with pytest.raises(DataError, match="lon"):
        replace(fixture, sites=fixture.sites.drop(columns="lon"))
    with pytest.raises(DataError, match="length"):
        replace(fixture, sites=fixture.sites.iloc[:5])


def test_a_part_of_a_part(fixture: Dataset) -> None:
    rows = np.array([4, 2, 2, 9, 15])
    part = fixture.take(rows).take(np.array([1, 4]))
    assert part.sites["survey_id"].tolist() == [102, 115]
    for name in fixture.modalities:
        np.testing.assert_array_equal(
            part.reader.read(name, np.array([1, 0])), fixture.reader.read(name, np.array([15, 2]))
        )
        np.testing.assert_array_equal(part.reader.available(name), fixture.reader.available(name)[[2, 15]])
    assert part.targets.known.tolist() == fixture.targets.known[[2, 15]].tolist()


def test_width(fixture: Dataset) -> None:
    expected = {TargetKind.MULTILABEL: 7, TargetKind.MULTICLASS: 4, TargetKind.REGRESSION: 1}
    assert fixture.targets.width == expected[fixture.targets.kind]
    assert len(fixture.targets.class_ids) == len(fixture.targets.classes)


def test_arrays_in_memory() -> None:
    values = np.array([[1, np.nan], [np.nan, np.nan]])
    reader = ArrayReader({"environment": values})
    assert reader.available("environment").tolist() == [True, False]
    assert reader.read("environment", np.array([1, 0])).dtype == np.float32
