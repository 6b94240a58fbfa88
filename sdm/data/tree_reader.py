"""Arrays of a GeoLifeCLEF tree, read from its files when asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from sdm.errors import DataError, NotDownloadedError
from sdm.formats.geotiff import read_patch
from sdm.formats.jpeg import read_jpeg_pair
from sdm.formats.table import Kind, read_header, read_table
from sdm.formats.tensor import read_cube
from sdm.modalities import MODALITIES, Modality, of_edition
from sdm.modalities.layouts import SOURCES, FileLayout, Layout, TableLayout, TablePart


def decode_geotiff(path: Path, modality: Modality) -> np.ndarray:
    """float32 of the modality's shape from a GeoTIFF; NaN where the file holds its missing-value mark."""
    shape = (modality.shape[0], modality.shape[1], modality.shape[2])
    stored = read_patch(path, shape, modality.dtype, modality.channels, modality.nodata).pixels
    values = stored.astype(np.float32)
    values[stored == modality.nodata] = np.nan
    return values


def decode_tensor(path: Path, modality: Modality) -> np.ndarray:
    """float32 of the modality's shape from a tensor file; what is not finite is missing."""
    values = read_cube(path, modality.shape, modality.dtype)
    return np.where(np.isfinite(values), values, np.float32(np.nan))


def decode_jpeg_pair(path: Path, modality: Modality) -> np.ndarray:
    """float32 of the modality's shape, in its stored units, from the colour picture and its near-infrared twin.

    The twin lies where the colour picture does, with "nir" for "rgb" in the names of the two top folders; without
    it the near infrared is missing.
    """
    parts = list(path.parts)
    top = max(i for i, part in enumerate(parts) if part.endswith("_RGB"))
    parts[top : top + 2] = parts[top].replace("RGB", "NIR"), parts[top + 1].replace("rgb", "nir")
    twin = Path(*parts)
    return read_jpeg_pair(path, twin if twin.exists() else None, modality.shape[-1])


_LAST_NUMBER = re.compile(r"(\d{1,18})\D*$")
DECODERS: dict[str, Callable[[Path, Modality], np.ndarray]] = {
    "geotiff": decode_geotiff,
    "jpeg pair": decode_jpeg_pair,
    "tensor": decode_tensor,
}


class ArraySource(Protocol):
    """Where one modality of one source lies."""

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        """bool (n,): which surveys are there."""
        ...

    def read(self, survey_ids: np.ndarray) -> np.ndarray:
        """float32 (n, *shape); NaN for surveys that are not there, DataError for damage."""
        ...


@dataclass(eq=False)
class FileSource:
    """One file per survey."""

    root: Path
    layout: FileLayout
    modality: Modality

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        return np.isin(survey_ids, self._listed)

    def read(self, survey_ids: np.ndarray) -> np.ndarray:
        values = np.full((len(survey_ids), *self.modality.shape), np.nan, np.float32)
        for row, survey_id in enumerate(survey_ids.tolist()):
            path = self.locate(survey_id)
            if path is not None:
                values[row] = DECODERS[self.layout.decoder](path, self.modality)
        return values

    def locate(self, survey_id: int) -> Path | None:
        """The survey's file, None where there is none."""
        paths = (self.root / relative for relative in self.layout.paths(survey_id))
        return next((path for path in paths if path.exists()), None)

    @cached_property
    def _listed(self) -> np.ndarray:
        """Ids of the surveys whose file is where the layout puts it, ascending."""
        found: set[int] = set()
        for path in (path for folder in self.layout.folders for path in walk(self.root / folder)):
            number = _LAST_NUMBER.search(path.name)
            if number and path.relative_to(self.root).as_posix() in self.layout.paths(int(number[1])):
                found.add(int(number[1]))
        return np.array(sorted(found), np.int64)


