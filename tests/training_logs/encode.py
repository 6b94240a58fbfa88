"""TensorBoard's event files, encoded byte by byte from the format's description and from nothing of ours."""

from __future__ import annotations

import struct


def checksum(data: bytes) -> bytes:
    """Masked CRC-32C, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32)


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + checksum(length) + data + checksum(data)


def varint(number: int) -> bytes:
    number %= 2**64
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def chunk(field: int, data: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(data)) + data


def whole(field: int, number: int) -> bytes:
    return varint(field << 3) + varint(number)


def double(field: int, number: float) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<d", number)


def single(field: int, number: float) -> bytes:
    return varint(field << 3 | 5) + struct.pack("<f", number)


def event(step: int, time: float, *values: bytes) -> bytes:
    summary = b"".join(chunk(1, value) for value in values)
    return record(double(1, time) + whole(2, step) + chunk(5, summary))


def simple(tag: str, value: float) -> bytes:
    return chunk(1, tag.encode()) + single(2, value)


def tensor(tag: str, content: bytes, plugin: str = "") -> bytes:
    metadata = chunk(9, chunk(1, chunk(1, plugin.encode()))) if plugin else b""
    return chunk(1, tag.encode()) + chunk(8, content) + metadata


VERSION = record(double(1, 1000.0) + chunk(3, b"brain.Event:2"))
