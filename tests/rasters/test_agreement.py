"""Agreement of mappers: shares at each level by hand, windows that change nothing, overlaps that say nothing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from rasterio import Affine
from shapely import Polygon, box

from sdm.errors import DataError
from sdm.rasters.agreement import agreement_table, inconsistency_table, mapper_confusion
from sdm.rasters.mapped_types import Grid, combinations_of_types, distinct_types

GRID = Grid(Affine(10, 0, 500_000, 0, -10, 6_500_000), 20, 10)


def strip(first: int, last: int) -> Polygon:
    """Whole columns of GRID from `first` to before `last`."""
    return box(500_000 + 10 * first, 6_499_900, 500_000 + 10 * last, 6_500_000)


def mapping(*parts: tuple[str, int, int]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": [code for code, _, _ in parts]}, geometry=[strip(a, b) for _, a, b in parts], crs=32632
    )


THREE = {
    "A": mapping(("T4-C-5", 0, 8), ("T31-C-2", 8, 16)),
    "B": mapping(("T4-C-5", 0, 4), ("T4-C-1", 4, 12), ("V1-C-1", 12, 16)),
    "C": mapping(("T4-C-1", 0, 6), ("T31-C-2", 6, 18)),
}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return combinations_of_types(THREE, GRID)


def test_every_combination_is_counted(table: pd.DataFrame) -> None:
    assert table.set_index(["A", "B", "C"])["pixels"].to_dict() == {
        ("T4-C-5", "T4-C-5", "T4-C-1"): 40, ("T4-C-5", "T4-C-1", "T4-C-1"): 20,
        ("T4-C-5", "T4-C-1", "T31-C-2"): 20,
        ("T31-C-2", "T4-C-1", "T31-C-2"): 40, ("T31-C-2", "V1-C-1", "T31-C-2"): 40, ("", "", "T31-C-2"): 20,
    }  # fmt: skip


@pytest.mark.parametrize("side", [3, 7, 64])
def test_windows_change_nothing(table: pd.DataFrame, side: int) -> None:
    assert combinations_of_types(THREE, GRID, side).equals(table)
    assert (distinct_types(THREE, GRID, side=side) == distinct_types(THREE, GRID)).all()


def test_share_that_agrees_at_each_level(table: pd.DataFrame) -> None:
    shares = agreement_table(table).set_index(["mappers", "level"])
    assert shares.loc["A & B", "share"].tolist() == [120 / 160, 80 / 160, 40 / 160]
    assert shares.loc["A & C", "share"].tolist() == [1, 140 / 160, 80 / 160]
    assert shares.loc["A & B & C", "share"].tolist() == [120 / 160, 60 / 160, 0]
    assert (shares["pixels"] == 160).all()


def test_inconsistency_of_three(table: pd.DataFrame) -> None:
    rows = inconsistency_table(table).set_index(["level", "types"])["pixels"]
    assert rows.loc["name"].tolist() == [0, 140, 20]
    assert rows.loc["main_type"].tolist() == [60, 100, 0]
    assert rows.loc["group"].tolist() == [120, 40, 0]


def test_confusion_of_two(table: pd.DataFrame) -> None:
    confusion = mapper_confusion(table, "A", "B")
    assert confusion.index.tolist() == confusion.columns.tolist() == ["T4-C-1", "T4-C-5", "T31-C-2", "V1-C-1"]
    assert confusion.loc["T4-C-5"].tolist() == [40, 40, 0, 0]
    assert confusion.to_numpy().sum() == 160
    assert mapper_confusion(table, "A", "B", "group").to_numpy().tolist() == [[120, 40], [0, 0]]


def test_map_of_distinct_types() -> None:
    first_row = distinct_types(THREE, GRID)[0].tolist()
    assert first_row == [2] * 4 + [2] * 2 + [3] * 2 + [2] * 8 + [0] * 4
    assert distinct_types(THREE, GRID, "main_type")[0, :8].tolist() == [1] * 6 + [2] * 2
    assert distinct_types(THREE, GRID.coarser(5)).shape == (3, 5)


def test_own_overlap_says_nothing() -> None:
    overlapping = mapping(("T4-C-5", 0, 8), ("T4-C-1", 6, 12), ("T4-C-1", 10, 12))
    table = combinations_of_types({"A": THREE["A"], "O": overlapping}, GRID)
    assert table[table["O"] == ""]["pixels"].sum() == 20 + 40
    assert table[table["O"] == "T4-C-1"]["pixels"].sum() == 40


def test_apart() -> None:
    table = combinations_of_types({"A": mapping(("T4-C-5", 0, 4)), "B": mapping(("T4-C-5", 4, 8))}, GRID)
    assert agreement_table(table)["share"].isna().all()
    assert inconsistency_table(table)["share"].isna().all()
    assert mapper_confusion(table, "A", "B").empty


def test_nothing_on_the_grid() -> None:
    table = combinations_of_types({name: mapping(("T4-C-5", 90, 99)) for name in "AB"}, GRID)
    assert table.empty and agreement_table(table)["pixels"].sum() == 0
    assert not np.any(distinct_types({name: mapping(("T4-C-5", 90, 99)) for name in "AB"}, GRID))


def test_one_mapper() -> None:
    with pytest.raises(DataError, match="expected 2 to 8"):
        combinations_of_types({"A": THREE["A"]}, GRID)


def test_eight_mappers_of_many_types_are_counted_as_columns_are() -> None:
    rng = np.random.default_rng(0)
    codes = [f"T{main}-C-{ground}" for main in range(1, 40) for ground in range(1, 9)]
    columns = rng.choice(codes, (8, 20)).tolist()  # all combinations of eight would not fit into 64 bits
    mappers = {f"{i}": mapping(*((code, x, x + 1) for x, code in enumerate(own))) for i, own in enumerate(columns)}
    table = combinations_of_types(mappers, GRID)
    assert {tuple(row) for row in table[list(mappers)].to_numpy()} == set(zip(*columns, strict=True))
    assert (table["pixels"] == 10).all()
