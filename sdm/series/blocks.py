"""A file read by blocks of whole lines, each parsed at once; cells that are no numbers are counted and named.

Arrow parses a block of clean numbers several times as fast as text that is converted after. Only a block in which
that fails is read as text, so that the cells that are no numbers can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from sdm.errors import DataError
from sdm.formats.compressed import open_plain
from sdm.formats.table import MISSING

BLOCK_BYTES = 8 << 20  # also the longest line that is accepted
NUMBER = r"^\s*([-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?([iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]))\s*$"
HEAD, DECIMAL_COMMA = 4096, re.compile(rb"(?:^|;)\s*-?\d+,\d", re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """How the lines of a file are read: names of its columns, separator, and those wanted with their types."""

    names: Sequence[str]
    separator: str
    types: Mapping[str, pa.DataType]


@dataclass(frozen=True)
class Block:
    """Rows of a file: columns by name, and the line of each row.

    `ragged`: lines with another number of cells; `bad`: column -> bool (rows,), cells that are no numbers.
    """

    columns: Mapping[str, pa.Array]
    lines: np.ndarray
    ragged: tuple[int, ...]
    bad: Mapping[str, np.ndarray]


def read_blocks(path: Path, layout: Layout) -> Iterator[Block]:
    """The rows of `path` below its header, in order; DataError for damage and for a line beyond BLOCK_BYTES."""
    line = 2
    for lines in _whole_lines(path):
        yield _parse(_without_open_quotes(_one_line_end(lines)), layout, line, path)
        line += lines.count(b"\n")


def _whole_lines(path: Path) -> Iterator[bytes]:
    """About BLOCK_BYTES at a time, cut after a line; the header is left out."""
    rest, header = b"", True
    with open_plain(path, "table") as file:
        while part := file.read(BLOCK_BYTES):
            part = rest + part
            if header:
                start = part.find(b"\n") + 1
                part, header = part[start:] if start else b"", False
            cut = part.rfind(b"\n") + 1
            if not cut and len(part) > BLOCK_BYTES:
                raise DataError("a line does not end", where=path.name, expected=f"under {BLOCK_BYTES >> 20} MB")
            if cut:
                yield part[:cut]
            rest = part[cut:]
    if rest:
        yield rest + b"\n"


def _one_line_end(lines: bytes) -> bytes:
    """`lines` that end with a newline alone; any other carriage return, an end to Arrow, is a blank."""
    return lines if b"\r" not in lines else lines.replace(b"\r\n", b"\n").replace(b"\r", b" ")


def _without_open_quotes(lines: bytes) -> bytes:
    """`lines` with a blank cell for each line whose quotes are not closed: it would swallow those after it."""
    if b'"' not in lines:
        return lines
    content = np.frombuffer(lines, np.uint8)
    quotes = np.searchsorted(np.flatnonzero(content == ord('"')), np.flatnonzero(content == ord("\n")))
    open_ones = np.flatnonzero(np.diff(quotes, prepend=0) % 2)
    if not len(open_ones):
        return lines
    parts = lines.split(b"\n")
    for line in open_ones.tolist():
        parts[line] = b" "
    return b"\n".join(parts)


def _parse(lines: bytes, layout: Layout, first: int, path: Path) -> Block:
    try:
        table, ragged, bad = _read_as_it_is(_utf8(lines), layout)
    except pa.ArrowException as problem:
        raise DataError("not a readable table", where=f"{path.name}, from line {first}", got=problem) from None
    numbers = _line_numbers(lines, first)
    whole = np.delete(numbers, ragged) if ragged else numbers
    columns = {name: table.column(name).combine_chunks() for name in table.column_names}
    return Block(columns, whole[: table.num_rows], tuple(numbers[ragged].tolist()), bad)


def _read_as_it_is(lines: bytes, layout: Layout) -> tuple[pa.Table, list[int], dict[str, np.ndarray]]:
    """The columns, lines with another number of cells, and cells that are no numbers."""
    decimal = "," if layout.separator == ";" and DECIMAL_COMMA.search(lines[:HEAD]) else "."
    try:
        return *_read(lines, layout, layout.types, decimal), {}
    except pa.ArrowInvalid:
        table, ragged = _read(lines, layout, dict.fromkeys(layout.types, pa.string()), decimal)
        table, bad = _numbers(table, layout.types, decimal)
        return table, ragged, bad


def _read(
    lines: bytes, layout: Layout, types: Mapping[str, pa.DataType], decimal: str
) -> tuple[pa.Table, list[int]]:
    """The columns of `types`, and which of the lines that are not empty have another number of cells."""
    ragged: list[int] = []

    def note(row: pa_csv.InvalidRow) -> str:
        ragged.append(row.number - 1)
        return "skip"

    table = pa_csv.read_csv(
        pa.BufferReader(lines),
        # Rows are numbered by one thread alone; the block is parsed as a whole.
        pa_csv.ReadOptions(column_names=list(layout.names), use_threads=False, block_size=max(len(lines), 1)),
        pa_csv.ParseOptions(delimiter=layout.separator, invalid_row_handler=note),
        pa_csv.ConvertOptions(
            column_types=dict(types), include_columns=list(types), null_values=MISSING, strings_can_be_null=True,
            decimal_point=decimal,
        ),
    )  # fmt: skip
    return table, ragged


def _numbers(
    table: pa.Table, types: Mapping[str, pa.DataType], decimal: str
) -> tuple[pa.Table, dict[str, np.ndarray]]:
    """Text as the numbers of `types`, missing where it is none, and where that is."""
    columns, bad = [], {}
    for name, kind in types.items():
        text = table.column(name)
        if not pa.types.is_floating(kind):
            columns.append(text.cast(kind) if kind == pa.string() else text.dictionary_encode())
            continue
        if decimal == ",":
            text = pc.replace_substring(text, ",", ".")
        right = pc.match_substring_regex(text, NUMBER)
        wrong = pc.fill_null(pc.invert(right), False).to_numpy()
        if wrong.any():
            bad[name] = wrong
        columns.append(pc.if_else(right, pc.utf8_trim_whitespace(text), None).cast(kind))
    return pa.table(columns, names=list(types)), bad


def _line_numbers(lines: bytes, first: int) -> np.ndarray:
    """The number of each line that is not empty."""
    if b"\n\n" not in lines and not lines.startswith(b"\n"):
        return np.arange(first, first + lines.count(b"\n"))
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n"))
    parts = lines.split(b"\n")[: len(ends)]
    return first + np.flatnonzero([bool(part) for part in parts])


def _utf8(lines: bytes) -> bytes:
    """`lines`, which are Latin-1 where they are no UTF-8."""
    try:
        lines.decode("utf-8")
    except UnicodeDecodeError:
        return lines.decode("latin-1").encode("utf-8")
    return lines
