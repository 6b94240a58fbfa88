"""Tables of occurrences, whatever their file: text, or a layer of points with attributes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.formats.compressed import open_plain
from sdm.formats.points import PointLayer, layer_kind, read_points
from sdm.formats.table import Kind, count_lines, read_header, read_table
from sdm.occurrences.columns import GEOMETRY, Source
from sdm.occurrences.reading.row_names import lines, numbered

LONGEST_LINE = 1 << 20


class TextTable:
    """A table in text."""

    crs = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header, self._separator = read_header(path)
        if any("\0" in name for name in self.header):
            raise DataError("the header holds NUL bytes", where=path, expected="a table in text",
                            remedy="Save it as CSV in UTF-8.")  # fmt: skip
        self.kind = {",": "CSV", ";": "CSV with semicolons"}.get(self._separator, "tab-separated text")
        self.decimal_comma = self._separator != ","

    def read(self, columns: Mapping[str, Kind]) -> pd.DataFrame:
        """The named columns; DataError for one that is not there or stands there twice."""
        return read_table(self.path, columns) if columns else pd.DataFrame()

    def first(self, columns: Sequence[str], rows: int) -> pd.DataFrame:
        """Read from the start of the file alone."""
        with open_plain(self.path, "table") as file:
            lines = [file.readline(LONGEST_LINE) for _ in range(rows + 1)]
        text = b"".join(lines).decode("utf-8-sig", "replace")
        cells = list(csv.reader(io.StringIO(text), delimiter=self._separator))[1 : rows + 1]
        places = {name: place for place, name in enumerate(self.header)}
        at = {name: places[name] for name in columns}
        return pd.DataFrame(
            {name: [row[i] if i < len(row) else "" for row in cells] for name, i in at.items()}, dtype=str
        )

    def row_names(self, count: int, rows: np.ndarray) -> list[str]:
        """The lines of the file, as editors number them."""
        return lines(self.path, count, rows)

    def count(self) -> int:
        """Its lines without the header."""
        return max(count_lines(self.path) - 1, 0)


class LayerTable:
    """A layer of points, whose positions are two further columns."""

    decimal_comma = False

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        names = list(map(str, self._layer.attributes.columns))
        self.header = [*(GEOMETRY if self._layer.x is not None else ()), *names]
        self.crs = self._layer.crs

    @cached_property
    def _layer(self) -> PointLayer:
        return read_points(self.path)

    def read(self, columns: Mapping[str, Kind]) -> pd.DataFrame:
        """The named columns."""
        return pd.DataFrame({name: _as(kind, self._column(name)) for name, kind in columns.items()})

    def first(self, columns: Sequence[str], rows: int) -> pd.DataFrame:
        """As they would be printed."""
        cells = {name: self._column(name).iloc[:rows] for name in columns}
        return pd.DataFrame(
            {name: column.astype(object).where(column.notna(), "").map(str) for name, column in cells.items()}
        )

    def row_names(self, count: int, rows: np.ndarray) -> list[str]:  # noqa: ARG002
        """Their numbers from 1: a layer has no lines."""
        return numbered(rows)

    def count(self) -> int:
        """Its rows."""
        return len(self._layer.attributes)

    def _column(self, name: str) -> pd.Series:
        if name in GEOMETRY:
            return pd.Series(self._layer.x if name == GEOMETRY[0] else self._layer.y)
        return self._layer.attributes[name].reset_index(drop=True)


def open_source(path: Path) -> Source:
    """The table in `path`; DataError for what is none."""
    kind = layer_kind(path)
    return LayerTable(path, kind) if kind else TextTable(path)


def _as(kind: Kind, column: pd.Series) -> pd.Series:
    """A column of attributes: numbers float64, anything else categories of text."""
    if kind is not Kind.TEXT and column.dtype.kind in "fiu":
        return column.astype(np.float64)
    text = column.astype(object).where(column.notna(), None)
    return text.map(str, na_action="ignore").astype("category")
