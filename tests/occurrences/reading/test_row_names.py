"""Problems name lines of the file as an editor shows them, and records of files that have no lines."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import preview
from tests.occurrences.tables import Tables

ROWS = [("Poa annua", 6.0, 46.0), ("", 6.1, 46.1), ("Poa annua", None, 46.2), ("Abies alba", 6.3, 146.3),
        ("Abies alba", 6.4, 46.4)]  # fmt: skip


def examples(path: Path) -> dict[str, tuple[str, ...]]:
    return {one.kind: one.examples for one in preview(path).problems}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_header_is_line_1_and_line_breaks_in_cells_count(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "records.csv"
    cells = [["species", "lon", "lat", "remark"], *([name, x or "", y, ""] for name, x, y in ROWS)]
    cells[1][3] = '"seen\nby\ntwo"'
    lines = [",".join(map(str, row)) for row in cells]
    lines.insert(4, "")  # between the third and the fourth record
    path.write_bytes(ending.join(lines).encode())
    found = examples(path)
    text = path.read_bytes().decode().split("\n")
    assert found["no_species"] == ("line 5",) and text[4].startswith(",6.1,46.1")
    assert found["no_position"] == ("line 6", "line 8") and text[7].startswith("Abies alba,6.3,146.3")


@pytest.mark.parametrize("name", ["records.gpkg", "records.parquet", "records.shp", "plain.parquet"])
def test_files_without_lines_count_records(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame(ROWS, columns=["species", "lon", "lat"]).fillna({"lon": 200.0})
    points = gpd.points_from_xy(frame["lon"], frame["lat"])
    table = frame if name == "plain.parquet" else gpd.GeoDataFrame(frame[["species"]], geometry=points, crs=4326)
    table.to_parquet(tmp_path / name) if name.endswith("parquet") else table.to_file(tmp_path / name)
    assert examples(tmp_path / name)["no_species"] == ("record 2",)
    assert examples(tmp_path / name)["no_position"] == ("record 3", "record 4")


def test_every_table_of_an_import_says_it_alike(good: Tables, tmp_path: Path) -> None:
    background = good.background.copy()
    background.loc[7, ["wet", "road", "soil"]] = None
    plots, environment = good.plots.copy().astype(object), good.plot_predictors.copy()
    plots.loc[0] = plots.loc[1]  # the second of two plots with one id goes: rows and lines part
    plots.loc[4, "Planta a"] = "?"
    at = environment["siteid"] == plots.loc[5, "siteid"]
    environment.loc[at, ["wet", "road", "soil"]] = None
    files = good.write(tmp_path, background=background, plots=plots, plot_predictors=environment)
    assert isinstance(files, OccurrenceFiles)
    _, report = build_dataset(files, "made", ImportOptions())
    told = {(one.kind, one.table): one.examples for one in report.problems}
    assert told["no_predictor", "background"] == ("line 9",)
    assert told["not_recorded_cell", "plots"] == ("line 6",)
    assert told["no_predictor", "plots"] == ("line 7",)
