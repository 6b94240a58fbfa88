"""Arrays of a GeoLifeCLEF tree, read from its files when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.array_sources import DECODERS, ArraySource, SurveyPaths, file_source, open_array_source
from sdm.data.find_tree import Tree
from sdm.errors import DataError, NotDownloadedError
from sdm.modalities import MODALITIES, of_edition
from sdm.modalities.layouts import SOURCES, FileLayout


class TreeReader:
    """Reads the arrays of N surveys from the files of a tree; `source` (categorical) and `survey_id` name them.

    A survey without a file is NaN. A damaged file raises DataError naming it.
    """

    def __init__(self, tree: Tree, source: pd.Categorical, survey_id: np.ndarray) -> None:
        self._tree = tree
        self._names = [str(name) for name in source.categories]
        self._source = source.codes
        self._survey_id = survey_id
        self._sources: dict[tuple[str, str], ArraySource | None] = {}
        self._available: dict[str, np.ndarray] = {}

    def available(self, modality: str) -> np.ndarray:
        if modality not in self._available:
            every = np.arange(len(self._survey_id))
            have = np.zeros(len(every), bool)
            for rows, ids, stored in self._by_source(modality, every):
                have[rows] = stored.holds(ids)
            self._available[modality] = have
        return self._available[modality]

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        rows = np.asarray(rows)
        values = np.full((len(rows), *MODALITIES[modality].shape), np.nan, np.float32)
        for places, ids, stored in self._by_source(modality, rows):
            values[places], _ = stored.read(ids)
        return values

    def _by_source(self, modality: str, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, ArraySource]]:
        """For each source that has the modality: places in `rows`, survey ids, and where they lie."""
        source = self._source[rows]
        for code in np.unique(source):
            stored = self._array_source(self._names[code], modality)
            if stored is not None:
                places = np.flatnonzero(source == code)
                yield places, self._survey_id[rows[places]], stored

    def _array_source(self, source: str, modality: str) -> ArraySource | None:
        key = (source, modality)
        if key not in self._sources:
            self._sources[key] = open_array_source(self._tree, source, modality)
        return self._sources[key]


def present_modalities(tree: Tree) -> tuple[str, ...]:
    """The modalities that the tree holds anything of; one whose table cannot be told counts as held."""
    return tuple(
        name for name in of_edition(tree.edition) if any(_holds(tree, source, name) for source in SOURCES)
    )


def _holds(tree: Tree, source: str, modality: str) -> bool:
    try:
        return open_array_source(tree, source, modality) is not None
    except DataError:
        return True


def locate(tree: Tree, source: str, modality: str, survey_id: int) -> Path:
    """The file of one survey, the first where it has several; NotDownloadedError where the tree has none."""
    return next(path for path in _files(tree, source, modality, survey_id)[1] if path is not None)


def read_file(tree: Tree, source: str, modality: str, survey_id: int) -> np.ndarray:
    """float32 (*shape) from the files of one survey; NotDownloadedError without any, DataError for damage."""
    layout, paths = _files(tree, source, modality, survey_id)
    return DECODERS[layout.decoder](paths, MODALITIES[modality])


def _files(tree: Tree, source: str, modality: str, survey_id: int) -> tuple[FileLayout, SurveyPaths]:
    row = MODALITIES[modality]
    for layout in row.layouts_of(tree.edition, source):
        stored = file_source(tree.files, layout, row) if isinstance(layout, FileLayout) else None
        paths = None if stored is None else stored.locate(survey_id)
        if isinstance(layout, FileLayout) and paths is not None:
            return layout, paths
    raise NotDownloadedError("not downloaded", where=tree.root, got=f"{source} {survey_id} {modality}")
