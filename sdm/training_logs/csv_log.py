"""Training logs in CSV: one row per step or epoch, one column per series (our runs; Lightning's `metrics.csv`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from sdm.errors import DataError
from sdm.formats.opening import read_start
from sdm.training_logs.table import COLUMNS, PLACES, empty_table, epochs_from_one, join, screen_name

MOST_BYTES = 512 << 20
MOST_COLUMNS = 1000
NOT_LOGGED = ["", "NA", "None", "null"]  # "nan" is a logged value: the training diverged
# Column -> the axis it is; the first that is there wins. Lightning writes step and epoch.
AXIS_NAMES = {
    "step": ("step", "global_step", "iteration"),
    "epoch": ("epoch",),
    "seconds": ("seconds", "elapsed", "time"),
}
WALL_CLOCK = ("wall_time", "timestamp")  # seconds since 1970: counted from the first
PLACE_NAMES = {*WALL_CLOCK, *(name for group in AXIS_NAMES.values() for name in group)}


def read_csv_log(path: Path, run: str) -> pd.DataFrame:
    """The log in `path` as a curve table (`sdm.training_logs.table`), series by series, rows in file order.

    The last line is left out unless a line end follows: a training in progress may still be writing it. Columns
    without any number are left out, unless all are. DataError names the line and column of anything else that is
    no number; NotDownloadedError without a file.
    """
    header, body = _complete_lines(path)
    names = _names(path, header)
    cells = _cells(path, body, names)
    columns = {name: _numbers(path, name, cells[name]) for name in names if cells[name].notna().any()}
    numeric = {name: numbers for name, numbers in columns.items() if numbers is not None}
    series = {name: numbers for name, numbers in numeric.items() if name not in PLACE_NAMES}
    if columns.keys() - PLACE_NAMES and not series:
        raise DataError("no column holds a series of numbers", where=path, got=", ".join(names[:20]))
    axes = _axes(numeric)
    return join([_series(run, name, cells[name], numbers, axes) for name, numbers in series.items()])


def _complete_lines(path: Path) -> tuple[str, bytes]:
    """The header and the lines after it, without one that has no end; both empty when no line is complete."""
    raw = read_start(path, MOST_BYTES + 1, "log")
    if len(raw) > MOST_BYTES:
        raise DataError("the log is too large", where=path, expected=f"at most {MOST_BYTES >> 20} MB")
    header, _, body = raw[: raw.rfind(b"\n") + 1].removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    try:
        return header.decode().rstrip("\r"), body
    except UnicodeDecodeError as problem:
        raise DataError("the header is not UTF-8 text", where=path, got=problem) from None


def _names(path: Path, header: str) -> list[str]:
    try:
        cells = next(csv.reader([header]), [])
    except csv.Error as problem:
        raise DataError("the header cannot be read", where=path, got=problem) from None
    names = [screen_name(cell) or f"column {i + 1}" for i, cell in enumerate(cells)]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(names) <= MOST_COLUMNS else []
    if len(names) > MOST_COLUMNS:
        raise DataError("too many columns", where=path, expected=f"at most {MOST_COLUMNS}", got=len(names))
    if twice:
        raise DataError("columns that occur twice", where=path, got=", ".join(twice[:8]))
    return names


def _cells(path: Path, body: bytes, names: Sequence[str]) -> pd.DataFrame:
    """Every cell as text, missing where nothing was logged."""
    if not body.strip():
        return pd.DataFrame({name: pd.Series(dtype=str) for name in names})
    if not names:
        raise DataError("the header is empty", where=path, expected="names of columns")
    reading = pa_csv.ReadOptions(column_names=list(names))
    texts = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=NOT_LOGGED, strings_can_be_null=True
    )
    try:
        table = pa_csv.read_csv(io.BytesIO(body), reading, convert_options=texts)
    except pa.ArrowException as problem:
        raise DataError("not a readable log", where=path, expected=f"{len(names)} columns", got=problem) from None
    return table.to_pandas()


def _numbers(path: Path, name: str, cells: pd.Series) -> np.ndarray | None:
    """`cells` as float64, None when none is a number; DataError when only some are."""
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(float)
    bad = cells.notna().to_numpy() & np.isnan(numbers)
    bad[bad] = cells[bad].str.strip().str.lower() != "nan"
    if not bad.any():
        return numbers
    if bad.sum() == cells.notna().sum():
        return None
    row = int(np.flatnonzero(bad)[0])
    raise DataError(f"line {row + 2}, column {name}: not a number", where=path, got=repr(cells.iloc[row][:60]))


def _axes(numeric: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """step, epoch and seconds of every row, as far as there are columns for them."""
    axes = {
        axis: next(numeric[name] for name in names if name in numeric)
        for axis, names in AXIS_NAMES.items()
        if any(name in numeric for name in names)
    }
    if "epoch" in axes:
        axes["epoch"] = epochs_from_one(axes["epoch"])
    clock = next((numeric[name] for name in WALL_CLOCK if name in numeric), None)
    if "seconds" not in axes and clock is not None:
        axes["seconds"] = clock - np.nanmin(clock)
    return axes


def _series(
    run: str, name: str, cells: pd.Series, numbers: np.ndarray, axes: dict[str, np.ndarray]
) -> pd.DataFrame:
    logged = cells.notna().to_numpy()
    places = {axis: axes[axis][logged] if axis in axes else np.nan for axis in PLACES}
    table = pd.DataFrame({"run": run, "series": name, **places, "value": numbers[logged]}, columns=list(COLUMNS))
    return table if len(table) else empty_table()
