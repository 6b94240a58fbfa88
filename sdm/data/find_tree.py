"""Where a GeoLifeCLEF tree begins, of which edition it is, and what it holds."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sdm.data.tree_files import ARCHIVES, NO_CONTENT, TreeFiles, list_files
from sdm.errors import DataError
from sdm.modalities.layouts import METADATA, Metadata
from sdm.modalities.spelling import matches

LEVELS = 2  # how deep below the folder that is named a tree may begin
# Folders that hold nothing but metadata: the tree begins where they lie (Pl@ntNet's server, 2024).
METADATA_FOLDERS = ("PresenceAbsenceSurveys", "PresenceOnlyOccurrences")
_NAME_IT = "Name the folder that holds them."
_trees: dict[Path, Tree] = {}


@dataclass(frozen=True)
class Tree:
    """A tree of one edition: its metadata tables in the order of METADATA, and its files."""

    root: Path
    edition: int
    metadata: tuple[tuple[Metadata, Path], ...]
    files: TreeFiles

    @property
    def other_editions(self) -> tuple[int, ...]:
        """Editions whose metadata lie in the same folder."""
        every = {row.edition for row in METADATA if self.files.tables_like(row.name)}
        return tuple(sorted(every - {self.edition}))


def find_tree(path: Path) -> Tree:
    """The tree at `path` or up to two folders below; of two editions in one folder the newer one.

    DataError where there is none, or more than one. The folders are read again only when one has changed.
    """
    known = _trees.get(path.absolute())  # by where it begins: what lies beside it may change unnoticed
    if known is None or not known.files.unchanged():
        root = _begin(path)
        if root is None:
            raise _no_tree(path)
        known = _trees[root.absolute()] = _read(root)
    return known


def holds_tree(path: Path) -> bool:
    """Whether a tree begins at `path` or up to two folders below."""
    return tree_begins(path) is not None


def tree_begins(path: Path) -> Path | None:
    """Where the tree at `path` or up to two folders below begins; None without one or with several."""
    try:
        return _begin(path)
    except DataError:
        return None


def _read(root: Path) -> Tree:
    files = list_files(root)
    tables = [(row, paths[0]) for row in METADATA if (paths := files.tables_like(row.name))]
    if not tables:
        raise DataError("the metadata tables lie too deep in too many folders", where=root, remedy=_NAME_IT)
    edition = max(row.edition for row, _ in tables)
    return Tree(root, edition, tuple((row, file) for row, file in tables if row.edition == edition), files)


def _begin(path: Path) -> Path | None:
    """The folder in which the tree at `path` begins, None without one; DataError where there are several."""
    folders = [path]
    for _ in range(LEVELS + 1):
        holders = {folder: rows for folder in folders if (rows := _metadata_in(folder))}
        if holders:
            return _common(path, holders)
        folders = [below for folder in folders for below in _folders_in(folder)]
    return None


def _common(path: Path, holders: dict[Path, set[Metadata]]) -> Path:
    """The folder that holds the metadata tables of `holders`, if they are those of one tree."""
    begins = {_above(folder, rows) if folder != path else folder for folder, rows in holders.items()}
    every = [row for rows in holders.values() for row in rows]
    if len(begins) > 1 and (len(set(every)) < len(every) or len({row.edition for row in every}) > 1):
        raise DataError(
            "several data sets are in this folder", where=path, expected="one",
            got=", ".join(sorted(folder.name for folder in begins)), remedy=f"Name one of them: {min(begins)}",
        )  # fmt: skip
    return Path(os.path.commonpath(begins))


def _above(folder: Path, rows: set[Metadata]) -> Path:
    """`folder`, or the one above where `folder` is one for metadata alone."""
    names = (*METADATA_FOLDERS, *(row.name for row in rows), *(row.name.removesuffix(".csv") for row in rows))
    return folder.parent if any(matches(folder.name, name) for name in names) else folder


def _metadata_in(folder: Path) -> set[Metadata]:
    names = [entry.name for entry in _entries(folder) if entry.name.upper().startswith("GLC") and entry.is_file()]
    return {row for row in METADATA for name in names if matches(name, row.name)}


def _folders_in(folder: Path) -> list[Path]:
    return sorted(Path(e.path) for e in _entries(folder) if e.is_dir() and not e.name.startswith(NO_CONTENT))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        yield from os.scandir(folder)
    except OSError:
        return


def _no_tree(path: Path) -> DataError:
    """What is at `path` instead of a tree, and what to do."""
    if path.is_file() and path.name.lower().endswith(ARCHIVES):
        return DataError("an archive, not a folder", where=path, remedy=unpack_remedy(path))
    if not path.is_dir():
        return DataError("no such folder", where=path, remedy="Name a GeoLifeCLEF tree or a packed store.")
    archives = [Path(entry.path) for entry in _entries(path) if entry.name.lower().endswith(ARCHIVES)]
    remedy = _NAME_IT
    if archives:
        remedy = unpack_remedy(min(archives))
    elif _metadata_in(path.absolute().parent):
        remedy = f"Name the folder above: {path.absolute().parent}"
    expected = " or ".join(row.name for row in METADATA)
    return DataError("no metadata table here", where=path, expected=expected, remedy=remedy)


def archive_folder(archive: Path) -> Path:
    """Where `archive` is unpacked to: a folder of its name beside it."""
    return archive.with_name(
        next(archive.name[: -len(end)] for end in ARCHIVES if archive.name.lower().endswith(end))
    )


def unpack_remedy(archive: Path) -> str:
    """The command that unpacks `archive`."""
    target = archive_folder(archive)
    return f"Unpack it: {shlex.join(['python', '-m', 'sdm', 'unpack', str(archive), str(target)])}"
