"""Messages between processes: a header in JSON, then arrays as their bytes, with a checksum over both.

    magic 4 | length of header, uint32 | length of arrays, uint64 | CRC-32 of both, uint32 | header | arrays

All numbers are little-endian. The header names type and shape of each array; only types in TYPES are accepted, and
nothing is ever unpickled.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sdm.errors import ServiceError

MAGIC = b"sdm1"
PREFIX = struct.Struct("<4sIQI")
MOST_HEADER, MOST_ARRAYS = 1 << 20, 1 << 26  # bytes
MOST_AXES = 8
TYPES = {kind: np.dtype(kind).newbyteorder("<") for kind in (
    "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "float16", "float32", "float64",
)}  # fmt: skip

Header = dict[str, Any]
Arrays = dict[str, np.ndarray]


def encode(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """One message; ServiceError where it would be refused."""
    rows, parts = [], []
    for name, array in arrays.items():
        if array.dtype.name not in TYPES:
            raise ServiceError(f"the {name} cannot be sent", expected=", ".join(TYPES), got=array.dtype)
        rows.append([name, array.dtype.name, list(array.shape)])
        parts.append(np.ascontiguousarray(array, TYPES[array.dtype.name]).tobytes())
    text = json.dumps({**header, "arrays": rows}, default=_plain).encode()
    body = b"".join(parts)
    _check_sizes(len(text), len(body))
    return PREFIX.pack(MAGIC, len(text), len(body), zlib.crc32(body, zlib.crc32(text))) + text + body


def _plain(value: object) -> object:
    """A number of numpy as one of Python."""
    if isinstance(value, np.generic):
        return value.item()
    raise ServiceError("a value cannot be sent", expected="text or a number", got=type(value).__name__)


def read(receive: Callable[[int], bytes]) -> tuple[Header, Arrays] | None:
    """The next message of what `receive(n)` gives, n bytes or fewer at the end; None at the end.

    ServiceError for anything damaged: where the next message begins is not known then.
    """
    prefix = receive(PREFIX.size)
    if not prefix:
        return None
    if len(prefix) < PREFIX.size:
        raise _damaged("it is cut")
    magic, header_bytes, array_bytes, checksum = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise _damaged("it does not begin as one")
    _check_sizes(header_bytes, array_bytes)
    text, body = receive(header_bytes), receive(array_bytes)
    if len(text) < header_bytes or len(body) < array_bytes:
        raise _damaged("it is cut")
    if zlib.crc32(body, zlib.crc32(text)) != checksum:
        raise _damaged("its checksum is another")
    return _decode(text, body)


def _decode(text: bytes, body: bytes) -> tuple[Header, Arrays]:
    try:
        header = json.loads(text)
        rows = [(str(name), str(kind), tuple(map(int, shape))) for name, kind, shape in header.pop("arrays")]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise _damaged("its header is none") from None
    arrays, start = {}, 0
    for name, kind, shape in rows:
        if kind not in TYPES or len(shape) > MOST_AXES or not all(0 <= length < 1 << 31 for length in shape):
            raise _damaged(f"{name[:40]} is of an unknown type or shape")
        end = start + math.prod(shape) * TYPES[kind].itemsize
        if end > len(body):
            raise _damaged(f"{name[:40]} is longer than the message")
        arrays[name] = np.frombuffer(bytearray(body[start:end]), TYPES[kind]).reshape(shape)
        start = end
    if start != len(body):
        raise _damaged("its arrays are shorter than the message")
    return header, arrays


def _check_sizes(header: int, arrays: int) -> None:
    if header > MOST_HEADER or arrays > MOST_ARRAYS:
        expected = f"at most {MOST_HEADER} and {MOST_ARRAYS} bytes"
        raise ServiceError("a message is too long", expected=expected, got=f"{header} and {arrays}")


def _damaged(how: str) -> ServiceError:
    return ServiceError("a damaged message", got=how)
