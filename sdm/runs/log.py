"""Tables that grow while a run trains: `history.csv` per epoch, `batches.csv` per step."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pandas as pd

from sdm.errors import RunError
from sdm.files import atomic


class Log:
    """Appends rows to a CSV, each at once and whole."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self.columns = columns
        new = not path.exists()
        self.file = path.open("ab", buffering=0)
        if new:
            self._write(columns)

    def add(self, row: Mapping[str, object]) -> None:
        """Append `row`, which has a value for every column."""
        self._write([row[name] for name in self.columns])

    def _write(self, values: object) -> None:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(values)  # type: ignore[arg-type]
        self.file.write(line.getvalue().encode())

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()


def read_log(path: Path) -> pd.DataFrame:
    """The rows so far, without a last line still being written; an absent file gives an empty table."""
    whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
    if not whole:
        return pd.DataFrame()
    try:
        return pd.read_csv(io.BytesIO(whole))
    except (ValueError, UnicodeDecodeError) as problem:
        raise RunError("not readable as a table", where=path, got=problem) from None


def cut_log(path: Path, column: str, below: int) -> None:
    """Drop rows from the first on whose `column` is `below` or more, and a last line without end."""
    if not path.exists():
        return
    lines = path.read_text().rpartition("\n")[0].split("\n")
    at = lines[0].split(",").index(column)
    kept = [line for line in lines[1:] if int(line.split(",")[at]) < below]
    with atomic(path) as file:
        file.write("".join(f"{line}\n" for line in (lines[0], *kept)).encode())
