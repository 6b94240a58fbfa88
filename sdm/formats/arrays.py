"""Arrays without pickles: several in one .npz, or one .npy mapped into memory.

A damaged file is refused before memory is allocated, and a mapped one that changes is refused, not read: reading a
page that a truncated file no longer has would end the process.
"""

from __future__ import annotations

import io
import math
import os
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sdm.errors import RunError, SdmError
from sdm.files import atomic, refuse_special

MOST_BYTES = 4 << 30
# A header is a Python expression. RuntimeError: a password, or a compression not known here.
ARRAY_ERRORS = (
    OSError, EOFError, ValueError, TypeError, KeyError, OverflowError, MemoryError, RecursionError, RuntimeError,
    SyntaxError, tokenize.TokenError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
_LOCAL_HEADER = struct.Struct("<26xHH")  # of an entry of a zip file: lengths of its name and of its extra field


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write `arrays`, compressed, atomically."""
    with atomic(path) as file:
        np.savez_compressed(file, allow_pickle=False, **dict(arrays))


def read_npz(path: Path, error: type[SdmError] = RunError, raw: bytes | None = None) -> dict[str, np.ndarray]:
    """The arrays in `path`, or in `raw` where its bytes are at hand; `error` unless it is a whole file of them."""
    refuse_special(path, error)
    try:
        with zipfile.ZipFile(path if raw is None else io.BytesIO(raw)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MOST_BYTES:
                raise error("too large to load", where=path, expected=f"{MOST_BYTES} bytes at most", got=size)
            _check_complete(archive)
            return {
                entry.filename.removesuffix(".npy"): _read_entry(archive, entry) for entry in archive.infolist()
            }
    except FileNotFoundError:
        raise error("the file is missing", where=path) from None
    except ARRAY_ERRORS as problem:
        raise error("not a whole file of plain arrays", where=path, got=problem) from None


class MappedArray:
    """One array of a .npy file, read through a memory map.

    What is indexed is copied, after a look at the file: `error` where it is no longer the one that was opened.
    """

    def __init__(self, path: Path, error: type[SdmError], remedy: str) -> None:
        self._path, self._error, self._remedy = path, error, remedy
        refuse_special(path, error)
        try:
            self._state = _state(path)
            array = np.lib.format.open_memmap(path, mode="r")
        except ARRAY_ERRORS as problem:
            raise error("not a readable array", where=path, got=problem, remedy=remedy) from None
        if not array.flags.c_contiguous:
            raise error("not a readable array", where=path, expected="an array stored row by row", remedy=remedy)
        self._array = array.view(np.ndarray)
        self.shape, self.dtype = array.shape, array.dtype

    def __getitem__(self, index: Any) -> np.ndarray:
        """A copy of what `index` picks, as numpy does."""
        try:
            same = _state(self._path) == self._state
        except OSError:
            same = False
        if not same:
            raise self._error("the file changed while it was open", where=self._path, remedy=self._remedy)
        picked = self._array[index]
        return picked if picked.flags.owndata else picked.copy()


def _state(path: Path) -> tuple[int, int, int]:
    """What changes when the file is written to, cut or replaced."""
    status = os.stat(path)  # noqa: PTH116  a tenth of the time of Path.stat, before every gather
    return status.st_size, status.st_mtime_ns, status.st_ino


def _check_complete(archive: zipfile.ZipFile) -> None:
    """ValueError unless the entries listed fill the file: a damaged list would leave arrays out unnoticed."""
    file, end = archive.fp, 0
    assert file is not None
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset != end:
            raise ValueError(f"{entry.header_offset - end} bytes before {entry.filename} belong to no entry")
        file.seek(end)
        name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        end += _LOCAL_HEADER.size + name + extra + entry.compress_size
    if end != archive.start_dir:
        raise ValueError(f"{archive.start_dir - end} bytes belong to no entry")


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
