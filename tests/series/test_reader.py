"""Series are what a simple loop over pixels finds, in whatever form and order the files hold them."""

from __future__ import annotations

import csv
import gzip
import math
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.files import PROJECT
from sdm.series import blocks
from sdm.series.columns import file_columns
from sdm.series.options import ReadOptions
from sdm.series.reader import SeriesTable, read_series
from tests.series.exports import labelled_table, raw_table, series_rows, write_exports

BANDS = ("B2", "B8", "NDVI")


def by_hand(path: Path, *, one_a_month: bool = True) -> dict[tuple[float, float], list[list[float]]]:
    """Position to 6 digits -> features of each step, read cell by cell and pixel by pixel."""
    pixels: dict[tuple[float, float], dict[date, list[float]]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            values = [_number(row[band]) for band in BANDS]
            day = _date(row["image_date"])
            if day is None or all(map(math.isnan, values)):
                continue
            place = round(float(row["longitude"]), 6), round(float(row["latitude"]), 6)
            pixels.setdefault(place, {}).setdefault(day, values)
    series = {}
    for place, dates in pixels.items():
        steps = []
        months = set()
        for day in sorted(dates):
            if not one_a_month or (day.year, day.month) not in months:
                steps.append(dates[day])
            months.add((day.year, day.month))
        series[place] = steps[:12]
    return series


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return math.nan if value == -999 or math.isinf(value) else value


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pytest.fixture(scope="module")
def untidy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 pixels in a random order of rows, with every defect of cells and rows."""
    random = np.random.default_rng(3)
    cells = random.choice(400, 60, replace=False)
    table = (
        series_rows(cells // 20, cells % 20, bands=BANDS, seed=4).drop(columns=["pixel", "month"]).astype(object)
    )
    table = pd.concat(
        [table, table.sample(80, random_state=1), table.sample(80, random_state=2)], ignore_index=True
    )
    table.loc[random.choice(len(table), 60), "image_date"] = "2022-07-30"
    table.loc[random.choice(len(table), 200), "image_date"] = [f"2021-{m % 12 + 1:02d}-02" for m in range(200)]
    for band, text in (
        ("B2", "cloud"),
        ("B8", ""),
        ("B8", "inf"),
        ("NDVI", "nan"),
        ("NDVI", "-999.0"),
        ("B2", "1e2"),
    ):
        table.loc[random.choice(len(table), 30), band] = text
    table.loc[random.choice(len(table), 20), "image_date"] = "2022-02-30"
    path = tmp_path_factory.mktemp("untidy") / "site_2022.csv"
    table.sample(frac=1, random_state=5).to_csv(path, index=False)
    return path


def same(table: SeriesTable, series: dict[tuple[float, float], list[list[float]]]) -> None:
    places = list(zip(table.lon.round(6).tolist(), table.lat.round(6).tolist(), strict=True))
    assert set(places) == set(series)
    for i, place in enumerate(places):
        steps = np.array(series[place], np.float32)
        assert table.months[i] == len(steps)
        assert np.array_equal(table.values[i, :, : len(steps)], steps.T, equal_nan=True)
        assert np.isnan(table.values[i, :, len(steps) :]).all()


@pytest.mark.parametrize("one_a_month", [True, False])
@pytest.mark.parametrize("block", [blocks.BLOCK_BYTES, 4096])
def test_series_are_those_of_a_loop(untidy: Path, one_a_month: bool, block: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block)
    table = read_series([untidy], options=ReadOptions(bands=BANDS, one_a_month=one_a_month))
    same(table, by_hand(untidy, one_a_month=one_a_month))
    report = table.report
    raw = pd.read_csv(untidy, dtype=str, keep_default_na=False)
    assert report.rows == len(raw)
    assert report.rows_used == table.months.sum()
    dropped = ("broken_date", "no_value", "repeated_row", "other_values", "month_twice", "cut")
    assert report.rows_used + sum(map(report.count, dropped)) == report.rows
    assert report.count("not_number", "B2") == (raw["B2"] == "cloud").sum()
    assert report.count("not_finite", "B8") == (raw["B8"] == "inf").sum()
    assert report.count("empty") == raw[list(BANDS)].isin(["", "nan"]).to_numpy().sum()
    assert report.count("masked", "NDVI") == raw["NDVI"].isin(["-999.0", "-999"]).sum()


def test_the_line_of_a_cell_is_that_of_the_file(untidy: Path):
    first, *_ = (one for one in read_series([untidy]).report.problems if one.kind == "not_number")
    name, line = first.examples[0].split(":")
    assert name == untidy.name
    assert untidy.read_text().splitlines()[int(line) - 1].startswith("cloud")


def test_raw_and_plain_exports_in_any_order_are_read_alike(tmp_path: Path):
    row, column = (part.ravel() for part in np.mgrid[0:3, 0:4])
    raw = raw_table(row, column)
    plain = series_rows(row, column).drop(columns=["month", "pixel"]).rename(columns={"longitude": "LON"})
    plain = plain.rename(columns=str.upper).sample(frac=1, random_state=0)
    raw.to_csv(tmp_path / "raw.csv", index=False)
    plain.iloc[:, ::-1].to_csv(tmp_path / "plain.csv", index=False, sep="\t")
    with gzip.open(tmp_path / "packed.csv.gz", "wt", encoding="utf-8-sig", newline="\r\n") as file:
        file.write(plain.to_csv(index=False))
    one, two, three = (read_series([tmp_path / name]) for name in ("raw.csv", "plain.csv", "packed.csv.gz"))
    for other in (two, three):
        assert np.array_equal(one.values, other.values, equal_nan=True)
        assert np.allclose(np.stack([one.lon, one.lat]), np.stack([other.lon, other.lat]), atol=1e-9)
        assert np.array_equal(one.dates, other.dates, equal_nan=True)
    assert one.bands[-3:] == ("NDVI", "EVI", "NDWI")
    assert not one.labelled.any()


def test_what_spreadsheets_and_old_programs_write_is_read_alike(tmp_path: Path):
    """Semicolons with decimal commas, days first, Latin-1."""
    table = labelled_table(3).assign(Class="m\xe9l\xe8ze")
    table.to_csv(tmp_path / "plain.csv", index=False)
    day = pd.to_datetime(table["image_date"]).dt.strftime("%d/%m/%Y 02:31")
    table.assign(image_date=day).to_csv(
        tmp_path / "sheet.csv", index=False, sep=";", decimal=",", encoding="latin-1", lineterminator="\r\n"
    )
    one, other = (read_series([tmp_path / name]) for name in ("plain.csv", "sheet.csv"))
    assert np.array_equal(one.values, other.values, equal_nan=True)
    assert np.array_equal(one.dates, other.dates, equal_nan=True)
    assert set(one.label) == set(other.label) == {"m\xe9l\xe8ze"}
    assert {problem.kind for problem in other.report.problems} == {"padded"}


def test_dates_come_from_the_index_or_the_month_where_there_are_no_others(tmp_path: Path):
    raw = raw_table(np.array([0, 0]), np.array([0, 1])).query("month < 10")
    stamp = raw["image_date"].str.replace("-", "")
    raw["system:index"] = [f"{i}_{day}T023101_{day}T023056_T52UCV_0" for i, day in enumerate(stamp)]
    raw.drop(columns="image_date").to_csv(tmp_path / "index.csv", index=False)
    raw.drop(columns=["image_date", "system:index"]).to_csv(tmp_path / "months_2022.csv", index=False)
    by_index, by_month = (read_series([tmp_path / name]) for name in ("index.csv", "months_2022.csv"))
    assert np.array_equal(by_index.values, by_month.values, equal_nan=True)
    assert np.datetime_as_string(by_index.dates[0, 0]) in set(raw["image_date"])
    assert set(np.datetime_as_string(by_month.dates[0][: by_month.months[0]], unit="M")) <= {
        f"2022-{month:02d}" for month in range(1, 10)
    }
    assert by_month.report.count("date_from_month") == len(raw)


def test_positions_are_exact_where_there_are_classes_and_rounded_elsewhere(tmp_path: Path):
    table = labelled_table(2)
    table["longitude"] += np.where(np.arange(len(table)) % 2, 1e-9, 0)
    table.to_csv(tmp_path / "points.csv", index=False)
    table.drop(columns="Class").to_csv(tmp_path / "tile.csv", index=False)
    assert len(read_series([tmp_path / "points.csv"])) > 8
    assert len(read_series([tmp_path / "points.csv"], options=ReadOptions(position="rounded"))) == 8
    assert len(read_series([tmp_path / "tile.csv"])) == 8


def test_tiles_are_one_site_and_a_far_one_is_another(tmp_path: Path):
    files = write_exports(tmp_path, side=3)[1:]
    far = pd.read_csv(files[0])
    far[".geo"] = far[".geo"].str.replace("[127.", "[121.")
    far.to_csv(tmp_path / "Unseen_2022_monthly_patch_9_9.csv.gz", index=False)
    table = read_series([*files, tmp_path / "Unseen_2022_monthly_patch_9_9.csv.gz"])
    assert {file.site for file in table.report.files[:4]} == {"Unseen_2022_monthly"}
    assert table.report.files[4].site != "Unseen_2022_monthly"
    assert table.report.count("other_site") == 1
    assert (table.source == table.report.files[4].site).sum() == 9


def test_what_the_script_of_the_guide_exports_is_read(tmp_path: Path):
    """Its lists of columns, not a row of it: it runs at Earth Engine alone."""
    guide = (PROJECT / "docs/earth-engine.md").read_text(encoding="utf-8")
    lists = re.search(r"BANDS = \[(.*?)\];.*?concat\(\[(.*?)\]\);\s*var PLACE = \[(.*?)\]", guide, re.DOTALL)
    assert lists is not None
    bands, indices, place = (re.findall(r"'(\w+)'", part) for part in lists.groups())
    for extra in ([], ["Class", "point"]):
        header = [*bands, *indices, *extra, *place]
        path = tmp_path / f"{len(header)}.csv"
        path.write_text(",".join(header) + "\n")
        columns = file_columns(path)
        assert len(columns.bands) == 20
        assert set(columns.roles) == {"date", "longitude", "latitude", *(name.lower() for name in extra)}
