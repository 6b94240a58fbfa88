"""Packing a data set into a store: resumable, never half there, reporting what could not be read."""

from __future__ import annotations

import contextlib
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import Timeout
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.find_tree import find_tree
from sdm.data.impossible_values import measured
from sdm.data.store.listing import default_store, list_tree
from sdm.data.store.manifest import (
    CLASSES,
    FORMAT,
    MANIFEST,
    ROWS,
    SITES,
    TARGETS,
    Manifest,
    Packing,
    Shard,
    Skipped,
    read_manifest,
)
from sdm.data.tree import open_tree
from sdm.errors import DataError
from sdm.files import atomic, atomic_folder, read_json, write_json
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES, Modality
from sdm.staging import atomic_content, clear_strays, locked

SHARD_BYTES = 64 << 20
BLOCK_BYTES = 1 << 20
CHUNK = 256  # surveys read at a time
NOTES, PLAN = "notes", "plan.json"  # what a pack that goes on reads


@dataclass(frozen=True)
class Packed:
    """The outcome of packing: where the store lies, what was left out, and whether anything had to be done."""

    place: Path
    skipped: tuple[Skipped, ...]
    written: bool


def pack(tree: Path, out: Path | None = None, report: Report = no_report) -> Packed:
    """Pack the tree at `tree` into `out`, or into its default place.

    Does nothing when the store there is complete and no file of the tree has changed since. A pack that was
    interrupted goes on where it was. Files that cannot be read are left out and named. `report` counts the
    surveys of each modality.
    """
    root = find_tree(tree).root
    place = out or default_store(root)
    listing = list_tree(root)
    packed = fresh(place, listing)
    if packed is None:
        return write_store(open_tree(root), place, report, listing=listing)
    with contextlib.suppress(DataError, OSError), _locked(place):
        clear_strays(place.parent)  # and the lock: of a pack that was killed at its very end
    return packed


def fresh(place: Path, listing: str) -> Packed | None:
    """The store at `place` if it is whole and made of the files of `listing`."""
    try:
        manifest = read_manifest(place)
    except DataError:
        return None
    return Packed(place, manifest.skipped, written=False) if manifest.listing == listing else None


