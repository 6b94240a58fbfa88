"""Versions of the virtual Europe: data and runs of an earlier one belong to another world, and are refused."""

from __future__ import annotations

from pathlib import Path

from sdm.errors import SdmError

TITLE = "Virtual Europe"
VERSION = "2"
REMADE = "Write it again in its place: python -m sdm demo --renew"
TRAINED_AGAIN = f"Train again on version {VERSION}, into a new folder."


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
