"""Where the arrays of one modality and one source of a tree lie, and how they are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from sdm.data.find_tree import Tree
from sdm.data.impossible_values import impossible, measured
from sdm.data.tree_files import SurveyFiles, TreeFiles
from sdm.errors import DataError
from sdm.formats.geotiff import read_patch
from sdm.formats.jpeg import read_jpeg_pair
from sdm.formats.table import Kind, read_header, read_table
from sdm.formats.tensor import read_cube
from sdm.modalities import MODALITIES, Modality
from sdm.modalities.layouts import FileLayout, Layout, TableLayout, TablePart
from sdm.modalities.spelling import fold

SurveyPaths = tuple[Path | None, ...]  # one per pattern of the layout, None where there is no file; never all None


def decode_geotiff(paths: SurveyPaths, modality: Modality) -> np.ndarray:
    """float32 of the modality's shape from a GeoTIFF; NaN where the file holds its missing-value mark."""
    shape = (modality.shape[0], modality.shape[1], modality.shape[2])
    stored = read_patch(_first(paths), shape, modality.dtype, modality.channels, modality.nodata).pixels
    values = stored.astype(np.float32)
    values[stored == modality.nodata] = np.nan
    return values


def decode_tensor(paths: SurveyPaths, modality: Modality) -> np.ndarray:
    """float32 of the modality's shape from a tensor file; what cannot have been measured is missing."""
    return measured(read_cube(_first(paths), modality.shape, modality.dtype))


def decode_jpeg_pair(paths: SurveyPaths, modality: Modality) -> np.ndarray:
    """float32 of the modality's shape, in its stored units, from a colour picture and one of the near infrared.

    Of a picture that is not there the bands are missing.
    """
    colour, infrared = paths
    return read_jpeg_pair(colour, infrared, modality.shape[-1])


DECODERS: dict[str, Callable[[SurveyPaths, Modality], np.ndarray]] = {
    "geotiff": decode_geotiff,
    "jpeg pair": decode_jpeg_pair,
    "tensor": decode_tensor,
}


def _first(paths: SurveyPaths) -> Path:
    return next(path for path in paths if path is not None)


