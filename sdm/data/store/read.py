"""Reading a store: tables whole, arrays through memory maps, every block checked once."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.store.manifest import CLASSES, ROWS, SITES, TARGETS, Manifest, Packing, read_manifest
from sdm.data.worlds import require_current
from sdm.errors import DataError
from sdm.files import refuse_special
from sdm.formats.arrays import MappedArray, read_npz

AGAIN = "Delete the store and pack the data again."


def open_store(folder: Path) -> Dataset:
    """The data set packed in `folder`.

    DataError where manifest or tables are damaged; damaged blocks of arrays are found when they are read.
    """
    manifest = read_manifest(folder)
    require_current(manifest.title, manifest.world_version, folder, DataError)
    tree = Path(manifest.tree) if manifest.tree else None
    sites = _parquet(folder, SITES, manifest)
    return Dataset(
        name=manifest.name,
        title=manifest.title,
        sites=sites,
        targets=_targets(folder, manifest, len(sites)),
        modalities=tuple(manifest.modalities),
        reader=StoreReader(folder, manifest, len(sites)),
        fingerprint=manifest.fingerprint,
        place=tree if tree is not None and tree.is_dir() else folder,
        simulated=manifest.simulated,
        world_version=manifest.world_version,
    )


class StoreReader:
    """Reads the arrays of a store's `count` surveys."""

    def __init__(self, folder: Path, manifest: Manifest, count: int) -> None:
        rows = _npz(folder, ROWS, manifest)
        self._stacks = {
            name: Stack(folder, packing, _index(rows, name, packing, count, folder))
            for name, packing in manifest.modalities.items()
        }

    def available(self, modality: str) -> np.ndarray:
        return self._stacks[modality].position >= 0

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        return self._stacks[modality].read(np.asarray(rows))


class Stack:
    """The shards of one modality. `position` (N,) is where a site's array lies in them, -1 for nowhere."""

    def __init__(self, folder: Path, packing: Packing, position: np.ndarray) -> None:
        self.position = position
        self._packing = packing
        self._paths = [folder / shard.file for shard in packing.shards]
        self._arrays: list[MappedArray | None] = [None] * len(packing.shards)
        self._checked = [np.zeros(len(shard.crc32), bool) for shard in packing.shards]
        self._starts = np.cumsum([0, *(shard.rows for shard in packing.shards)])

    def read(self, rows: np.ndarray) -> np.ndarray:
        """float32 (n, *shape) of `rows`; DataError naming file and block where a checksum fails."""
        at = self.position[rows]
        order = np.argsort(at, kind="stable")  # neighbours on disk are read together
        at = at[order]
        first = int(np.searchsorted(at, 0))
        values = np.empty((len(rows), *self._packing.shape), np.float32)
        values[order[:first]] = np.nan
        edges = np.searchsorted(at, self._starts)
        for shard in np.flatnonzero(np.diff(edges)):
            part = slice(max(edges[shard], first), edges[shard + 1])
            self._gather(int(shard), at[part] - self._starts[shard], order[part], values)
        return values

    def _gather(self, shard: int, at: np.ndarray, into: np.ndarray, values: np.ndarray) -> None:
        """Copy the surveys `at` (ascending) of a shard to rows `into` of `values`."""
        array = self._open(shard)
        blocks = np.unique(at // self._packing.block)
        for block in blocks[~self._checked[shard][blocks]]:
            self._check(shard, array, int(block))
        stored = array[at]
        values[into] = stored
        if self._packing.nodata is not None:
            missing = (stored == self._packing.nodata).reshape(len(at), -1)
            for row in np.flatnonzero(missing.any(axis=1)):  # few surveys have gaps
                values[into[row]].reshape(-1)[missing[row]] = np.nan

    def _open(self, shard: int) -> MappedArray:
        array = self._arrays[shard]
        if array is None:
            array = self._arrays[shard] = _map(self._paths[shard], self._packing, self._packing.shards[shard].rows)
        return array

    def _check(self, shard: int, array: MappedArray, block: int) -> None:
        size = self._packing.block
        checksum = zlib.crc32(array[block * size : (block + 1) * size].data)
        if checksum != self._packing.shards[shard].crc32[block]:
            where = f"{self._paths[shard]}, block {block}"
            raise DataError("damaged: the checksum differs", where=where, remedy=AGAIN)
        self._checked[shard][block] = True


def _map(path: Path, packing: Packing, rows: int) -> MappedArray:
    """The array in `path`, mapped; DataError when it is not what the manifest says."""
    array = MappedArray(path, DataError, AGAIN)
    expected = ((rows, *packing.shape), np.dtype(packing.dtype))
    if (array.shape, array.dtype) != expected:
        raise DataError("not the array of the manifest", where=path, expected=expected, remedy=AGAIN)
    return array


def _index(rows: Mapping[str, np.ndarray], name: str, packing: Packing, count: int, folder: Path) -> np.ndarray:
    """int32 (count,): the position of each site in the shards of `name`, -1 where it has none."""
    stored = sum(shard.rows for shard in packing.shards)
    having = rows.get(name, np.empty(0, np.int32))
    if having.ndim != 1 or len(having) != stored or (stored and not 0 <= having.min() <= having.max() < count):
        raise DataError(f"the index of {name} does not fit", where=folder / ROWS, expected=stored, remedy=AGAIN)
    position = np.full(count, -1, np.int32)
    position[having] = np.arange(stored, dtype=np.int32)
    return position


def _targets(folder: Path, manifest: Manifest, count: int) -> Targets:
    arrays = _npz(folder, TARGETS, manifest)
    classes = _parquet(folder, CLASSES, manifest)
    try:
        values: csr_matrix | np.ndarray
        if manifest.kind is TargetKind.MULTILABEL:
            matrix = (arrays["data"], arrays["indices"], arrays["indptr"])
            values = csr_matrix(matrix, shape=(count, len(classes)))
            values.check_format(full_check=True)
        else:
            values = arrays["values"]
        return Targets(manifest.kind, classes, values, arrays["known"], manifest.hierarchy, manifest.unit)
    except (KeyError, ValueError, TypeError) as problem:
        raise DataError("the targets do not fit", where=folder / TARGETS, got=problem, remedy=AGAIN) from None


def _parquet(folder: Path, name: str, manifest: Manifest) -> pd.DataFrame:
    raw = _checked_bytes(folder / name, manifest.tables[name])
    try:
        return pq.read_table(pa.BufferReader(raw)).to_pandas(split_blocks=True, self_destruct=True)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise DataError("not a readable table", where=folder / name, got=problem, remedy=AGAIN) from None


def _npz(folder: Path, name: str, manifest: Manifest) -> dict[str, np.ndarray]:
    raw = _checked_bytes(folder / name, manifest.tables[name])
    return read_npz(folder / name, DataError, raw)


def _checked_bytes(path: Path, crc32: int) -> bytes:
    refuse_special(path)
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise DataError("a file of the store cannot be read", where=path, got=problem, remedy=AGAIN) from None
    if zlib.crc32(raw) != crc32:
        raise DataError("damaged: the checksum differs", where=path, remedy=AGAIN)
    return raw
