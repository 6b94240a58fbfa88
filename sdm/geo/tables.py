"""Reader of hand-set tables: a CSV per table, in the folder `tables/` of the package that uses it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).with_name("tables")


def read_rows(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """The rows of table `name` (without ending), as text by column."""
    with (folder / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def read_columns(name: str, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """The columns of table `name`: float64 numbers, but for `name`, which stays text."""
    rows = read_rows(name, folder)
    return {c: np.array([r[c] if c == "name" else float(r[c]) for r in rows]) for c in rows[0]}
