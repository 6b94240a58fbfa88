"""The rows of exports as arrays: position, date, class and features of each, with what was wrong in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdm.series.blocks import Block, Layout, read_blocks
from sdm.series.columns import FileColumns
from sdm.series.dates import UNKNOWN, read_dates
from sdm.series.options import ReadOptions
from sdm.series.positions import on_globe, point_of_geojson
from sdm.series.report import Tally

TEXT = pa.dictionary(pa.int32(), pa.string())
KINDS = {"longitude": pa.float64(), "latitude": pa.float64(), "geometry": pa.string(), "date": TEXT,
         "index": pa.string(), "month": pa.float32(), "class": TEXT, "point": TEXT}  # fmt: skip
IN_INDEX = r"(?P<date>(?:19|20)\d{6})T\d{6}"  # of the image, in the index of a sample


LONGEST = 80  # characters of a name; the rest is cut


class Names(dict[str, int]):
    """Texts numbered as they are met, cut to a length where one is given; -1 stands for none."""

    def __init__(self, longest: int | None = None) -> None:
        super().__init__()
        self._longest = longest

    def codes(self, texts: pa.DictionaryArray) -> np.ndarray:
        """int32 numbers of `texts`; blank ones have none."""
        known = [(text or "").strip()[: self._longest] for text in texts.dictionary.to_pylist()]
        numbers = np.array([*(self.setdefault(text, len(self)) if text else -1 for text in known), -1], np.int32)
        return numbers[pc.fill_null(texts.indices, len(known)).to_numpy(zero_copy_only=False)]


@dataclass(frozen=True)
class Rows:
    """R rows: number of the file, line, position, day since 1970, class and field point (-1: none), features."""

    file: np.ndarray
    line: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    day: np.ndarray
    label: np.ndarray
    point: np.ndarray
    values: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.line)

    def take(self, rows: np.ndarray) -> Rows:
        """Those of `rows` (positions or a mask)."""
        values = {band: column[rows] for band, column in self.values.items()}
        return Rows(**{name: getattr(self, name)[rows] for name in ROW}, values=values)


ROW = ("file", "line", "lon", "lat", "day", "label", "point")


def read_rows(
    number: int, file: FileColumns, bands: Sequence[str], names: Mapping[str, Names], options: ReadOptions,
    tally: Tally,
) -> tuple[Rows, int]:  # fmt: skip
    """The rows of `file` that have a position, and how many it has; DataError where it cannot be read.

    `names`: numbers of the classes and field points of all files, under "class" and "point".
    """
    dates = Names()
    parts, months, total = [], [], 0
    for block in read_blocks(file.path, _layout(file, bands)):
        total += len(block.lines) + len(block.ragged)
        tally.lines("ragged", file.path.name, np.array(block.ragged, np.int64))
        parts.append(_rows(number, file, block, bands, {**names, "date": dates}, options, tally))
        months.append(_month(block))
    rows = joined(parts, bands)
    rows = replace(rows, day=_days(file, rows, dates, np.concatenate([*months, np.empty(0, np.int32)]), tally))
    placed = on_globe(rows.lon, rows.lat)
    tally.lines("no_position", file.path.name, rows.line[~placed])
    return rows if placed.all() else rows.take(placed), total


def joined(parts: Sequence[Rows], bands: Sequence[str]) -> Rows:
    """Rows of several blocks or files, whose features are taken out of `parts`: they need not be there twice."""
    whole, empty = np.empty(0, np.int32), np.empty(0, np.float32)
    parts = [Rows(whole, whole, whole, whole, whole, whole, whole, dict.fromkeys(bands, empty)), *parts]
    values = {band: np.concatenate([part.values.pop(band) for part in parts]) for band in bands}
    return Rows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in ROW}, values=values)


def _layout(file: FileColumns, bands: Sequence[str]) -> Layout:
    """The columns that are read: of the ways to tell position and date, the first that is there."""
    roles = set(file.roles)
    if {"longitude", "latitude"} <= roles:
        roles.discard("geometry")
    if "date" in roles:
        roles.discard("index")
    wanted = {file.roles[role]: (f"\0{role}", KINDS[role]) for role in sorted(roles)}
    wanted |= {file.bands[band]: (band, pa.float32()) for band in bands if band in file.bands}
    names = [wanted[i][0] if i in wanted else f"\0{i}" for i in range(len(file.header))]
    return Layout(names, file.separator, dict(wanted.values()))


def _rows(
    number: int, file: FileColumns, block: Block, bands: Sequence[str], names: Mapping[str, Names],
    options: ReadOptions, tally: Tally,
) -> Rows:  # fmt: skip
    """The rows of one block; `day` holds the numbers of their dates in `names`."""
    size = len(block.lines)
    values = {}
    for band in bands:
        values[band] = _feature(file, block, band, options.masked, tally)
    lon, lat = _position(block)
    codes = {
        role: names[role].codes(block.columns[f"\0{role}"]) if f"\0{role}" in block.columns else np.full(size, -1)
        for role in ("class", "point")
    }
    return Rows(
        np.full(size, number, np.int32), block.lines.astype(np.int32), lon, lat, _date(block, names["date"]),
        codes["class"].astype(np.int32), codes["point"].astype(np.int32), values,
    )  # fmt: skip


def _feature(file: FileColumns, block: Block, band: str, masked: float, tally: Tally) -> np.ndarray:
    """float32 values of `band`, NaN where there is none."""
    if band not in block.columns:
        return np.full(len(block.lines), np.nan, np.float32)
    cells, name = block.columns[band], file.path.name
    values = np.array(cells.to_numpy(zero_copy_only=False), np.float32)
    bad = block.bad.get(band)
    tally.add("empty", cells.null_count - (0 if bad is None else int(bad.sum())), detail=band)
    if bad is not None:
        tally.lines("not_number", name, block.lines[bad], band)
    hidden = values == masked
    tally.add("masked", int(np.count_nonzero(hidden)), detail=band)
    values[hidden] = np.nan
    infinite = np.isinf(values)
    if infinite.any():
        tally.lines("not_finite", name, block.lines[infinite], band)
        values[infinite] = np.nan
    return values


def _position(block: Block) -> tuple[np.ndarray, np.ndarray]:
    if "\0longitude" not in block.columns:
        return point_of_geojson(block.columns["\0geometry"])
    lon, lat = (block.columns[f"\0{axis}"].to_numpy(zero_copy_only=False) for axis in ("longitude", "latitude"))
    return lon.astype(np.float64), lat.astype(np.float64)


def _date(block: Block, dates: Names) -> np.ndarray:
    """The number of each row's date in `dates`, -1 where it has none."""
    texts = block.columns.get("\0date")
    if texts is None and "\0index" in block.columns:
        found = pc.extract_regex(block.columns["\0index"], IN_INDEX)
        texts = pc.struct_field(found, [0]).dictionary_encode()
    return np.full(len(block.lines), -1, np.int32) if texts is None else dates.codes(texts)


