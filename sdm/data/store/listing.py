"""Where the store of a tree lies, and whether the tree has changed since it was packed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from sdm.data.tree import SPECIES_FILE, WORLD_FILE, find_metadata
from sdm.data.tree_reader import find, walk
from sdm.files import PROJECT
from sdm.modalities import MODALITIES
from sdm.modalities.layouts import FileLayout, TableLayout


def default_store(tree: Path) -> Path:
    """The one place for the store of `tree`, told apart from namesakes by its full path."""
    whole = tree.resolve()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", whole.name).strip(".-") or "tree"
    digest = hashlib.sha256(str(whole).encode(errors="surrogateescape")).hexdigest()[:8]
    return PROJECT / "data" / "stores" / f"{name}-{digest}"


def list_tree(tree: Path) -> str:
    """16 hex digits over path, size and modification time of every file of the tree that a data set reads."""
    digest = hashlib.sha256()
    for path in _files(tree):
        status = path.stat()
        digest.update(f"{path.relative_to(tree).as_posix()}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _files(tree: Path) -> Iterator[Path]:
    tables = find_metadata(tree)
    yield from (path for _, path in tables)
    yield from (path for name in (SPECIES_FILE, WORLD_FILE) if (path := tree / name).exists())
    edition = tables[0][0].edition
    rows = [row for modality in MODALITIES.values() for row in modality.layouts if row.edition == edition]
    for folder in dict.fromkeys(f for row in rows if isinstance(row, FileLayout) for f in row.folders):
        yield from walk(tree / folder)
    parts = (part for row in rows if isinstance(row, TableLayout) for part in row.parts)
    yield from filter(None, dict.fromkeys(find(tree, part) for part in parts))  # a table may hold several sources
