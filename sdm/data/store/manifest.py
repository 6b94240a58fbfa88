"""What a store says of itself: manifest.json."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sdm.data.dataset import TargetKind
from sdm.errors import DataError
from sdm.files import read_json
from sdm.formats.sealed_json import unsealed, write_sealed
from sdm.formats.typed_json import from_json
from sdm.modalities import MODALITIES

MANIFEST = "manifest.json"
FORMAT = "sdm-store-2"
# Of the first form trees of GeoLifeCLEF lack the split "selection"; all else is as before.
FIRST_FORMAT = "sdm-store-1"
AGAIN = "Pack the data again."
SITES, CLASSES, TARGETS, ROWS = "sites.parquet", "classes.parquet", "targets.npz", "rows.npz"
TABLES = (SITES, CLASSES, TARGETS, ROWS)


@dataclass(frozen=True)
class Shard:
    """One array file: `rows` surveys; `crc32` of each block of so many surveys, the last one shorter."""

    file: str
    rows: int
    crc32: tuple[int, ...]


@dataclass(frozen=True)
class Packing:
    """How one modality is stored: arrays (rows, *shape) of `dtype`, in blocks of `block` surveys."""

    dtype: str
    shape: tuple[int, ...]
    nodata: float | None
    block: int
    shards: tuple[Shard, ...]


@dataclass(frozen=True)
class Skipped:
    """A survey's file that could not be read and is not in the store."""

    source: str
    survey_id: int
    modality: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """A store: where it came from (`tree`, and `listing` of its files), what is in it, and its checksums."""

    name: str
    title: str
    fingerprint: str
    simulated: bool
    world_version: str | None
    tree: str | None
    listing: str | None
    kind: TargetKind
    hierarchy: tuple[str, ...]
    unit: str
    tables: Mapping[str, int]
    modalities: Mapping[str, Packing]
    skipped: tuple[Skipped, ...]

    def write(self, folder: Path) -> None:
        """Write it into `folder`."""
        write_sealed(folder / MANIFEST, {"format": FORMAT, **asdict(self)})


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the store in `folder`; DataError where there is none or it is damaged."""
    path = folder / MANIFEST
    value = read_json(path, DataError)
    first = value.get("format") == FIRST_FORMAT and value.get("tree") is None
    if value.get("format") != FORMAT and not first:
        raise DataError("not a store this version reads", where=path, expected=FORMAT, remedy=AGAIN)
    value = unsealed(value, path, DataError, AGAIN)
    del value["format"]
    try:
        manifest = from_json(Manifest, value, DataError, MANIFEST)
        if absent := set(TABLES) - set(manifest.tables):
            raise ValueError(f"no checksum of {', '.join(sorted(absent))}")
        for name, packing in manifest.modalities.items():
            check_packing(name, packing)
    except (DataError, ValueError, OverflowError) as problem:
        raise DataError("the manifest is damaged", where=path, got=problem, remedy=AGAIN) from None
    return manifest


def check_packing(name: str, packing: Packing) -> None:
    """ValueError unless `packing` is how the modality `name` is packed."""
    if name not in MODALITIES:
        raise ValueError(f"unknown modality {name!r}")
    modality, shard_name = MODALITIES[name], re.compile(rf"{re.escape(name)}-\d{{4,6}}\.npy")
    if (packing.shape, packing.dtype) != (modality.shape, modality.dtype) or packing.block < 1:
        raise ValueError(f"{name} is stored as {packing.dtype} {packing.shape} in blocks of {packing.block}")
    for shard in packing.shards:
        if not shard_name.fullmatch(shard.file) or len(shard.crc32) != -(-shard.rows // packing.block):
            raise ValueError(f"impossible shard {shard.file!r}")
