"""Versions of the virtual Europe: data and runs of an earlier one belong to another world, and are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sdm.errors import DataError, SdmError
from sdm.files import read_json

TITLE = "Virtual Europe"
VERSION = "2"
WORLD_FILE = "world.json"
REMADE = "Write it again in its place: python -m sdm demo --renew"
TRAINED_AGAIN = f"Train again on version {VERSION}, into a new folder."


def read_world(path: Path) -> dict[str, Any]:
    """What world.json says of a simulated tree; empty where there is none."""
    file = path / WORLD_FILE
    return read_json(file, DataError) if file.exists() else {}


def outdated(title: str, version: str | None) -> bool:
    """Whether what bears `title` is of another version of the virtual Europe than the one that is written now.

    >>> outdated("Virtual Europe", "1"), outdated("Virtual Europe", VERSION), outdated("Two coasts", "1")
    (True, False, False)
    """
    return title == TITLE and version != VERSION


def require_current(
    title: str, version: str | None, where: Path, error: type[SdmError], remedy: str = REMADE
) -> None:
    """Raise `error` for data or a run of another version of the virtual Europe, read from `where`."""
    if outdated(title, version):
        raise error(
            "of another version of the virtual Europe, whose places and species were others",
            where=where, expected=f"version {VERSION}", got=f"version {version or '1'}",
            remedy=remedy,
        )  # fmt: skip
