"""Where the store of a tree lies, and whether the tree has changed since it was packed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from sdm.data.array_sources import find_table
from sdm.data.find_tree import Tree, find_tree
from sdm.data.tree import SPECIES_FILE
from sdm.data.worlds import WORLD_FILE
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
    source = find_tree(tree)
    digest = hashlib.sha256()
    for path in _files(source):
        status = path.stat()
        digest.update(
            f"{path.relative_to(source.root).as_posix()}\0{status.st_size}\0{status.st_mtime_ns}\n".encode()
        )
    return digest.hexdigest()[:16]


def _files(tree: Tree) -> Iterator[Path]:
    yield from (path for _, path in tree.metadata)
    yield from (path for name in (SPECIES_FILE, WORLD_FILE) if (path := tree.root / name).exists())
    rows = [row for modality in MODALITIES.values() for row in modality.layouts if row.edition == tree.edition]
    patterns = (pattern for row in rows if isinstance(row, FileLayout) for pattern in row.patterns)
    for files in dict.fromkeys(files for pattern in patterns for files in tree.files.survey_files_like(pattern)):
        yield from (Path(path) for _, path in files.files())
    parts = (part for row in rows if isinstance(row, TableLayout) for part in row.parts)
    # a table may hold several sources
    yield from filter(None, dict.fromkeys(find_table(tree.files, part) for part in parts))
