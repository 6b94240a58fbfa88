"""Sizes of the tables of a simulated tree, which show one that was cut: nothing in text does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sdm.errors import DataError

TABLES = "tables"  # in world.json


def table_sizes(root: Path) -> dict[str, int]:
    """Path below `root` -> bytes, of all its tables."""
    return {path.relative_to(root).as_posix(): path.stat().st_size for path in sorted(root.rglob("*.csv"))}


def require_whole(root: Path, about: Mapping[str, Any]) -> None:
    """DataError where a table that world.json, read as `about`, gives the size of has another one.

    Nothing is said of a tree without sizes, and of tables that are not there.
    """
    sizes = about.get(TABLES, {})
    for name, size in sizes.items() if isinstance(sizes, dict) else ():
        path = root / name
        if path.is_file() and path.stat().st_size != size:
            raise DataError(
                "the table changed since it was written", where=path, expected=f"{size} bytes",
                got=path.stat().st_size, remedy="Write the tree again: python -m sdm demo",
            )  # fmt: skip
