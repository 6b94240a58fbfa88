"""Columns that number rows, or doubt them, are no predictors; what was measured is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import preview
from sdm.occurrences.reading.sources import open_source
from sdm.occurrences.running_numbers import set_aside

ROWS = 600
NONE = ["Nr", "Beleg", "Unschärfe", "GPS accuracy", "Monat", "Kennung"]


def records(rows: int = ROWS) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame({
        "Nr": np.full(rows, 7), "Beleg": np.arange(40, 40 + 3 * rows, 3),
        "species": [f"Planta {'ab'[i % 2]}" for i in range(rows)],
        "longitude": random.uniform(8, 9, rows), "latitude": random.uniform(47, 48, rows),
        "Unschärfe": random.uniform(1, 99, rows), "GPS accuracy": 3, "Monat": random.integers(1, 29, rows),
        "height": random.integers(0, 3000, rows), "wet": random.random(rows),
        "Kennung": random.permutation(rows) + 100_000,
    })  # fmt: skip


def written(table: pd.DataFrame, folder: Path) -> Path:
    table.to_csv(folder / "records.csv", index=False)
    return folder / "records.csv"


def test_what_numbers_rows_is_set_aside_and_told(tmp_path: Path) -> None:
    path = written(records().drop(columns="Unschärfe"), tmp_path)
    seen = preview(path)
    assert seen.predictors == ("height", "wet")
    problem = next(one for one in seen.problems if one.kind == "set_aside")
    assert set(problem.examples) == set(NONE) - {"Unschärfe"}
    _, report = build_dataset(OccurrenceFiles(path), "made", ImportOptions())
    assert report.predictors == ("height", "wet")
    assert {one.kind: one.count for one in report.problems}["set_aside"] == len(NONE) - 1


def test_it_is_taken_where_it_is_named(tmp_path: Path) -> None:
    path = written(records(), tmp_path)
    _, report = build_dataset(OccurrenceFiles(path), "made", ImportOptions(predictors=("Kennung", "wet")))
    assert report.predictors == ("Kennung", "wet")


def test_few_heights_that_differ_are_heights(tmp_path: Path) -> None:
    table = pd.DataFrame({"height": [300, 120, 200, 150], "id_of_mine": [1, 2, 3, 4], "gap": [1, 2, np.nan, 4]})
    source = open_source(written(table, tmp_path))
    assert set_aside(source, source.header) == ("id_of_mine",)


def test_metres_of_doubt_are_the_uncertainty(tmp_path: Path) -> None:
    table = records(40).rename(columns={"Unschärfe": "Uncertainty of position (m)"})
    assert preview(written(table, tmp_path)).roles["uncertainty"] == "Uncertainty of position (m)"
    assert preview(written(records(40), tmp_path)).roles["uncertainty"] == "Unschärfe"
