"""Reads the hand-set tables beside this module (`tables/README.md` tells what they hold)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).with_name("tables")


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of table `name` (without ending), as text by column."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def read_columns(name: str) -> dict[str, np.ndarray]:
    """The columns of table `name`: float64 numbers, but for `name`, which stays text."""
    rows = read_rows(name)
    return {c: np.array([r[c] if c == "name" else float(r[c]) for r in rows]) for c in rows[0]}
