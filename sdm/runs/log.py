"""Tables that grow while a run trains: `history.csv` per epoch, `batches.csv` per step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from sdm.errors import RunError
from sdm.files import atomic, refuse_special


def append_row(path: Path, row: Mapping[str, object]) -> None:
    """Append `row` in one write; a new file starts with the column names."""
    with path.open("ab", buffering=0) as file:
        head = _line(row) if file.tell() == 0 else b""
        file.write(head + _line(row.values()))


def _line(values: Iterable[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue().encode()


def read_log(path: Path) -> pd.DataFrame:
    """The rows so far, without a last line still being written; an absent file gives an empty table."""
    refuse_special(path, RunError)
    whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
    if not whole:
        return pd.DataFrame()
    try:
        return pd.read_csv(io.BytesIO(whole))
    except (ValueError, UnicodeDecodeError) as problem:
        raise RunError("not readable as a table", where=path, got=problem) from None


def cut_log(path: Path, last_step: int) -> None:
    """Keep the rows up to `last_step`; a last line without end goes too, and a log that holds no other.

    RunError when a row has no step.
    """
    if not path.exists():
        return
    whole = path.read_bytes().rpartition(b"\n")[0]
    if not whole:
        path.unlink()
        return
    try:
        head, *rows = whole.decode().split("\n")
        at = head.split(",").index("step")
        kept = [row for row in rows if int(row.split(",")[at]) <= last_step]
    except (ValueError, IndexError) as problem:
        raise RunError("not a log of steps", where=path, got=problem) from None
    with atomic(path) as file:
        file.write("".join(f"{row}\n" for row in (head, *kept)).encode())
