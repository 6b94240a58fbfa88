"""Which cubes of a tree hold numbers that cannot have been measured; they are read as missing values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sdm.data.array_sources import file_source
from sdm.data.check_finding import NOTE, Finding
from sdm.data.find_tree import Tree
from sdm.data.impossible_values import LARGEST, impossible
from sdm.errors import DataError
from sdm.formats.tensor import read_cube
from sdm.modalities import MODALITIES, Modality
from sdm.modalities.layouts import FileLayout


def check_values(tree: Tree, most: int) -> Iterator[Finding]:
    """One note per input in tensor files, where any of at most `most` files, evenly spread, holds such numbers."""
    for name, modality in MODALITIES.items():
        for layout in modality.layouts:
            if not isinstance(layout, FileLayout) or (layout.edition, layout.decoder) != (tree.edition, "tensor"):
                continue
            stored = file_source(tree.files, layout, modality)
            if stored is None:
                continue
            ids = stored.listed[0]
            ids = ids if len(ids) <= most else ids[np.linspace(0, len(ids) - 1, most).astype(int)]
            places = [paths[0] for i in ids.tolist() if (paths := stored.locate(i)) is not None]
            count = sum(_has_impossible(path, modality) for path in places)
            if count:
                subject = f"{layout.source} {name} with values that cannot be measured"
                detail = f"infinite or beyond {LARGEST:g}: taken as missing"
                yield Finding(NOTE, subject, count, len(places), detail)


def _has_impossible(path: Path | None, modality: Modality) -> bool:
    try:
        return path is not None and bool(impossible(read_cube(path, modality.shape, modality.dtype)).any())
    except DataError:
        return False  # unreadable ones are reported elsewhere
