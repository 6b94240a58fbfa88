"""Completeness check of TIFF files: directory and pixels must lie inside the file (TIFF 6.0, section 2), and
pixels in Deflate must have the checksum that their stream ends in (RFC 1950).

By hand, because image libraries accept a truncated file: tags beyond its end are dropped, band names and position
among them, and strips without an address become missing pixels; and because they stop reading a stream where the
pixels are complete, before its checksum.
"""

from __future__ import annotations

import struct
import zlib

ORDER = {b"II*\0": "<", b"MM\0*": ">"}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}  # bytes by field type
SHORT, LONG = 3, 4
COMPRESSION = 259
DEFLATE = (8, 32946)  # the compressions whose streams end in a checksum; the second is the code of older files
OFFSETS, LENGTHS = (273, 324), (279, 325)  # of strips, of tiles
MOST_BYTES = 256 << 20  # of pixels: a patch of 64 x 64 has 32 kB
ERRORS = (ValueError, struct.error, zlib.error)


def check_whole(raw: bytes) -> None:
    """Raise one of ERRORS unless all tags and strips or tiles of the first image lie in `raw` undamaged."""
    numbers = _directory(raw)
    offsets = [n for tag in OFFSETS for n in numbers.get(tag, ())]
    lengths = [n for tag in LENGTHS for n in numbers.get(tag, ())]
    if not offsets or len(offsets) != len(lengths):
        raise ValueError("the directory names no pixels")
    parts = list(zip(offsets, lengths, strict=True))
    if any(n == 0 or m == 0 or n + m > len(raw) for n, m in parts):
        raise ValueError("pixels are missing or lie beyond the end of the file")
    if _has_checksums(numbers):
        left = MOST_BYTES
        for offset, length in parts:
            stream = zlib.decompressobj()
            left -= len(stream.decompress(raw[offset : offset + length], left + 1))
            if not stream.eof or left < 0:
                raise ValueError("the pixels are cut or too many")


def has_checksums(raw: bytes) -> bool:
    """Whether `check_whole` notices a flipped bit in any pixel; one of ERRORS for what is no TIFF."""
    return _has_checksums(_directory(raw))


def _has_checksums(numbers: dict[int, tuple[int, ...]]) -> bool:
    return numbers.get(COMPRESSION, (1,))[0] in DEFLATE


def _directory(raw: bytes) -> dict[int, tuple[int, ...]]:
    """The numbers of the tags read here, from the first directory, all of whose tags must lie in `raw`."""
    order = ORDER.get(raw[:4])
    if order is None:
        raise ValueError("not a TIFF file")
    (start,) = struct.unpack_from(f"{order}I", raw, 4)
    (count,) = struct.unpack_from(f"{order}H", raw, start)
    numbers: dict[int, tuple[int, ...]] = {}
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, length = struct.unpack_from(f"{order}HHI", raw, at)
        size = SIZES.get(kind, 0) * length
        place = at + 8 if size <= 4 else struct.unpack_from(f"{order}I", raw, at + 8)[0]
        if not size or place + size > len(raw):
            raise ValueError(f"tag {tag} reaches beyond the end of the file")
        if tag in (COMPRESSION, *OFFSETS, *LENGTHS) and kind in (SHORT, LONG):
            numbers[tag] = struct.unpack_from(f"{order}{length}{'H' if kind == SHORT else 'I'}", raw, place)
    return numbers