class ArraySource(Protocol):
    """Where one modality of one source lies."""

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        """bool (n,): which surveys are there."""
        ...

    def read(self, survey_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """float32 (n, *shape), NaN for surveys that are not there, and bool (n,) which are; DataError: damage."""
        ...


@dataclass(eq=False)
class FileSource:
    """One file per survey and pattern of the layout; `parts` tells for each pattern where its files lie."""

    parts: tuple[Sequence[SurveyFiles], ...]
    decoder: str
    modality: Modality

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        return np.isin(survey_ids, np.concatenate(self.listed))

    def read(self, survey_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values = np.full((len(survey_ids), *self.modality.shape), np.nan, np.float32)
        there = np.zeros(len(survey_ids), bool)
        for row, survey_id in enumerate(survey_ids.tolist()):
            paths = self.locate(survey_id)
            if paths is not None:
                values[row], there[row] = DECODERS[self.decoder](paths, self.modality), True
        return values, there

    def locate(self, survey_id: int) -> SurveyPaths | None:
        """The survey's files, None where there is none."""
        paths = tuple(_existing(path for files in part for path in files.paths(survey_id)) for part in self.parts)
        return None if all(path is None for path in paths) else paths

    @cached_property
    def listed(self) -> list[np.ndarray]:
        """Per pattern, the ids of the surveys whose file is there, ascending."""
        every = ({survey_id for files in part for survey_id, _ in files.files()} for part in self.parts)
        return [np.array(sorted(ids), np.int64) for ids in every]


@dataclass(eq=False)
class TableSource:
    """Tables with one row per survey, of one source or of several, all read on first use.

    A survey whose cells are all empty is not there.
    """

    layout: TableLayout
    parts: Sequence[tuple[TablePart, Path]]
    modality: Modality

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        return np.isin(survey_ids, self._loaded[0])

    def read(self, survey_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ids, table = self._loaded
        values = np.full((len(survey_ids), table.shape[1]), np.nan, np.float32)
        there = np.isin(survey_ids, ids)
        values[there] = table[np.searchsorted(ids, survey_ids[there])]
        return values.reshape(len(survey_ids), *self.modality.shape), there

    @cached_property
    def _loaded(self) -> tuple[np.ndarray, np.ndarray]:
        """Survey ids, ascending, and their values, float32 (n, prod(shape))."""
        parts = [self._read_part(part, path) for part, path in self.parts]
        every = np.unique(np.concatenate([ids for ids, _, _ in parts]))
        table = np.full((len(every), int(np.prod(self.modality.shape))), np.nan, np.float32)
        for ids, positions, values in parts:
            table[np.searchsorted(every, ids)[:, None], positions] = values
        known = np.isfinite(table).any(axis=1)
        return every[known], table[known]

    def _read_part(self, part: TablePart, path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Ids, positions in the flattened array, and values of the source's rows; an id's first row counts."""
        header, _ = read_header(path)
        named = [i for i, column in enumerate(part.columns) if self.layout.complete or column in header]
        columns = [part.columns[i] for i in named]
        kinds = {"surveyId": Kind.ID, **dict.fromkeys(columns, Kind.SMALL)}
        if self.layout.source_column is None:
            frame = read_table(path, kinds, ended=True)
        else:
            frame = read_table(path, {self.layout.source_column: Kind.TEXT, **kinds}, ended=True)
            frame = frame[frame[self.layout.source_column] == self.layout.source]
        ids, first = np.unique(frame["surveyId"].to_numpy(), return_index=True)
        values = np.empty((len(ids), len(columns)), np.float32)
        for i, column in enumerate(columns):
            values[:, i] = frame[column].to_numpy()[first]
        values[impossible(values)] = np.nan
        return ids, np.array([part.positions[i] for i in named], np.int64), values


@dataclass(eq=False)
class LayeredSource:
    """Several sources of the same arrays: each survey is read from the first that holds it."""

    layers: Sequence[ArraySource]
    modality: Modality

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        have = np.zeros(len(survey_ids), bool)
        for layer in self.layers:
            if not have.all():
                have[~have] = layer.holds(survey_ids[~have])
        return have

    def read(self, survey_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values = np.full((len(survey_ids), *self.modality.shape), np.nan, np.float32)
        have = np.zeros(len(survey_ids), bool)
        for layer in self.layers:
            if not have.all():
                values[~have], have[~have] = layer.read(survey_ids[~have])
        return values, have


def open_array_source(tree: Tree, source: str, modality: str) -> ArraySource | None:
    """Every layout of `modality` that the tree has anything of, best first; None where it has nothing."""
    row = MODALITIES[modality]
    rows = row.layouts_of(tree.edition, source)
    layers = [layer for layout in rows if (layer := _open(tree.files, layout, row)) is not None]
    return LayeredSource(layers, row) if len(layers) > 1 else next(iter(layers), None)


def _open(files: TreeFiles, layout: Layout, modality: Modality) -> ArraySource | None:
    if isinstance(layout, FileLayout):
        return file_source(files, layout, modality)
    parts = [(part, path) for part in layout.parts if (path := find_table(files, part)) is not None]
    return TableSource(layout, parts, modality) if parts else None


def file_source(files: TreeFiles, layout: FileLayout, modality: Modality) -> FileSource | None:
    """The files of `layout`; None where the tree has none."""
    parts = tuple(files.survey_files_like(pattern) for pattern in layout.patterns)
    return FileSource(parts, layout.decoder, modality) if any(parts) else None


def find_table(files: TreeFiles, part: TablePart) -> Path | None:
    """The file of a table, None where there is none; DataError where files of several names could be it."""
    tables = files.tables_like(part.pattern)
    if len({fold(path.name) for path in tables}) > 1:
        raise DataError(
            "several files fit one table", where=tables[0].parent, got=", ".join(path.name for path in tables[:3])
        )
    return tables[0] if tables else None


def _existing(paths: Iterable[str]) -> Path | None:
    return next((Path(path) for path in paths if os.path.exists(path)), None)  # noqa: PTH110 (twice as fast)
