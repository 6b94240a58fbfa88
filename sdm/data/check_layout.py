"""What lies in a tree and is not read, or only in part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sdm.data.array_sources import FileSource, file_source
from sdm.data.check_finding import MISSING, NOTE, Finding
from sdm.data.find_tree import Tree, archive_folder, unpack_remedy
from sdm.data.tree import SPECIES_FILE
from sdm.data.tree_files import named
from sdm.formats.problem import shortened
from sdm.modalities import MODALITIES
from sdm.modalities.layouts import EDITIONS, METADATA, FileLayout, TableLayout
from sdm.modalities.spelling import fold, matches

OTHER_TABLES = (SPECIES_FILE, "GLC*_SAMPLE_SUBMISSION.csv")


def check_layout(tree: Tree) -> Iterator[Finding]:
    """Inputs of which a part is missing, and files that no layout of the tree's edition knows."""
    for name, modality in MODALITIES.items():
        for layout in modality.layouts:
            if layout.edition == tree.edition:
                subject = f"{layout.source} {name}"
                if isinstance(layout, TableLayout):
                    yield from _incomplete_tables(tree, layout, subject)
                else:
                    yield from _incomplete_files(file_source(tree.files, layout, modality), layout, subject)
    yield from _other_editions(tree)
    yield from _archives(tree)
    yield from _special(tree)
    yield from _twice(tree)
    yield from _unknown(tree)


def _incomplete_tables(tree: Tree, layout: TableLayout, subject: str) -> Iterator[Finding]:
    """An input of several tables of which some are there and others not: those values read as missing."""
    absent = [part.pattern for part in layout.parts if not tree.files.tables_like(part.pattern)]
    if 0 < len(absent) < len(layout.parts):
        there = len(layout.parts) - len(absent)
        yield Finding(MISSING, f"{subject} tables", there, len(layout.parts), f"no {', '.join(absent)}")


def _incomplete_files(stored: FileSource | None, layout: FileLayout, subject: str) -> Iterator[Finding]:
    """An input of several files per survey of which some are there and others not: those bands read as missing."""
    if stored is None or len(stored.parts) < 2:
        return
    every = len(np.unique(np.concatenate(stored.listed)))
    for pattern, ids in zip(layout.patterns, stored.listed, strict=True):
        if len(ids) < every:
            yield Finding(MISSING, f"{subject} files", len(ids), every, f"no {pattern}: its bands are missing")


def _other_editions(tree: Tree) -> Iterator[Finding]:
    for edition in tree.other_editions:
        tables = [row.name for row in METADATA if row.edition == edition and tree.files.tables_like(row.name)]
        detail = f"not opened, {EDITIONS[tree.edition]} is newer. Move its files to a folder of their own"
        yield Finding(NOTE, f"tables of {EDITIONS[edition]}", len(tables), None, detail)


def _archives(tree: Tree) -> Iterator[Finding]:
    packed = [path for path in tree.files.archives if not archive_folder(path).is_dir()]
    if packed:
        detail = f"{shortened(tree.files.relative(path) for path in packed)}. {unpack_remedy(packed[0])}"
        yield Finding(NOTE, "archives that are not unpacked", len(packed), None, detail)


def _special(tree: Tree) -> Iterator[Finding]:
    if tree.files.special:
        detail = f"not read: {shortened(map(tree.files.relative, tree.files.special))}"
        yield Finding(NOTE, "pipes, sockets and devices", len(tree.files.special), None, detail)


def _twice(tree: Tree) -> Iterator[Finding]:
    """Tables of one name in several places, or compressed beside the plain one."""
    first: dict[str, Path] = {}
    again = [path for path in tree.files.tables if first.setdefault(fold(path.name)[0], path) is not path]
    if again:
        read = tree.files.relative(first[fold(again[0].name)[0]])
        detail = f"not read: {shortened(map(tree.files.relative, again))}; read, for the first: {read}"
        yield Finding(NOTE, "tables that occur twice", len(again), None, detail)


def _unknown(tree: Tree) -> Iterator[Finding]:
    """Tables, and files named after surveys of a kind that layouts have, which are nowhere looked for."""
    layouts = [layout for modality in MODALITIES.values() for layout in modality.layouts]
    kinds = tuple({Path(p).suffix for row in layouts if isinstance(row, FileLayout) for p in row.patterns})
    opened = [row for row in layouts if row.edition in (tree.edition, *tree.other_editions)]
    files = {pattern for row in opened if isinstance(row, FileLayout) for pattern in row.patterns}
    tables = {part.pattern for row in opened if isinstance(row, TableLayout) for part in row.parts}
    tables |= {*(row.name for row in METADATA), *OTHER_TABLES}
    every = [
        *((tree.files.relative(path), tables) for path in tree.files.tables),
        *((tree.files.relative(named(file)), files) for file in tree.files.survey_files),
    ]
    unknown = [
        path for path, known in every
        if (known is tables or fold(path)[-1].endswith(kinds)) and not any(matches(path, name) for name in known)
    ]  # fmt: skip
    if unknown:
        detail = f"not read: {shortened(unknown)}; names and folders that are: docs/data.md"
        yield Finding(NOTE, "files of no known layout", len(unknown), None, detail)
    if not tree.files.complete:
        detail = "only those nearest to the top were searched; keep the data in a folder of their own"
        yield Finding(NOTE, "folders in this tree are too many", len(tree.files.folders), None, detail)
