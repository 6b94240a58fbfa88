"""TFRecord files: a sequence of records of length, checksum of the length, data, checksum of the data.

The framing is read here because its kept readers come with TensorFlow or TensorBoard. Format:
tensorflow/core/lib/io/record_writer.h. A checksum is a CRC-32C (RFC 3720), rotated and shifted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import google_crc32c

from sdm.errors import DataError, NotDownloadedError

HEADER = struct.Struct("<QI")
MOST_BYTES = 256 << 20  # of one record
MASK_DELTA = 0xA282EAD8


def read_records(path: Path) -> Iterator[bytes]:
    """Yield the data of each record in `path`.

    A last record that is cut off ends the file: a running training may still be writing it. DataError for a
    checksum that disagrees or a record that claims more than 256 MB; NotDownloadedError without a file.
    """
    try:
        with path.open("rb") as file:
            yield from _records(file, path)
    except FileNotFoundError:
        raise NotDownloadedError("the log is missing", where=path) from None
    except OSError as problem:
        raise DataError("the log cannot be read", where=path, got=problem) from None


def masked_checksum(data: bytes) -> int:
    """Return the checksum of `data` as a TFRecord stores it."""
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + MASK_DELTA) & 0xFFFFFFFF


def starts_as_record(path: Path) -> bool:
    """Return whether `path` is a file that begins like a TFRecord file: with a length and its checksum."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER.size)
    except (OSError, ValueError):
        return False
    return len(header) == HEADER.size and masked_checksum(header[:8]) == HEADER.unpack(header)[1]


def _records(file: IO[bytes], path: Path) -> Iterator[bytes]:
    start = 0
    while len(header := file.read(HEADER.size)) == HEADER.size:
        length, checksum = HEADER.unpack(header)
        if masked_checksum(header[:8]) != checksum:
            raise _damage(path, start, "the length of a record does not match its checksum")
        if length > MOST_BYTES:
            raise _damage(path, start, f"a record of {length} bytes, more than {MOST_BYTES >> 20} MB")
        body = file.read(length + 4)
        if len(body) < length + 4:
            return
        if masked_checksum(body[:-4]) != int.from_bytes(body[-4:], "little"):
            raise _damage(path, start, "a record does not match its checksum")
        yield body[:-4]
        start += HEADER.size + len(body)


def _damage(path: Path, start: int, what: str) -> DataError:
    remedy = "This is no event file of TensorBoard." if start == 0 else "Copy the log again."
    return DataError(f"byte {start}: {what}", where=path, remedy=remedy)
