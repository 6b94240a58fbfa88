"""What an import would read of a table of records, before anything is made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.record_types import RECORDS
from sdm.occurrences.cleaning.filters import Cleaning, clean
from sdm.occurrences.columns import Source, TableColumns, table_columns
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.parts import positions
from sdm.occurrences.reading.merging import homonyms, merge, merged_names, records_of, same_but_for_spelling
from sdm.occurrences.reading.positions import in_degrees, system_of
from sdm.occurrences.reading.reader import Rows, named, placed, read_rows
from sdm.occurrences.reading.sources import open_source
from sdm.occurrences.reading.swapped import swapped
from sdm.occurrences.report import MergedName, Problem, Tally
from sdm.occurrences.running_numbers import set_aside

FIRST_ROWS = 8
NEEDED = ("species", "x", "y")


@dataclass(frozen=True)
class Suggestion:
    """Something an option would put right: its `kind`, a sentence, and the option as `ImportOptions` calls it."""

    kind: str
    text: str
    option: str


@dataclass(frozen=True)
class Preview:
    """A table of records as it would be read.

    - kind: of file, in words; header: its columns; first: its first rows as text, a column each
    - roles: role -> column, those found or named; missing: roles that are needed and have none
    - predictors: columns of numbers that could be predictors
    - count: rows in all; usable: those with a species and a position
    - crs: reference system of the positions, "" where it is not known and has to be asked
    - species: name -> usable records, the most first
    - lon, lat: degrees of the usable records, NaN where the system is not known; species_of: row of each in
      `species`
    - problems: what would be left out so far; suggestions
    - spellings: names that are, or with `merge_names` would be, taken for another
    """

    path: Path
    kind: str
    header: tuple[str, ...]
    first: pd.DataFrame
    roles: dict[str, str]
    missing: tuple[str, ...]
    predictors: tuple[str, ...]
    count: int
    crs: str
    species: pd.Series
    lon: np.ndarray
    lat: np.ndarray
    species_of: np.ndarray
    problems: tuple[Problem, ...]
    suggestions: tuple[Suggestion, ...]
    spellings: tuple[MergedName, ...] = ()
    _rows: Rows | None = None

    @property
    def system(self) -> str:
        """The reference system in words, and whether it is a guess."""
        guessed = any(one.kind == "taken_for_degrees" for one in self.problems)
        return f"{self.crs} (taken for degrees)" if guessed else self.crs or "not known"

    @property
    def usable(self) -> int:
        """Records with a species and a position."""
        return len(self.lon)

    @cached_property
    def cleaning(self) -> Cleaning:
        """What each filter would take of the usable records; it reads no file."""
        return clean(positions(self._rows)) if self._rows is not None else Cleaning({}, 0)


def preview(path: Path, options: ImportOptions | None = None) -> Preview:
    """Look into the table of records in `path`. A role without a column is told, no error.

    DataError for a file that cannot be read as a table or a layer of points.
    """
    options = options or ImportOptions()
    source = open_source(path)
    columns = table_columns(source, options, ())
    missing = tuple(role for role in NEEDED if role not in columns.roles)
    first, count = _first_rows(source), source.count()
    numbers = [name for name in columns.others if name in first and _is_number(first[name])]
    aside = set_aside(source, numbers)
    predictors = tuple(name for name in numbers if name not in aside)
    if missing:
        none = np.empty(0)
        return Preview(path, source.kind, tuple(source.header), first, columns.roles, missing, predictors, count,
                       "", pd.Series(dtype=np.int64), none, none, none.astype(np.int64), (), ())  # fmt: skip
    tally = Tally()
    rows, crs, suggestions, spellings = _read(columns, options, tally)
    species, species_of = _counted(rows)
    tally.add("set_aside", RECORDS, len(aside), aside)
    lon, lat = in_degrees(rows.x, rows.y, crs)
    return Preview(path, source.kind, tuple(source.header), first, columns.roles, missing, predictors, count, crs,
                   species, lon, lat, species_of, tuple(tally.found), suggestions, spellings,
                   rows)  # fmt: skip


def _read(
    columns: TableColumns, options: ImportOptions, tally: Tally
) -> tuple[Rows, str, tuple[Suggestion, ...], tuple[MergedName, ...]]:
    """The usable records, their reference system, what could be better, and spellings of one species."""
    crs = system_of(columns, options, tally)
    rows = read_rows(RECORDS, columns, (), crs, tally)
    x, y = (rows.y, rows.x) if options.swap_xy else (rows.x, rows.y)
    found = list(_suggestions(x, y, crs, swap=options.swap_xy))
    every, spellings = _merged(named(replace(rows, x=x, y=y), tally), options, tally)
    return placed(every, tally), crs, tuple(found), spellings


def _merged(rows: Rows, options: ImportOptions, tally: Tally) -> tuple[Rows, tuple[MergedName, ...]]:
    """The records, with merged names where `options` say so, and the names that are spellings of another."""
    told = records_of(rows.names["species"])
    merged = merged_names(told)
    if not options.merge_names:
        close = same_but_for_spelling(told)
        tally.add("similar_names", RECORDS, len(close), close)
        return rows, merged
    apart = homonyms(told)
    tally.add("homonyms", RECORDS, len(apart), apart)
    return merge(rows, merged), merged


def _suggestions(x: np.ndarray, y: np.ndarray, crs: str, *, swap: bool) -> list[Suggestion]:
    found = []
    gained = swapped(x, y, crs)
    if gained:
        what = f"{gained:,} records would lie on land, or on the globe, were longitude and latitude swapped"
        found.append(Suggestion("swapped", f"{what}{' back' if swap else ''}.", "swap_xy"))
    if not crs:
        what = "The reference system of the positions is not known: without it there are no maps and no filters."
        found.append(Suggestion("crs", what, "crs"))
    return found


def _counted(rows: Rows) -> tuple[pd.Series, np.ndarray]:
    """Records per species, the most first, and int64 (N,): the place of each record's species in it."""
    names = rows.names["species"]
    counts = np.bincount(names.codes, minlength=len(names.categories))
    order = np.lexsort((np.arange(len(counts)), -counts))
    order = order[counts[order] > 0]
    place = np.zeros(len(counts), np.int64)
    place[order] = np.arange(len(order))
    return pd.Series(counts[order], index=names.categories[order].astype(str)), place[names.codes]


def _first_rows(source: Source) -> pd.DataFrame:
    """The first rows as text; columns without a name, or with that of another, are left out."""
    names = [name for name, count in Counter(source.header).items() if name and count == 1]
    return source.first(names, FIRST_ROWS)


def _is_number(column: pd.Series) -> bool:
    known = column[column != ""]
    return bool(len(known)) and bool(pd.to_numeric(known.str.replace(",", "."), errors="coerce").notna().all())