@dataclass(eq=False)
class TableSource:
    """Tables with one row per survey, of one source or of several, all read on first use."""

    root: Path
    layout: TableLayout
    modality: Modality

    def holds(self, survey_ids: np.ndarray) -> np.ndarray:
        return np.isin(survey_ids, self._loaded[0])

    def read(self, survey_ids: np.ndarray) -> np.ndarray:
        ids, table = self._loaded
        values = np.full((len(survey_ids), table.shape[1]), np.nan, np.float32)
        if ids.size:
            at = np.minimum(np.searchsorted(ids, survey_ids), len(ids) - 1)
            found = ids[at] == survey_ids
            values[found] = table[at[found]]
        return values.reshape(len(survey_ids), *self.modality.shape)

    @cached_property
    def _loaded(self) -> tuple[np.ndarray, np.ndarray]:
        """Survey ids, ascending, and their values, float32 (n, prod(shape))."""
        found = ((part, find(self.root, part)) for part in self.layout.parts)
        parts = [self._read_part(part, path) for part, path in found if path is not None]
        every = np.unique(np.concatenate([ids for ids, _, _ in parts])) if parts else np.empty(0, np.int64)
        table = np.full((len(every), int(np.prod(self.modality.shape))), np.nan, np.float32)
        for ids, positions, values in parts:
            table[np.searchsorted(every, ids)[:, None], positions] = values
        return every, table

    def _read_part(self, part: TablePart, path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Ids, positions in the flattened array, and values of the source's rows; an id's first row counts."""
        header, _ = read_header(path)
        named = [i for i, column in enumerate(part.columns) if self.layout.complete or column in header]
        columns = [part.columns[i] for i in named]
        kinds = {"surveyId": Kind.ID, **dict.fromkeys(columns, Kind.SMALL)}
        if self.layout.source_column is None:
            frame = read_table(path, kinds)
        else:
            frame = read_table(path, {self.layout.source_column: Kind.TEXT, **kinds})
            frame = frame[frame[self.layout.source_column] == self.layout.source]
        ids, first = np.unique(frame["surveyId"].to_numpy(), return_index=True)
        values = np.empty((len(ids), len(columns)), np.float32)
        for i, column in enumerate(columns):
            values[:, i] = frame[column].to_numpy()[first]
        values[~np.isfinite(values)] = np.nan
        return ids, np.array([part.positions[i] for i in named], np.int64), values


class TreeReader:
    """Reads the arrays of N surveys from the files of a tree; `source` (categorical) and `survey_id` name them.

    A survey without a file is NaN. A damaged file raises DataError naming it.
    """

    def __init__(self, root: Path, edition: int, source: pd.Categorical, survey_id: np.ndarray) -> None:
        self._root = root
        self._edition = edition
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
            values[places] = stored.read(ids)
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
            self._sources[key] = open_array_source(self._root, self._edition, source, modality)
        return self._sources[key]


def open_array_source(root: Path, edition: int, source: str, modality: str) -> ArraySource | None:
    """The first layout of `modality` that the tree has anything of, None where it has nothing."""
    row = MODALITIES[modality]
    for layout in row.layouts_of(edition, source):
        if present(root, layout):
            if isinstance(layout, FileLayout):
                return FileSource(root, layout, row)
            return TableSource(root, layout, row)
    return None


def present_modalities(root: Path, edition: int) -> tuple[str, ...]:
    """The modalities that the tree holds anything of; one whose table cannot be told counts as held."""
    return tuple(name for name in of_edition(edition) if any(_holds(root, edition, s, name) for s in SOURCES))


def _holds(root: Path, edition: int, source: str, modality: str) -> bool:
    try:
        return open_array_source(root, edition, source, modality) is not None
    except DataError:
        return True


def present(root: Path, layout: Layout) -> bool:
    """Whether the tree holds a file or a table of `layout`; an empty folder is nothing."""
    if isinstance(layout, TableLayout):
        return any(find(root, part) for part in layout.parts)
    return any(next(walk(root / folder), None) is not None for folder in layout.folders)


def find(root: Path, part: TablePart) -> Path | None:
    """The file of a table, None where there is none; DataError where several could be it."""
    found = sorted(root.glob(part.pattern))
    if len(found) > 1:
        raise DataError(
            "several files fit one table", where=found[0].parent, got=", ".join(path.name for path in found[:3])
        )
    return found[0] if found else None


def walk(folder: Path) -> Iterator[Path]:
    """Every file under `folder`, hidden ones left out; nothing where there is no such folder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        else:
            yield Path(entry.path)


def locate(root: Path, edition: int, source: str, modality: str, survey_id: int) -> Path:
    """The file of one survey; NotDownloadedError where the tree has none."""
    return _file(root, edition, source, modality, survey_id)[1]


def read_file(root: Path, edition: int, source: str, modality: str, survey_id: int) -> np.ndarray:
    """float32 (*shape) from the file of one survey; NotDownloadedError without one, DataError for damage."""
    layout, path = _file(root, edition, source, modality, survey_id)
    return DECODERS[layout.decoder](path, MODALITIES[modality])


def _file(root: Path, edition: int, source: str, modality: str, survey_id: int) -> tuple[FileLayout, Path]:
    row = MODALITIES[modality]
    for layout in row.layouts_of(edition, source):
        path = FileSource(root, layout, row).locate(survey_id) if isinstance(layout, FileLayout) else None
        if isinstance(layout, FileLayout) and path is not None:
            return layout, path
    raise NotDownloadedError("not downloaded", where=root, got=f"{source} {survey_id} {modality}")
