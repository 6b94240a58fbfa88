"""Which files of a tree no checksum protects: a flipped bit in them may change numbers unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from sdm.data.array_sources import file_source
from sdm.data.check_finding import NOTE, Finding
from sdm.data.find_tree import Tree
from sdm.errors import DataError
from sdm.formats.checksums import has_checksum
from sdm.modalities import MODALITIES
from sdm.modalities.layouts import FileLayout, TableLayout

SAMPLE = 20  # files of a kind: they are written alike
SUBJECT = "files without a checksum"
CONSEQUENCE = "a flipped bit can pass there; what is packed is protected"


def check_checksums(tree: Tree) -> Iterator[Finding]:
    """A note with the kinds of files that are without, of which SAMPLE each were opened."""
    have = {what: _have_checksums(paths) for what, paths in _kinds(tree)}
    without = [what for what, known in have.items() if not all(known)]
    if without:
        every = [known for kind in have.values() for known in kind]
        detail = f"{', '.join(without)}: {CONSEQUENCE}"
        yield Finding(NOTE, SUBJECT, every.count(False), len(every), detail)


def _kinds(tree: Tree) -> Iterator[tuple[str, Iterable[Path]]]:
    yield "tables", _tables(tree)
    for name, modality in MODALITIES.items():
        for layout in modality.layouts:
            if layout.edition == tree.edition and isinstance(layout, FileLayout):
                stored = file_source(tree.files, layout, modality)
                parts = () if stored is None else stored.parts
                paths = (Path(path) for part in parts for files in part for _, path in files.files())
                yield f"{layout.source} {name}", islice(paths, SAMPLE)


def _tables(tree: Tree) -> set[Path]:
    paths = {path for _, path in tree.metadata}
    for modality in MODALITIES.values():
        for layout in modality.layouts:
            if layout.edition == tree.edition and isinstance(layout, TableLayout):
                paths |= {path for part in layout.parts for path in tree.files.tables_like(part.pattern)}
    return paths


def _have_checksums(paths: Iterable[Path]) -> list[bool]:
    return [known for path in paths if (known := _has_checksum(path)) is not None]


def _has_checksum(path: Path) -> bool | None:
    try:
        return has_checksum(path)
    except DataError:
        return None  # unreadable ones are reported elsewhere
