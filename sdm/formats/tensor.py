"""Tensor files (`torch.save` of one array), read without unpickling.

By hand, because `torch.load` allocates what a file claims, also with `weights_only` (1.6 kB can claim 4 TiB). The
file is a zip archive: `data.pkl` describes the array, `data/0` holds its numbers. The description is interpreted
opcode by opcode: only the few that a plain tensor needs are known, they build tuples and numbers and call nothing,
so a hostile file cannot run code, nor claim more memory than it has bytes.
"""

from __future__ import annotations

import io
import pickletools
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from sdm.errors import DataError
from sdm.formats.opening import read_start

MOST_BYTES = 16 << 20  # a cube has 2 or 4 kB; one saved as a view of a batch carries the whole batch
MOST_DESCRIPTION = 64 << 10
REBUILD = "torch._utils _rebuild_tensor_v2"
DTYPES = {
    "torch FloatStorage": "<f4",
    "torch DoubleStorage": "<f8",
    "torch HalfStorage": "<f2",
    "torch ShortStorage": "<i2",
    "torch IntStorage": "<i4",
    "torch LongStorage": "<i8",
    "torch ByteStorage": "u1",
}
_FORMAT_ERRORS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, IndexError, TypeError,
    NotImplementedError, RuntimeError, OverflowError, AttributeError,
)  # fmt: skip
_MARK = object()


def read_cube(path: Path, shape: tuple[int, ...], dtype: str = "float32") -> np.ndarray:
    """The array in `path`, contiguous, of exactly `shape` and `dtype`.

    Any strides are welcome. The archive's own checksums are verified. DataError for anything else,
    NotDownloadedError without a file.
    """
    raw = read_start(path, MOST_BYTES + 1)
    if not 0 < len(raw) <= MOST_BYTES:
        raise DataError("unlikely file size", where=path, expected=f"1..{MOST_BYTES} bytes", got=len(raw))
    try:
        values = _tensor(raw)
    except _FORMAT_ERRORS as problem:
        raise DataError("not a readable tensor", where=path, got=problem, remedy="Download it again.") from None
    if values.shape != shape:
        raise DataError("wrong tensor shape", where=path, expected=shape, got=values.shape)
    if values.dtype != np.dtype(dtype):
        raise DataError("wrong tensor type", where=path, expected=dtype, got=values.dtype)
    return np.ascontiguousarray(values)


def _tensor(raw: bytes) -> np.ndarray:
    """The array described in the archive `raw`; one of _FORMAT_ERRORS when it is not a plain tensor."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = {info.filename.partition("/")[2]: info for info in archive.infolist()}
        description = _member(archive, members["data.pkl"], MOST_DESCRIPTION)
        if "byteorder" in members and _member(archive, members["byteorder"], 16) != b"little":
            raise ValueError("numbers are not little-endian")
        kind, key, offset, size, stride = _describe(description)
        numbers = np.frombuffer(_member(archive, members[f"data/{key}"], MOST_BYTES), DTYPES[kind])
    return _strided(numbers, offset, size, stride)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > most:
        raise ValueError(f"{info.filename} is compressed or too large ({info.file_size} bytes)")
    return archive.read(info)


def _strided(numbers: np.ndarray, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> np.ndarray:
    """`numbers` seen with `size` and `stride` (in items), after proving that all of it lies inside."""
    if len(size) != len(stride) or len(size) > 8 or min((offset, *size, *stride)) < 0:
        raise ValueError(f"impossible layout: size {size}, stride {stride}, offset {offset}")
    items, last = 1, offset
    for extent, step in zip(size, stride, strict=True):
        items *= extent
        last += (extent - 1) * step
    if not 0 < items <= len(numbers) or last >= len(numbers):
        raise ValueError(f"size {size} and stride {stride} reach beyond the {len(numbers)} numbers stored")
    steps = tuple(step * numbers.itemsize for step in stride)
    return np.lib.stride_tricks.as_strided(numbers[offset:], size, steps, writeable=False)


def _describe(description: bytes) -> tuple[str, str, int, tuple[int, ...], tuple[int, ...]]:
    """Storage type, storage key, offset, size and stride of the one tensor that `description` pickles."""
    call, arguments = _interpret(description)
    (_, kind, key, _, _), offset, size, stride = arguments[:4]
    if not all(isinstance(text, str) for text in (call, kind, key)) or call != REBUILD or kind not in DTYPES:
        raise ValueError("the file does not hold one plain tensor")
    if any(type(number) is not int for number in (offset, *size, *stride)):
        raise ValueError("size and stride are not whole numbers")
    return kind, key, offset, tuple(size), tuple(stride)


def _interpret(description: bytes) -> Any:
    """What the last REDUCE of a pickle would call, as (name, arguments), with nothing ever called."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    for opcode, argument, _ in pickletools.genops(description):
        if opcode.name == "STOP":
            return stack[-1]
        _apply(opcode.name, argument, stack, memo)
    raise ValueError("the description has no end")


def _apply(name: str, argument: Any, stack: list[Any], memo: dict[int, Any]) -> None:
    """Carry out one opcode; ValueError for one that a plain tensor does not need."""
    if name in _CONSTANTS:
        stack.append(_CONSTANTS[name])
    elif name in _LITERALS:
        stack.append(argument)
    elif name in ("BINPUT", "LONG_BINPUT"):
        memo[argument] = stack[-1]
    elif name in ("BINGET", "LONG_BINGET"):
        stack.append(memo[argument])
    elif name in _TUPLES:
        start = len(stack) - _TUPLES[name]
        stack[start:] = [tuple(stack[start:])]
    elif name == "TUPLE":
        start = max(i for i, item in enumerate(stack) if item is _MARK)
        stack[start:] = [tuple(stack[start + 1 :])]
    elif name == "REDUCE":
        stack[-2:] = [(stack[-2], stack[-1])]
    elif name not in ("PROTO", "BINPERSID"):  # a persistent id stays the tuple that names the storage
        raise ValueError(f"a plain tensor needs no {name}")


_CONSTANTS: dict[str, Any] = {"MARK": _MARK, "EMPTY_TUPLE": (), "NEWFALSE": False, "NEWTRUE": True, "NONE": None}
_LITERALS = frozenset(("GLOBAL", "BINUNICODE", "SHORT_BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1"))
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
