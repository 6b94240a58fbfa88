"""Cube files: tensors as `torch.save` writes them, with the axis order in memory of the real files.

Each is a copy of the file of a cube of zeros with its numbers and their checksums replaced: torch takes 0.3 ms a
file, this 0.01 ms, and processes that write need not load torch. The files of zeros were made once by torch 2.13
(`python -m sdm.virtual_europe.write.cube`).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sdm.modalities import CLIMATE, LANDSAT

# Axes from the slowest in memory: the real files have strides 84, 1, 4 and 1, 48, 4, so they are not contiguous.
LANDSAT_ORDER = (0, 2, 1)
CLIMATE_ORDER = (1, 2, 0)
ASSET = Path(__file__).with_name("cubes_of_zeros.npz")
_NUMBERS, _IDENTITY = "archive/data/0", "archive/.data/serialization_id"  # the last one written
_IDENTITY_DIGITS = 20  # of the names of the records, and as many of their checksums


class _Template(NamedTuple):
    """The file of a cube of zeros: bytes before the numbers and after them, and what depends on the numbers.

    `checksums` are those of the records in order, that of the numbers at `number`; `at` tells where in `after` it
    stands, `identity` where the digits made of all checksums do, and `identity_at` their own checksum.
    """

    before: bytes
    after: bytes
    checksums: tuple[int, ...]
    number: int
    at: list[int]
    identity: int
    identity_at: list[int]


def cube_bytes(cubes: np.ndarray, order: tuple[int, ...]) -> list[bytes]:
    """Return a tensor file per cube of (N, *shape of Landsat or climate), as float32; `order` lists a cube's axes
    from the slowest on."""
    template = _template(cubes.shape[1:])
    stored = np.ascontiguousarray(cubes.transpose(0, *(axis + 1 for axis in order)).astype("<f4"))
    return [_file(template, cube.tobytes()) for cube in stored]


def _file(template: _Template, numbers: bytes) -> bytes:
    checksums = list(template.checksums)
    checksums[template.number] = zlib.crc32(numbers)
    after, start = bytearray(template.after), template.identity
    for at in template.at:
        struct.pack_into("<I", after, at, checksums[template.number])
    middle, end = start + _IDENTITY_DIGITS, start + 2 * _IDENTITY_DIGITS
    after[middle:end] = b"%0*d" % (_IDENTITY_DIGITS, _combined(checksums))
    for at in template.identity_at:
        struct.pack_into("<I", after, at, zlib.crc32(after[start:end]))
    return template.before + numbers + bytes(after)


def _combined(checksums: list[int]) -> int:
    """The 64 bits that torch makes of the records' checksums (`at::hash_combine`)."""
    state = 0
    for checksum in checksums:
        state ^= (checksum + 0x9E3779B9 + (state << 6) + (state >> 2)) % 2**64
    return state


@lru_cache(maxsize=2)
def _template(shape: tuple[int, ...]) -> _Template:
    with np.load(ASSET, allow_pickle=False) as asset:
        body = asset[_name(shape)].tobytes()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        *records, identity = archive.infolist()
        names = [record.filename for record in records]
        numbers = records[names.index(_NUMBERS)]
        start = _start(body, numbers)
    after = body[start + numbers.file_size :]
    return _Template(
        body[:start], after, tuple(record.CRC for record in records), names.index(_NUMBERS),
        _places(after, numbers.CRC), _start(body, identity) - start - numbers.file_size,
        _places(after, identity.CRC),
    )  # fmt: skip


def _start(body: bytes, record: zipfile.ZipInfo) -> int:
    """Where a record's bytes begin, behind its local header of 30 bytes, its name and its padding."""
    return record.header_offset + 30 + sum(struct.unpack_from("<2H", body, record.header_offset + 26))


def _places(body: bytes, checksum: int) -> list[int]:
    """Where a checksum stands: behind its record and in the directory."""
    return [found.start() for found in re.finditer(re.escape(struct.pack("<I", checksum)), body)]


def _name(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def main() -> None:
    """Write the asset: what torch makes of cubes of zeros."""
    import torch

    files: dict[str, Any] = {}
    for shape, order in ((LANDSAT.shape, LANDSAT_ORDER), (CLIMATE.shape, CLIMATE_ORDER)):
        stored = torch.zeros([shape[axis] for axis in order])
        buffer = io.BytesIO()
        torch.save(stored.permute(*np.argsort(order).tolist()), buffer)
        files[_name(shape)] = np.frombuffer(buffer.getvalue(), np.uint8)
    np.savez_compressed(ASSET, **files)


if __name__ == "__main__":
    main()
