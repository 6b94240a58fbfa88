"""Which files of a tree no checksum protects: a flipped bit in them may change numbers unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from sdm.data.array_sources import file_source
from sdm.data.find_tree import Tree
from sdm.data.finding import NOTE, Finding
from sdm.errors import DataError
from sdm.formats.checksums import has_checksum
from sdm.modalities import MODALITIES
from sdm.modalities.layouts import FileLayout, TableLayout

SAMPLE = 20  # files of a kind: they are written alike
REMEDY = "a flipped bit can pass unnoticed; what `python -m sdm pack` made of them is protected from then on"


def check_checksums(tree: Tree) -> Iterator[Finding]:
    """One note on the tables and one per input with files of one survey each, where any is without."""
    yield from _note("tables", _tables(tree))
    for name, modality in MODALITIES.items():
        for layout in modality.layouts:
            if layout.edition != tree.edition or not isinstance(layout, FileLayout):
                continue
            stored = file_source(tree.files, layout, modality)
            if stored is not None:
                paths = (Path(path) for part in stored.parts for files in part for _, path in files.files())
                yield from _note(f"{layout.source} {name} files", islice(paths, SAMPLE))


def _tables(tree: Tree) -> set[Path]:
    paths = {path for _, path in tree.metadata}
    for modality in MODALITIES.values():
        for layout in modality.layouts:
            if layout.edition == tree.edition and isinstance(layout, TableLayout):
                paths |= {path for part in layout.parts for path in tree.files.tables_like(part.pattern)}
    return paths


def _note(what: str, paths: Iterable[Path]) -> Iterator[Finding]:
    have = [known for path in paths if (known := _has_checksum(path)) is not None]
    if not all(have):
        yield Finding(NOTE, f"{what} without a checksum", have.count(False), len(have), REMEDY)


def _has_checksum(path: Path) -> bool | None:
    try:
        return has_checksum(path)
    except DataError:
        return None  # unreadable ones are reported elsewhere
