"""What is wrong in exports is reported and counted, the rest is read; it is an error where nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError
from sdm.series import blocks
from sdm.series.reader import SeriesTable, read_series
from tests.series.exports import LABELLED, labelled_table


@pytest.fixture(scope="module")
def good() -> pd.DataFrame:
    """Four field points, 16 pixels, every cell as text."""
    return labelled_table(4).astype(str).reset_index(drop=True)


def read(folder: Path, table: pd.DataFrame, name: str = "points.csv") -> SeriesTable:
    table.to_csv(folder / name, index=False)
    return read_series([folder / name])


def pixel(table: pd.DataFrame, number: int) -> pd.Series:
    """Which rows are those of one pixel."""
    places = table["longitude"] + " " + table["latitude"]
    return places == places.unique()[number]


def _dates(table: pd.DataFrame) -> None:
    table.loc[[3, 9, 20], "image_date"] = ["2022-02-30", "yesterday", ""]


def _month_twice(table: pd.DataFrame) -> None:
    table.loc[len(table)] = table.iloc[5].replace({table["image_date"][5]: table["image_date"][5][:8] + "28"})


def _no_valid_month(table: pd.DataFrame) -> None:
    table.loc[pixel(table, 2), [name for name in LABELLED if name not in LABELLED[-3:]]] = "-999"
    table.loc[pixel(table, 2), "Class"] = "larch_JP"


def _infinite(table: pd.DataFrame) -> None:
    table.loc[[1, 2], "NDVI"] = ["inf", "-Infinity"]


def _words(table: pd.DataFrame) -> None:
    table.loc[[1, 2, 3], "B8A"] = ["<NaN value>", "12,5", "0x1F"]


def _positions(table: pd.DataFrame) -> None:
    table.loc[[1, 2, 3], "longitude"] = ["east", "", "1270.5"]


def _repeats(table: pd.DataFrame) -> None:
    table.loc[len(table)] = table.iloc[4]
    table.loc[len(table)] = table.iloc[6].replace({table["B8"][6]: "1"})


def _class_of_some(table: pd.DataFrame) -> None:
    table.loc[table.index[pixel(table, 3)][::2], "Class"] = ""


def _two_classes(table: pd.DataFrame) -> None:
    table.loc[table.index[pixel(table, 3)][0], "Class"] = "pine"


def _no_class(table: pd.DataFrame) -> None:
    table.loc[pixel(table, 3), "Class"] = "nan"


def _header_again(table: pd.DataFrame) -> None:
    table.loc[len(table)] = list(table.columns)


BAD: list[tuple[Callable[[pd.DataFrame], None], dict[str, int], int]] = [  # defect, what is counted, pixels left
    (_dates, {"broken_date": 3}, 16),
    (_month_twice, {"month_twice": 1}, 16),
    (_no_valid_month, {"no_valid_month": 1}, 15),
    (_infinite, {"not_finite": 2}, 16),
    (_words, {"not_number": 3}, 16),
    (_positions, {"no_position": 3}, 16),
    (_repeats, {"repeated_row": 1, "other_values": 1}, 16),
    (_class_of_some, {"class_of_some": 1}, 16),
    (_two_classes, {"two_classes": 1, "no_class": 1}, 16),
    (_no_class, {"no_class": 1}, 16),
    (_header_again, {"no_position": 1, "not_number": 20}, 16),
]


@pytest.mark.parametrize("defect, counts, left", BAD, ids=lambda value: getattr(value, "__name__", None))
def test_defects_are_counted_and_the_rest_is_read(
    good: pd.DataFrame, tmp_path: Path, defect: Callable[[pd.DataFrame], None], counts: dict[str, int], left: int
):
    table = good.copy()
    defect(table)
    made = read(tmp_path, table)
    assert counts.items() <= {one.kind: made.report.count(one.kind) for one in made.report.problems}.items()
    assert len(made) == left
    whole = read(tmp_path, good, "good.csv")
    matches = np.isin(whole.lon * 1000 + whole.lat, made.lon * 1000 + made.lat)
    assert np.isfinite(made.values).sum() > 0.9 * np.isfinite(whole.values[matches]).sum()


def test_lines_with_more_or_fewer_cells_are_left_out(good: pd.DataFrame, tmp_path: Path):
    lines = good.to_csv(index=False).splitlines()
    lines[5:5] = ["", "1,2,3", lines[3] + ",7", "", '"open,quote']
    (tmp_path / "points.csv").write_text("\n".join(lines))
    made = read_series([tmp_path / "points.csv"])
    assert made.report.count("ragged") == 3
    assert made.report.problems[0].examples == ("points.csv:7", "points.csv:8", "points.csv:10")
    assert np.array_equal(made.values, read(tmp_path, good, "good.csv").values, equal_nan=True)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_carriage_return_within_a_line_ends_none(good: pd.DataFrame, tmp_path: Path, end: str):
    lines = good.to_csv(index=False).splitlines()
    lines[5] = lines[5].replace(",", ",\r", 1)
    lines[7:7] = ["1,2\r3,4"]
    (tmp_path / "points.csv").write_bytes(end.join(lines).encode())
    made = read_series([tmp_path / "points.csv"])
    assert made.report.count("ragged") == 1
    assert made.report.problems[0].examples == ("points.csv:8",)
    assert np.array_equal(made.values, read(tmp_path, good, "good.csv").values, equal_nan=True)


def test_files_that_cannot_be_read_are_named_and_the_others_read(
    good: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = good.to_csv(index=False)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 14)
    bad = {
        "empty.csv": b"", "header.csv": text.partition("\n")[0].encode(), "other.csv": b"a,b,c\n1,2,3\n",
        "huge.csv": f"{text}{'7,' * 20_000}\n".encode(), "damaged.csv.gz": b"\x1f\x8b\x08\x00 no gzip",
        "wide.csv": text.encode("utf-16"),
    }  # fmt: skip
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.csv").write_text(text)
    (tmp_path / "good-again.csv").write_text(text)
    made = read_series(sorted(tmp_path.iterdir()))
    assert set(made.report.failed) == set(bad) - {"header.csv"}
    assert {file.name: file.rows for file in made.report.files} == {"header.csv": 0, "good-again.csv": len(good)}
    assert made.report.count("repeated_file") == 1
    assert len(made) == 16
    with pytest.raises(DataError) as error:
        read_series([tmp_path / name for name in bad])
    assert all(name in str(error.value) for name in ("empty.csv", "huge.csv"))


def test_mixed_features_are_told_and_missing_where_they_lack(good: pd.DataFrame, tmp_path: Path):
    for name, table in {
        "one.csv": good, "two.csv": good.iloc[::2].assign(NDWI="0.5"),
        "few.csv": good.iloc[:40].drop(columns=["NDWI", "WVP"]).assign(elevation="12", note="x", latitude="52"),
    }.items():  # fmt: skip
        table.to_csv(tmp_path / name, index=False)
    made = read_series(sorted(tmp_path.iterdir()))
    details = {one.kind: one.detail for one in made.report.problems}
    assert details["lacks_bands"] == "WVP, NDWI"
    assert details["surplus_bands"] == "elevation"
    assert details["unused_columns"] == "note"
    few = made.source == "few"
    assert np.isnan(made.values[few][:, made.bands.index("NDWI")]).all()
    assert np.isfinite(made.values[few][:, made.bands.index("B2")]).any()
    assert len(made.bands) == 20


def test_nothing_left_is_an_error_that_says_why(good: pd.DataFrame, tmp_path: Path):
    for column, value, reason in (
        ("image_date", "soon", "readable date"), ("latitude", "95", "position"), ("B2", "-999", "any value"),
    ):  # fmt: skip
        table = good[["B2", "image_date", "longitude", "latitude"]].assign(**{column: value})
        with pytest.raises(DataError, match=reason):
            read(tmp_path, table)