def write_store(
    dataset: Dataset,
    out: Path,
    report: Report = no_report,
    *,
    listing: str | None = None,
    beside: Callable[[Path], None] | None = None,
) -> Packed:
    """Pack any data set into `out`, replacing the store there once the new one is whole.

    `beside` writes what else belongs to the data set into the folder it is called with.
    """
    if out.exists() and not (out / MANIFEST).exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError("something else is already there", where=out, remedy="Name another place for the store.")
    try:
        with _locked(out), _building(dataset, out, listing) as folder:
            if beside is not None:
                beside(folder)
            manifest = _fill(dataset, folder, report, listing)
    except OSError as problem:
        raise DataError("the store cannot be written", where=out, got=problem) from None
    return Packed(out, manifest.skipped, written=True)


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Only one process packs into `out` at a time; the lock goes with the process."""
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with locked(out.with_name(f".{out.name}.lock"), seconds=0):
            yield
    except Timeout:
        raise DataError("another process is packing into it", where=out, remedy="Wait for it to end.") from None


@contextlib.contextmanager
def _building(dataset: Dataset, out: Path, listing: str | None) -> Iterator[Path]:
    """The folder in which the store grows, until it takes the place of `out`.

    That of a pack is no stray when its process is killed: the next pack of the same data goes on with it.
    """
    if listing is None:  # no later one could tell that it goes on with this one
        with atomic_folder(out) as folder:
            (folder / NOTES).mkdir()
            yield folder
        return
    building = out.with_name(f".{out.name}.building")
    plan = {
        "format": FORMAT,
        "fingerprint": dataset.fingerprint,
        "listing": listing,
        "bytes": [SHARD_BYTES, BLOCK_BYTES],
    }
    if not _goes_on(building, plan):
        shutil.rmtree(building, ignore_errors=True)
        write_json(building / NOTES / PLAN, plan)
    yield building
    with atomic_content(out.parent) as new:
        building.rename(new / out.name)


def _goes_on(building: Path, plan: dict[str, Any]) -> bool:
    """Whether an interrupted pack of the same data is in `building`."""
    try:
        return read_json(building / NOTES / PLAN, DataError) == plan
    except DataError:
        return False


def _fill(dataset: Dataset, folder: Path, report: Report, listing: str | None) -> Manifest:
    """Write every file of the store into `folder`, the manifest last."""
    stacks = {name: _write_stack(dataset, MODALITIES[name], folder, report) for name in dataset.modalities}
    skipped = tuple(
        Skipped(str(dataset.sites["source"].iloc[row]), int(dataset.sites["survey_id"].iloc[row]), name, reason)
        for name, (_, _, left_out) in stacks.items()
        for row, reason in left_out
    )
    tables = _write_tables(dataset, folder, {name: rows for name, (_, rows, _) in stacks.items()})
    manifest = Manifest(
        name=dataset.name,
        title=dataset.title,
        fingerprint=dataset.fingerprint,
        simulated=dataset.simulated,
        world_version=dataset.world_version,
        tree=str(dataset.place.resolve()) if dataset.place is not None and listing is not None else None,
        listing=listing,
        kind=dataset.targets.kind,
        hierarchy=dataset.targets.hierarchy,
        unit=dataset.targets.unit,
        tables=tables,
        modalities={name: packing for name, (packing, _, _) in stacks.items()},
        skipped=skipped,
    )
    manifest.write(folder)
    shutil.rmtree(folder / NOTES)
    return manifest


def _write_stack(
    dataset: Dataset, modality: Modality, folder: Path, report: Report
) -> tuple[Packing, np.ndarray, list[tuple[int, str]]]:
    """The shards of one modality: how they are packed, the rows in them, and the rows left out with the reason."""
    size = int(np.prod(modality.shape)) * np.dtype(modality.dtype).itemsize
    block, per_shard = max(1, BLOCK_BYTES // size), max(1, SHARD_BYTES // size)
    having = np.flatnonzero(dataset.reader.available(modality.name))
    shards: list[Shard] = []
    rows = [np.empty(0, np.int64)]
    left_out: list[tuple[int, str]] = []
    for number, start in enumerate(range(0, len(having), per_shard)):
        wanted = having[start : start + per_shard]
        file = folder / f"{modality.name}-{number:04d}.npy"

        def tell(count: int, before: int = start) -> None:
            report(before + count, len(having), modality.name)

        note = _finished(file) or _write_shard(dataset, modality, wanted, file, block, tell)
        skipped = {int(row): str(reason) for row, reason in note["skipped"]}
        shards.append(Shard(file.name, len(wanted) - len(skipped), tuple(note["crc32"])))
        rows.append(wanted[~np.isin(wanted, list(skipped))])
        left_out += skipped.items()
        tell(len(wanted))
    packing = Packing(modality.dtype, modality.shape, modality.nodata, block, tuple(shards))
    return packing, np.concatenate(rows).astype(np.int32), left_out


def _note(shard: Path) -> Path:
    return shard.parent / NOTES / f"{shard.stem}.json"


def _finished(file: Path) -> dict[str, Any] | None:
    """The note on a shard that an earlier run completed."""
    try:
        return read_json(_note(file), DataError) if file.exists() else None
    except DataError:
        return None


def _write_shard(
    dataset: Dataset, modality: Modality, rows: np.ndarray, file: Path, block: int, tell: Callable[[int], None]
) -> dict[str, Any]:
    """Write the arrays of `rows` to `file`, then a note of its checksums and of the rows left out."""
    parts, skipped = [], []
    for start in range(0, len(rows), CHUNK):
        values, failed = _read(dataset, modality.name, rows[start : start + CHUNK])
        parts.append(encode(values, modality))
        skipped += failed
        tell(min(start + CHUNK, len(rows)))
    array = np.concatenate(parts)
    with atomic(file) as stream:
        np.save(stream, array, allow_pickle=False)
    crc32 = [zlib.crc32(array[start : start + block].data) for start in range(0, len(array), block)]
    note = {"crc32": crc32, "skipped": skipped}
    write_json(_note(file), note)
    return note


def _read(dataset: Dataset, modality: str, rows: np.ndarray) -> tuple[np.ndarray, list[tuple[int, str]]]:
    """The arrays of the rows that can be read, and the others with the reason."""
    try:
        return dataset.reader.read(modality, rows), []
    except DataError as problem:
        if len(rows) == 1:
            return np.empty((0, *MODALITIES[modality].shape), np.float32), [(int(rows[0]), str(problem))]
    half = len(rows) // 2
    values, failed = zip(*(_read(dataset, modality, part) for part in (rows[:half], rows[half:])), strict=True)
    return np.concatenate(values), [*failed[0], *failed[1]]


def encode(values: np.ndarray, modality: Modality) -> np.ndarray:
    """`values` (float32, NaN where missing) as stored; DataError when the stored type cannot hold them.

    Of fractions, what cannot have been measured is missing.
    """
    if modality.nodata is None:
        return np.ascontiguousarray(measured(values), modality.dtype)
    with np.errstate(invalid="ignore"):  # what does not fit is found below
        stored = np.where(np.isnan(values), np.float32(modality.nodata), values).astype(modality.dtype)
    if not np.array_equal(np.where(stored == modality.nodata, np.nan, stored), values, equal_nan=True):
        raise DataError(f"{modality.name} holds values that {modality.dtype} cannot", expected="whole numbers")
    return stored


def _write_tables(dataset: Dataset, folder: Path, rows: dict[str, np.ndarray]) -> dict[str, int]:
    """Write sites, classes, targets and the index of arrays; the checksum of each file."""
    targets = dataset.targets
    arrays = {"known": targets.known}
    if targets.kind is TargetKind.MULTILABEL:
        matrix = csr_matrix(targets.values)
        arrays |= {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr}
    else:
        arrays["values"] = np.asarray(targets.values)
    writers: dict[str, Callable[[IO[bytes]], None]] = {
        SITES: lambda file: pq.write_table(pa.Table.from_pandas(dataset.sites), file, compression="lz4"),
        CLASSES: lambda file: pq.write_table(pa.Table.from_pandas(targets.classes), file),
        TARGETS: lambda file: np.savez(file, **arrays),  # type: ignore[arg-type]
        ROWS: lambda file: np.savez(file, **rows),  # type: ignore[arg-type]
    }
    checksums = {}
    for name, write in writers.items():
        with atomic(folder / name) as file:
            write(file)
        checksums[name] = zlib.crc32((folder / name).read_bytes())
    return checksums
