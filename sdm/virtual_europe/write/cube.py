"""Cube files: what `torch.save` writes for tensors of one shape, from a template.

The archive of a tensor differs from that of another of the same shape only in its numbers and their checksum.
"""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache

import numpy as np

# Axes in the order they lie in memory in the real files (strides 84, 1, 4 and 1, 48, 4): they are not contiguous.
LANDSAT_ORDER = (0, 2, 1)
CLIMATE_ORDER = (1, 2, 0)


def cube_bytes(cubes: np.ndarray, order: tuple[int, ...]) -> list[bytes]:
    """One tensor file per cube of float32 (N, ...); `order` lists a cube's axes from the slowest in memory."""
    template, data, checksums = _template(cubes.shape[1:], order)
    stored = np.ascontiguousarray(cubes.transpose(0, *(axis + 1 for axis in order)).astype("<f4"))
    files = []
    for numbers in stored:
        raw, body = bytearray(template), numbers.tobytes()
        raw[data : data + len(body)] = body
        for position in checksums:
            struct.pack_into("<I", raw, position, zlib.crc32(body))
        files.append(bytes(raw))
    return files


@lru_cache(maxsize=4)
def _template(shape: tuple[int, ...], order: tuple[int, ...]) -> tuple[bytes, int, tuple[int, ...]]:
    """A file of this shape, where its numbers begin, and where their CRC-32 stands."""
    import torch

    stored = np.random.default_rng(0).random([shape[axis] for axis in order], np.float32)
    buffer = io.BytesIO()
    torch.save(torch.from_numpy(stored).permute(*np.argsort(order).tolist()), buffer)
    raw, body = buffer.getvalue(), stored.tobytes()
    checksum = struct.pack("<I", zlib.crc32(body))
    found = [i for i in range(len(raw)) if raw.startswith(checksum, i)]
    return raw, raw.index(body), tuple(found)
