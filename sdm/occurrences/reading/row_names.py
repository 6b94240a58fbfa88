"""What reports call the rows of a table: lines of its file, where it has lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sdm.formats.table import line_numbers

RowNames = Callable[[np.ndarray], list[str]]


def lines(path: Path, count: int, rows: np.ndarray) -> list[str]:
    """The line on which each of `rows` begins, of `count` in all; the header is on line 1."""
    return [f"line {line}" for line in line_numbers(path, count)[rows]]


def numbered(rows: np.ndarray) -> list[str]:
    """
    >>> numbered(np.array([0, 20]))
    ['record 1', 'record 21']
    """
    return [f"record {row + 1}" for row in rows]