def _month(block: Block) -> np.ndarray:
    """1 to 12, 0 where a row has no month."""
    if "\0month" not in block.columns:
        return np.zeros(len(block.lines), np.int32)
    month = block.columns["\0month"].to_numpy(zero_copy_only=False)
    right = (month >= 1) & (month <= 12) & (month == np.floor(month))
    return np.where(right, month, 0).astype(np.int32)


def _days(file: FileColumns, rows: Rows, dates: Names, months: np.ndarray, tally: Tally) -> np.ndarray:
    """int32 days since 1970: of the date, else of the first of the month, else UNKNOWN."""
    days = np.append(read_dates(list(dates)), UNKNOWN).astype(np.int32)[rows.day]
    lacking = days == UNKNOWN
    if not lacking.any():
        return days
    by_month = lacking & (months > 0)
    first = np.array([date(_year(file, days), month, 1).toordinal() for month in range(1, 13)], np.int32)
    days[by_month] = first[months[by_month] - 1] - date(1970, 1, 1).toordinal()
    tally.lines("date_from_month", file.path.name, rows.line[by_month])
    tally.lines("broken_date", file.path.name, rows.line[days == UNKNOWN])
    return days


def _year(file: FileColumns, days: np.ndarray) -> int:
    """The most common year of `days`, else that in the name of the file, else 1972 (the first of them)."""
    known = days[days != UNKNOWN]
    if len(known):
        years, counts = np.unique(
            known.astype("datetime64[D]").astype("datetime64[Y]").astype(int), return_counts=True
        )
        return int(years[counts.argmax()]) + 1970
    named = re.search(r"(?<!\d)(?:19[789]\d|20\d\d)(?!\d)", file.path.name)
    return int(named[0]) if named else 1972
