"""CRC-32C (Castagnoli), the checksum of TensorBoard's event files (RFC 3720, appendix B.4)."""

from __future__ import annotations

import numpy as np

POLYNOMIAL = 0x82F63B78  # reflected
ONES = 0xFFFFFFFF
BLOCK = 512  # bytes taken at once: images and graphs in event files have megabytes
SLAB = 4096  # blocks looked up together, 8 MB
MASK_DELTA = 0xA282EAD8  # TFRecord stores checksums rotated and shifted, so that a checksum of a checksum is safe


def crc32c(data: bytes) -> int:
    """The checksum of `data`.

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    state, whole = ONES, len(data) // BLOCK * BLOCK
    blocks = np.frombuffer(data, np.uint8, whole).reshape(-1, BLOCK)
    for slab in range(0, len(blocks), SLAB):
        sums = np.bitwise_xor.reduce(_WITHIN[_POSITION, blocks[slab : slab + SLAB]], axis=1)
        for added in sums.tolist():
            state = added ^ _skip_block(state)
    for byte in data[whole:]:
        state = _TABLE[(state ^ byte) & 255] ^ state >> 8
    return state ^ ONES


def masked(data: bytes) -> int:
    """The checksum of `data` as a TFRecord stores it."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + MASK_DELTA) & ONES


def _byte_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ POLYNOMIAL * (value & 1)
        table.append(value)
    return table


def _within_block() -> np.ndarray:
    """[p, b]: what byte b at position p of a block adds to the checksum at the block's end (it is linear)."""
    table = np.array(_TABLE, np.uint32)
    result = np.empty((BLOCK, 256), np.uint32)
    result[-1] = table
    for position in reversed(range(BLOCK - 1)):
        after = result[position + 1]
        result[position] = table[after & 255] ^ after >> 8
    return result


def _skip_block(state: int) -> int:
    """`state` after a block of zeros: the same as its four bytes standing at the block's start."""
    return _HEAD[0][state & 255] ^ _HEAD[1][state >> 8 & 255] ^ _HEAD[2][state >> 16 & 255] ^ _HEAD[3][state >> 24]


_TABLE = _byte_table()
_WITHIN = _within_block()
_POSITION = np.arange(BLOCK)
_HEAD = _WITHIN[:4].tolist()
