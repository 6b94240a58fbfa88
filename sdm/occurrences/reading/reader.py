"""Rows of one table of occurrences: positions, names and predictors, whatever cells are no numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from sdm.data.record_types import RECORDS
from sdm.formats.table import Kind
from sdm.occurrences.columns import TableColumns
from sdm.occurrences.reading.cells import as_numbers, as_species, as_text, years
from sdm.occurrences.reading.positions import is_geographic
from sdm.occurrences.reading.row_names import RowNames, numbered
from sdm.occurrences.report import EXAMPLES, Tally


@dataclass(frozen=True)
class Rows:
    """N rows of `table`: x, y float64 (NaN unknown) in the reference system `crs` ("" unknown), `names`
    categories of
    text per role species and group ("" unknown), `ids` of the table's own, `year` and `uncertainty` float64, and
    `values`, a column per predictor: float64, or categories of text ("" missing). `row`: number of each in its
    table, from 0, and `row_names` what a report calls those numbers."""

    table: str
    x: np.ndarray
    y: np.ndarray
    crs: str
    names: dict[str, pd.Categorical]
    ids: np.ndarray | pd.Categorical | None
    year: np.ndarray
    uncertainty: np.ndarray
    values: pd.DataFrame
    row: np.ndarray
    row_names: RowNames = numbered

    def __len__(self) -> int:
        return len(self.x)

    def take(self, keep: np.ndarray) -> Rows:
        """The rows `keep`, a mask or positions."""
        if keep.dtype == bool and keep.all():
            return self
        rows = np.flatnonzero(keep) if keep.dtype == bool else keep
        return replace(
            self, x=self.x[rows], y=self.y[rows], names={role: name[rows] for role, name in self.names.items()},
            ids=None if self.ids is None else self.ids[rows], year=self.year[rows],
            uncertainty=self.uncertainty[rows], values=self.values.iloc[rows].reset_index(drop=True),
            row=self.row[rows],
        )  # fmt: skip

    def told(self, which: np.ndarray) -> list[str]:
        """The first few rows of the mask `which`, by their names in a report."""
        first = np.flatnonzero(which)[:EXAMPLES]
        return self.row_names(self.row[first]) if len(first) else []


def read_rows(
    table: str, columns: TableColumns, predictors: Sequence[str], crs: str, tally: Tally, *, joined: bool = False
) -> Rows:
    """The rows of a table, whose positions are in `crs`, with the columns of its roles and `predictors`.

    `joined`: its ids are those of another table.
    """
    kinds = columns.kinds(predictors, joined=joined)
    frame = columns.source.read(kinds)
    count = len(frame)
    comma = columns.source.decimal_comma

    def number(role: str) -> np.ndarray:
        name = columns.roles.get(role)
        cells = None if name is None else as_numbers(frame[name], name, table, comma, tally)
        return cells if isinstance(cells, np.ndarray) else np.full(count, np.nan)

    names = {role: as_text(frame[columns.roles[role]]) for role in ("group",) if role in columns.roles}
    if "species" in columns.roles:
        names["species"] = as_species(frame[columns.roles["species"]], table, tally)
    cells = {name: as_numbers(frame[name], name, table, comma, tally) for name in predictors}
    values = pd.DataFrame(cells, index=range(count))
    return Rows(table, number("x"), number("y"), crs, names, _ids(columns, frame, joined),
                _years(columns, frame), number("uncertainty"), values, np.arange(count),
                partial(columns.source.row_names, count))  # fmt: skip


def _ids(columns: TableColumns, frame: pd.DataFrame, joined: bool) -> np.ndarray | pd.Categorical | None:
    """Ids as text where they join tables; else those that are numbers, the only ones a site can keep."""
    if "id" not in columns.roles:
        return None
    ids = frame[columns.roles["id"]]
    if joined:
        return as_text(ids)
    return ids.to_numpy(np.float64) if ids.dtype.kind == "f" else None


def _years(columns: TableColumns, frame: pd.DataFrame) -> np.ndarray:
    """Years of the column of years, where it has none of that of dates."""
    found = np.full(len(frame), np.nan)
    for role in ("year", "date"):
        if role in columns.roles and np.isnan(found).any():
            cells = frame[columns.roles[role]]
            told = cells.to_numpy(np.float64) if cells.dtype.kind == "f" else years(as_text(cells))
            found = np.where(np.isnan(found), told, found)
    return np.where(np.abs(found) < 10_000, found, np.nan)


def read_numbers(columns: TableColumns, names: Sequence[str], table: str, tally: Tally) -> np.ndarray:
    """float64 (N, names): the columns `names`; NaN where a cell is no number."""
    frame = columns.source.read(dict.fromkeys(names, Kind.CELL))
    cells = [as_numbers(frame[name], name, table, columns.source.decimal_comma, tally) for name in names]
    nothing = np.full(len(frame), np.nan)
    return np.column_stack([one if isinstance(one, np.ndarray) else nothing for one in cells])


def placed(rows: Rows, tally: Tally) -> Rows:
    """The rows with a position; of degrees, one on the globe."""
    good = np.isfinite(rows.x) & np.isfinite(rows.y)
    if is_geographic(rows.crs):
        good &= (np.abs(rows.x) <= 180) & (np.abs(rows.y) <= 90)
    tally.add("no_position", rows.table, (~good).sum(), rows.told(~good))
    return rows.take(good)


def named(rows: Rows, tally: Tally) -> Rows:
    """The records that have a species."""
    names = rows.names["species"]
    known: np.ndarray = np.asarray(names.categories != "", bool)[names.codes]
    tally.add("no_species", RECORDS, (~known).sum(), rows.told(~known))
    return rows.take(known)


def with_predictors(rows: Rows, tally: Tally) -> Rows:
    """The rows with a predictor at least, infinite ones being missing; those that lack some are counted."""
    if not rows.values.shape[1]:
        return rows
    values = {name: _finite(rows.values[name]) for name in rows.values}
    missing = np.column_stack([_missing(column) for column in values.values()])
    rows = replace(rows, values=pd.DataFrame(values))
    none: np.ndarray = np.asarray(missing.all(axis=1))
    some = missing.any(axis=1) & ~none
    tally.add("no_predictor", rows.table, none.sum(), rows.told(none))
    lacking = rows.values.columns[np.flatnonzero(missing[some].any(axis=0))]
    tally.add("some_predictors", rows.table, some.sum(), lacking)
    return rows.take(~none)


def _finite(column: pd.Series) -> pd.Series:
    if column.dtype.kind != "f" or not np.isinf(column.to_numpy()).any():
        return column
    return column.where(np.isfinite(column))


def _missing(column: pd.Series) -> np.ndarray:
    if column.dtype.kind == "f":
        return np.isnan(column.to_numpy())
    return np.asarray((column.cat.categories == "")[column.cat.codes.to_numpy()])
