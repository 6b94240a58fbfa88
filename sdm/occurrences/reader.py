"""Rows of one table of occurrences: positions, names and predictors, whatever cells are no numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.formats.table import Kind, read_table
from sdm.occurrences.columns import TableColumns
from sdm.occurrences.report import Tally

TEXT_SHARE = 0.5  # a column of which more cells than that are no numbers is one of text


@dataclass(frozen=True)
class Rows:
    """N rows of `table`: x, y float64 (NaN unknown), `texts` str per role species, id and group ("" unknown),
    `year` float64, and `values`, a column per predictor: float64, or str ("" missing)."""

    table: str
    x: np.ndarray
    y: np.ndarray
    texts: dict[str, np.ndarray]
    year: np.ndarray
    values: pd.DataFrame

    def __len__(self) -> int:
        return len(self.x)

    def take(self, keep: np.ndarray) -> Rows:
        """The rows `keep`, a mask or positions."""
        texts = {role: column[keep] for role, column in self.texts.items()}
        values = self.values.iloc[np.flatnonzero(keep) if keep.dtype == bool else keep].reset_index(drop=True)
        return Rows(self.table, self.x[keep], self.y[keep], texts, self.year[keep], values)


def read_rows(table: str, columns: TableColumns, predictors: Sequence[str], tally: Tally) -> Rows:
    """The rows of a table with the columns of its roles and `predictors`."""
    places = [columns.roles[role] for role in ("x", "y", "year") if role in columns.roles]
    frame = read_cells(columns.path, [*places, *predictors], table, tally)
    roles: tuple[str, ...] = ("species", "id", "group")
    texts = {role: columns.roles[role] for role in roles if role in columns.roles}
    read = read_table(columns.path, dict.fromkeys(texts.values(), Kind.TEXT)) if texts else pd.DataFrame()
    count = len(frame) if places or len(predictors) else len(read)

    def number(role: str) -> np.ndarray:
        there = role in columns.roles
        return as_number(frame[columns.roles[role]]) if there else np.full(count, np.nan)

    named = {role: as_text(read[name]) for role, name in texts.items()}
    return Rows(
        table, number("x"), number("y"), named, number("year"), frame[list(predictors)].reindex(range(count))
    )


def read_cells(path: Path, names: Sequence[str], table: str, tally: Tally) -> pd.DataFrame:
    """The columns `names`: float64 with NaN where missing, or str where most cells are no numbers."""
    try:
        return read_table(path, dict.fromkeys(names, Kind.NUMBER)) if names else pd.DataFrame()
    except DataError as problem:
        if "not a number" not in problem.what:
            raise
    cells = read_table(path, dict.fromkeys(names, Kind.TEXT))
    made = {}
    for name in names:
        text = as_text(cells[name])
        numbers = pd.to_numeric(pd.Series(text), errors="coerce").to_numpy(np.float64)
        bad = (text != "") & ~np.isfinite(numbers)
        if bad.sum() > TEXT_SHARE * max((text != "").sum(), 1):
            made[name] = text
            continue
        tally.add("not_number", table, bad.sum(), (f"{name}: {cell}" for cell in text[bad]))
        made[name] = numbers
    return pd.DataFrame(made)


def placed(rows: Rows, geographic: bool, tally: Tally) -> Rows:
    """The rows with a position; of degrees, one on the globe."""
    good = np.isfinite(rows.x) & np.isfinite(rows.y)
    if geographic:
        good &= (np.abs(rows.x) <= 180) & (np.abs(rows.y) <= 90)
    tally.add("no_position", rows.table, (~good).sum(), (f"row {i + 1}" for i in np.flatnonzero(~good)))
    return rows.take(good)


def with_predictors(rows: Rows, tally: Tally) -> Rows:
    """The rows with a predictor at least, infinite ones being missing; those that lack some are counted."""
    if not rows.values.shape[1]:
        return rows
    rows = replace(rows, values=rows.values.replace([np.inf, -np.inf], np.nan))
    missing = (rows.values.isna() | (rows.values == "")).to_numpy()
    none = np.asarray(missing.all(axis=1))
    some = np.asarray(missing.any(axis=1)) & ~none
    tally.add("no_predictor", rows.table, none.sum(), (f"row {i + 1}" for i in np.flatnonzero(none)))
    lacking = rows.values.columns[np.flatnonzero(missing[some].any(axis=0))]
    tally.add("some_predictors", rows.table, some.sum(), lacking)
    return rows.take(~none)


def as_number(column: pd.Series) -> np.ndarray:
    """float64; text is NaN."""
    return pd.to_numeric(column, errors="coerce").to_numpy(np.float64)


def as_text(column: pd.Series) -> np.ndarray:
    """str, stripped, "" where missing; "12.0" is "12"."""
    names = column.cat.categories.astype(str).str.strip().str.replace(r"^(-?\d+)\.0+$", r"\1", regex=True)
    return np.append(np.asarray(names, object), "")[column.cat.codes.to_numpy()].astype(str)
