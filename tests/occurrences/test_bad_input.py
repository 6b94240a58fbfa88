"""What is wrong in tables of occurrences is reported and counted, the rest is kept; nothing left is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions
from tests.occurrences.tables import Tables, tables

Change = Callable[[dict[str, pd.DataFrame]], None]


def _set(table: str, rows: list[int], column: str, value: object) -> Change:
    def change(every: dict[str, pd.DataFrame]) -> None:
        every[table][column] = every[table][column].astype(object)
        every[table].loc[rows, column] = value

    return change


def _single(every: dict[str, pd.DataFrame]) -> None:
    every["records"].loc[5, "scientificName"] = "Rara unica"


def _lost(every: dict[str, pd.DataFrame]) -> None:
    every["records"].loc[5, ["scientificName", "decimalLatitude"]] = ["Rara perdita", 91.0]


def _twice(every: dict[str, pd.DataFrame]) -> None:
    every["records"] = pd.concat([every["records"], every["records"].iloc[:4]])


def _other(every: dict[str, pd.DataFrame]) -> None:
    again = every["records"].iloc[[0]].assign(wet=0.123, scientificName="Planta z")
    every["records"] = pd.concat([every["records"], again, again.assign(scientificName="Planta a")])


def _sea(every: dict[str, pd.DataFrame]) -> None:
    every["background"].loc[:9, ["wet", "road", "soil"]] = np.nan


def _strange(every: dict[str, pd.DataFrame]) -> None:
    every["plots"].loc[[0, 1], "siteid"] = [9001, 9002]


def _repeated(every: dict[str, pd.DataFrame]) -> None:
    every["plots"].loc[1, "siteid"] = every["plots"].loc[0, "siteid"]


def _unknown(every: dict[str, pd.DataFrame]) -> None:
    every["plots"]["Planta ignota"] = 1


def _lacking(every: dict[str, pd.DataFrame]) -> None:
    every["plots"] = every["plots"].drop(columns="Planta b")


def _mixed(every: dict[str, pd.DataFrame]) -> None:
    every["records"].loc[every["records"].index[0], "group"] = "moss"


@pytest.mark.parametrize(
    ("change", "kind", "count"),
    [
        (_set("records", [3, 8], "scientificName", ""), "no_species", 2),
        (_set("records", [3], "decimalLatitude", 91), "no_position", 1),
        (_set("records", [3], "decimalLatitude", "north"), "not_number", 1),
        (_set("background", [3, 4, 5], "decimalLongitude", ""), "no_position", 3),
        (_sea, "no_predictor", 10),
        (_set("background", [1, 2], "wet", np.nan), "some_predictors", 2),
        (_set("records", [1], "wet", "inf"), "some_predictors", 1),
        (_twice, "repeated", 4),
        (_other, "other_predictors", 1),
        (_single, "single_record", 1),
        (_lost, "no_record_left", 1),
        (_strange, "no_plot_predictors", 2),
        (_strange, "unused_plot_predictors", 2),
        (_repeated, "repeated_plot", 1),
        (_unknown, "unknown_in_plots", 1),
        (_lacking, "not_in_plots", 1),
        (_set("plots", [2], "Planta a", -9), "not_recorded_cell", 1),
        (_mixed, "two_groups", 1),
        (lambda _: None, "small_group", 1),
        (lambda _: None, "few_values", 1),
    ],
)
def test_it_is_counted_and_the_rest_is_kept(
    good: Tables, tmp_path: Path, change: Change, kind: str, count: int
) -> None:
    every = {name: getattr(good, name).copy() for name in ("records", "background", "plots", "plot_predictors")}
    change(every)
    data, report = build_dataset(good.write(tmp_path, **every), "bad", ImportOptions())
    found = {problem.kind: problem.count for problem in report.problems}
    assert found.get(kind) == count, report.to_text()
    assert len(data) > 0.9 * 800 * 0.7 and data.targets.values.nnz > 0
    assert report.to_text() and report.to_json()


def test_what_leaves_nothing_is_an_error(good: Tables, tmp_path: Path) -> None:
    nowhere = good.records.assign(decimalLatitude=np.nan)
    with pytest.raises(DataError, match="no record is left"):
        build_dataset(good.write(tmp_path, records=nowhere), "bad", ImportOptions())
    with pytest.raises(DataError, match="no column of the species"):
        build_dataset(good.write(tmp_path, records=good.background), "bad", ImportOptions())
    with pytest.raises(DataError, match="no such predictor"):
        build_dataset(good.write(tmp_path), "bad", ImportOptions(predictors=("rain",)))
    with pytest.raises(DataError, match="no class codes"):
        build_dataset(good.write(tmp_path), "bad", ImportOptions(categories=("wet",)))
    strangers = good.plots.rename(columns=lambda name: name.replace("Planta", "Herba"))
    with pytest.raises(DataError, match="no column of a species"):
        build_dataset(good.write(tmp_path, plots=strangers), "bad", ImportOptions())


def test_thousands_of_species(tmp_path: Path) -> None:
    few = tables(60)
    many = pd.concat([few.records] * 20, ignore_index=True)
    many["scientificName"] = [f"Species {i % 3000}" for i in range(len(many))]
    many["decimalLongitude"] += np.random.default_rng(0).random(len(many)) / 100
    plots = few.plots.rename(columns={"Planta a": "Species 0"})
    data, report = build_dataset(few.write(tmp_path, records=many, plots=plots), "many", ImportOptions())
    assert report.species == many["scientificName"].nunique() == data.targets.width


def test_all_missing_columns_are_named_at_once(good: Tables, tmp_path: Path) -> None:
    strange = good.records.add_suffix("_of_mine")
    with pytest.raises(DataError, match="the species, and none of longitude or x, and none of latitude") as caught:
        build_dataset(good.write(tmp_path, records=strange), "bad", ImportOptions())
    assert caught.value.remedy == "Name each: --column species=NAME --column x=NAME --column y=NAME"
