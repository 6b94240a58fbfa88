"""Protocol buffers on the wire: a message as its fields, without a schema compiler.

Reference: protobuf.dev/programming-guides/encoding. Groups (wire types 3 and 4) are obsolete and refused.
"""

from __future__ import annotations

import struct
from collections import defaultdict

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
WIDTHS = {FIXED64: 8, FIXED32: 4}


class WireError(ValueError):
    """The bytes are no message."""


class Message:
    """The fields of one message, asked for by number and type; of a repeated one the last counts.

    A field that is absent, or there with another wire type, is None. WireError when `data` is no message.
    """

    def __init__(self, data: bytes) -> None:
        self._numbers: dict[int, int] = {}
        self._chunks: defaultdict[tuple[int, int], list[bytes]] = defaultdict(list)
        position = 0
        while position < len(data):
            position = self._read_field(data, position)

    def integer(self, field: int) -> int | None:
        """An int64."""
        value = self._numbers.get(field)
        return value if value is None or value < 1 << 63 else value - (1 << 64)

    def double(self, field: int) -> float | None:
        """A double."""
        chunks = self._chunks.get((field, FIXED64))
        return struct.unpack("<d", chunks[-1])[0] if chunks else None

    def single(self, field: int) -> float | None:
        """A float."""
        chunks = self._chunks.get((field, FIXED32))
        return struct.unpack("<f", chunks[-1])[0] if chunks else None

    def repeated(self, field: int) -> list[bytes]:
        """Every string, byte string or inner message in the field."""
        return self._chunks.get((field, BYTES), [])

    def data(self, field: int) -> bytes | None:
        """A string, byte string, inner message or packed numbers."""
        chunks = self.repeated(field)
        return chunks[-1] if chunks else None

    def _read_field(self, data: bytes, position: int) -> int:
        """Take in the field at `position`; the position after it."""
        key, position = _varint(data, position)
        field, kind = key >> 3, key & 7
        if field == 0 or kind not in (VARINT, BYTES, *WIDTHS):
            raise WireError(f"field {field} has wire type {kind}")
        if kind == VARINT:
            self._numbers[field], position = _varint(data, position)
            return position
        length, position = (WIDTHS[kind], position) if kind in WIDTHS else _varint(data, position)
        if position + length > len(data):
            raise WireError(f"field {field} reaches beyond its message")
        self._chunks[field, kind].append(data[position : position + length])
        return position + length


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """The whole number at `position`, of at most 64 bits, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise WireError("a number is cut off")
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (1 << 64) - 1, position
    raise WireError("a number is longer than 64 bits")
