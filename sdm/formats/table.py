"""Tables in comma-, semicolon- or tab-separated text, with the encodings and defects of real files."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from sdm.errors import DataError
from sdm.formats.compressed import open_plain

HEADER_BYTES = 1 << 20
MOST_COLUMNS = 20_000  # a table of all species of a competition has 11,255
BLOCK_BYTES = 8 << 20  # also the longest line that is accepted
MISSING = ["", "NA", "N/A", "n/a", "<NA>", "NaN", "nan", "NAN", "null", "NULL", "None"]
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
SHOWN = 100  # characters of a line that is wrong
LARGEST_WHOLE = 1 << 53  # whole numbers are exact in float64 up to here


class Kind(StrEnum):
    """Content of a column, and the type it is returned with."""

    ID = "id"  # int64, every cell filled; "12.0" is accepted for 12
    NUMBER = "number"  # float64, NaN where missing
    SMALL = "small number"  # float32, NaN where missing
    TEXT = "text"  # categorical, NaN where missing
    CELL = "cell"  # a number where every cell of the column is one or missing, else text


_ARROW = {
    Kind.ID: pa.float64(),
    Kind.NUMBER: pa.float64(),
    Kind.SMALL: pa.float32(),
    Kind.TEXT: pa.dictionary(pa.int32(), pa.string()),
}


def read_table(
    path: Path, columns: Mapping[str, Kind], *, optional: frozenset[str] = frozenset(), ended: bool = False
) -> pd.DataFrame:
    """The named `columns` of the table in `path`, in that order and in file order of rows.

    The separator (comma, semicolon, tab), a byte-order mark and the encoding (UTF-8, else Latin-1) are found
    out; a table in gzip or alone in a zip archive is read as it is; other columns, unnamed index columns among
    them, are left alone. Columns in `optional` may be absent
    and are then absent from the result. With `ended`, a last line without line break is refused, as what a copy
    that was cut leaves. DataError names the missing columns, or the line of a cell that is no
    number; NotDownloadedError without a file.
    """
    header, separator = read_header(path)
    _check_text(path, ended)
    names = _select(path, header, columns, optional)
    kinds = {name: columns[name] for name in names}
    try:
        table = _parse(path, header, separator, {name: _ARROW.get(kind) for name, kind in kinds.items()})
    except pa.ArrowInvalid as problem:
        _report_bad_line(path, header, separator)
        _report_bad_number(path, header, separator, kinds)
        raise DataError("not a readable table", where=path, got=problem) from None
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    for name, kind in kinds.items():
        if kind is Kind.ID:
            frame[name] = _whole(path, name, frame[name].to_numpy())
    return frame


def whole(values: np.ndarray) -> np.ndarray:
    """Which of `values`, floats of any shape, are whole numbers that float64 holds exactly.

    >>> whole(np.array([12.0, 1.5, np.nan, 1e300])).tolist()
    [True, False, False, False]
    """
    return np.isfinite(values) & (np.abs(values) < LARGEST_WHOLE) & (values == np.floor(values))


def read_header(path: Path) -> tuple[list[str], str]:
    """Column names, stripped, and the separator."""
    with open_plain(path, "table") as file:
        raw = file.read(HEADER_BYTES)
    if not raw.strip():
        raise DataError("the table is empty", where=path, remedy="Download it again.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError("the table is in UTF-16", where=path, expected="UTF-8", remedy="Save it as UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # The cut may have split a character; only trouble before the last line means another encoding.
        text = raw[: problem.start].decode("utf-8-sig") if problem.start > len(raw) - 4 else raw.decode("latin-1")
    line = text.partition("\n")[0]
    if len(line) == len(text) == HEADER_BYTES:
        raise DataError("no line ends within the first MB", where=path, expected="a table in text")
    separator = max(SEPARATORS, key=line.count)
    try:
        names = next(csv.reader(io.StringIO(line.rstrip("\r")), delimiter=separator), [])
    except csv.Error as problem:
        raise DataError("the header cannot be read", where=path, got=problem) from None
    if len(names) > MOST_COLUMNS:
        raise DataError(
            "too many columns", where=path, expected=f"at most {MOST_COLUMNS:,}", got=f"{len(names):,}"
        )
    return [name.strip() for name in names], separator


def count_lines(path: Path) -> int:
    """How many lines the table has, its header and empty ones among them."""
    lines, last = 0, b"\n"
    with open_plain(path, "table") as file:
        for block in iter(lambda: file.read(BLOCK_BYTES), b""):
            lines, last = lines + block.count(b"\n"), block[-1:]
    return lines + (last != b"\n")


def line_numbers(path: Path, count: int) -> np.ndarray:
    """int64 (count,): the line of the file on which each of the `count` rows of `read_table` begins.

    The header is on line 1. Empty lines and further lines of cells with line breaks are counted, as editors do.
    """
    usual = np.arange(2, count + 2)
    if count_lines(path) == count + 1:
        return usual
    begins, end = [], 0
    with open_plain(path, "table") as file:
        reader = _reader(file, read_header(path)[1])
        try:
            for cells in reader:
                if cells:
                    begins.append(end + 1)
                end = reader.line_num
        except csv.Error:  # a cell beyond its limit
            return usual
    return np.array(begins[1:], np.int64) if len(begins) == count + 1 else usual


def _reader(file: io.BufferedIOBase, separator: str) -> Any:
    """Cells by row, of Latin-1: what separates cells and lines is the same in every encoding that is read."""
    text = io.TextIOWrapper(cast(Any, file), "latin-1", newline="")  # all that it asks of a file is there
    return csv.reader(text, delimiter=separator)


def _check_text(path: Path, ended: bool) -> None:
    """DataError for a quote that is opened and never closed: it would swallow every row after it; with `ended` for
    a last line without line break."""
    quotes, last = 0, b""
    with open_plain(path, "table") as file:
        for block in iter(lambda: file.read(BLOCK_BYTES), b""):
            quotes, last = quotes + block.count(b'"'), block[-1:]
    if ended and last not in (b"\n", b"\r"):
        raise DataError(
            "the last line has no end: the table may be cut", where=path,
            remedy="Download it again, or end the line if the table is whole.",
        )  # fmt: skip
    if quotes % 2:
        raise DataError("a quoted cell is never closed", where=path, got=f"{quotes} quotation marks")


def _select(path: Path, header: list[str], columns: Mapping[str, Kind], optional: frozenset[str]) -> list[str]:
    counts = Counter(header)
    absent = [name for name in columns if name not in counts and name not in optional]
    if absent:
        raise DataError(
            f"missing columns {', '.join(absent[:8])}{' …' if len(absent) > 8 else ''}",
            where=path,
            got=", ".join(header[:20]),
        )
    twice = [name for name in columns if counts[name] > 1]
    if twice:
        raise DataError("columns that occur twice", where=path, got=", ".join(twice[:8]))
    return [name for name in columns if name in counts]


def _parse(path: Path, header: list[str], separator: str, types: Mapping[str, pa.DataType | None]) -> pa.Table:
    """The columns in `types`, None for one told by its cells; Latin-1 is tried where UTF-8 fails. ArrowInvalid for
    anything unreadable."""
    try:
        return _parse_as("utf8", path, header, separator, types)
    except pa.ArrowInvalid as problem:
        if "UTF8" not in str(problem):
            raise
    return _parse_as("latin-1", path, header, separator, types)


def _parse_as(
    encoding: str, path: Path, header: list[str], separator: str, types: Mapping[str, pa.DataType | None]
) -> pa.Table:
    # Names are made unique by position: files may repeat names nobody asked for, or leave them empty.
    names = [name if name in types else f"\0{i}" for i, name in enumerate(header)]
    try:
        with open_plain(path, "table") as file:
            table = pa_csv.read_csv(
                path if isinstance(file, io.BufferedReader) else file,  # arrow reads its own files in less memory
                pa_csv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK_BYTES, encoding=encoding),
                pa_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                pa_csv.ConvertOptions(
                    column_types={name: kind for name, kind in types.items() if kind is not None},
                    include_columns=list(types),
                    null_values=MISSING,
                    strings_can_be_null=True,
                ),
            )
        return _told(table, types)
    except (pa.ArrowException, OSError, UnicodeError) as problem:
        raise pa.ArrowInvalid(str(problem)) from None


def _told(table: pa.Table, types: Mapping[str, pa.DataType | None]) -> pa.Table:
    """The columns without a type as numbers or text, whatever Arrow took them for; a date or a truth is text."""
    columns = zip(table.column_names, table.columns, strict=True)
    return pa.table({name: _plain(column) if types[name] is None else column for name, column in columns})


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_binary(kind):
        raise pa.ArrowInvalid("not UTF8")
    if pa.types.is_null(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return column.cast(pa.float64(), safe=False)
    return column.cast(pa.string()).dictionary_encode()


def _report_bad_line(path: Path, header: list[str], separator: str) -> None:
    """Raise DataError for the first line that has more or fewer cells than the header, as an unquoted comma within
    a cell makes; return when every line has as many."""
    end = 0
    with open_plain(path, "table") as file, contextlib.suppress(csv.Error):
        reader = _reader(file, separator)
        for cells in reader:
            if cells and len(cells) != len(header):
                found = separator.join(cells)[:SHOWN].encode("latin-1").decode("utf-8", "replace")
                raise DataError(
                    f"line {end + 1}: {len(cells)} cells", where=path, expected=f"{len(header)}, as in the header",
                    got=found, remedy=f"Put a cell that holds a {SEPARATORS[separator]} in quotation marks.",
                )  # fmt: skip
            end = reader.line_num


def _report_bad_number(path: Path, header: list[str], separator: str, kinds: Mapping[str, Kind]) -> None:
    """Raise DataError for the first cell that is no number; return when every cell of every column is one."""
    numeric = [name for name, kind in kinds.items() if kind not in (Kind.TEXT, Kind.CELL)]
    try:
        table = _parse(path, header, separator, dict.fromkeys(numeric, pa.string()))
    except pa.ArrowInvalid:
        return
    for name in numeric:
        cells = table[name].to_pandas()
        bad = cells.notna() & pd.to_numeric(cells, errors="coerce").isna()
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            line = line_numbers(path, len(cells))[row]
            raise DataError(f"line {line}, column {name}: not a number", where=path, got=repr(cells.iloc[row]))


def _whole(path: Path, name: str, values: np.ndarray) -> np.ndarray:
    """`values` as int64; DataError names the line of the first that is missing or not whole."""
    good = whole(values)
    if not good.all():
        row = int(np.flatnonzero(~good)[0])
        line = line_numbers(path, len(values))[row]
        raise DataError(
            f"line {line}, column {name}: not a whole number", where=path, got=values[row], expected="an id"
        )
    return values.astype(np.int64)
