"""Named arrays in one .npz without pickles; a damaged file is refused before memory is allocated."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sdm.errors import RunError
from sdm.files import atomic

MOST_BYTES = 4 << 30
# RuntimeError: a password, or a compression not known here
_FORMAT_ERRORS = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError)


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write `arrays`, compressed, atomically."""
    with atomic(path) as file:
        np.savez_compressed(file, allow_pickle=False, **dict(arrays))


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays in `path`; RunError for anything but a whole file of plain arrays."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MOST_BYTES:
                raise RunError("too large to load", where=path, expected=f"{MOST_BYTES} bytes at most", got=size)
            return {
                entry.filename.removesuffix(".npy"): _read_entry(archive, entry) for entry in archive.infolist()
            }
    except FileNotFoundError:
        raise RunError("the file is missing", where=path) from None
    except _FORMAT_ERRORS as problem:
        raise RunError("not a whole file of plain arrays", where=path, got=problem) from None


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> np.ndarray:
    """One array; ValueError when its header promises other than what follows."""
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise ValueError(f"{entry.filename}: header version {version}")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
        promised, there = math.prod(shape) * dtype.itemsize, entry.file_size - file.tell()
        if dtype.hasobject or promised != there:
            raise ValueError(f"{entry.filename}: {dtype} {shape} promises {promised} bytes, {there} follow")
        data = bytearray(file.read())  # to the end, which checks the CRC
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")
