"""Files that may be compressed, read as if they were not: told by their first bytes, whatever they are called.

Kaggle compresses what it hands out one by one: `table.csv` may come as `table.csv.zip`, or as a zip archive named
`table.csv`.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sdm.errors import DataError
from sdm.formats.archives import CHUNK, DEFAULT_LIMITS, ZIP_MAGIC
from sdm.formats.opening import read_start

GZIP_MAGIC = b"\x1f\x8b"
NOT_CONTENT = ("__MACOSX/", ".")
_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError,
           ValueError)  # fmt: skip


@contextmanager
def open_plain(path: Path, what: str = "file") -> Iterator[io.BufferedIOBase]:
    """The content of `path`: itself, what gzip holds, or the only file of a zip archive.

    NotDownloadedError without a file, DataError for a folder, an archive of several files, damage, and for what
    swells beyond reason (`Limits.ratio`).
    """
    start = read_start(path, len(ZIP_MAGIC[0]), what)
    with path.open("rb") as file:
        if start.startswith(GZIP_MAGIC):
            yield _Content(gzip.GzipFile(fileobj=file), path)
        elif start in ZIP_MAGIC:
            with _member(file, path) as member:
                yield _Content(member, path)
        else:
            yield file


def _member(file: IO[bytes], path: Path) -> IO[bytes]:
    """The only file of the zip archive in `file`, whose directory may point anywhere."""
    try:
        archive = zipfile.ZipFile(file)
        return archive.open(_only(archive, path))
    except _DAMAGE as problem:
        raise _damaged(path, problem) from None


def _only(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    files = [
        info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith(NOT_CONTENT)
    ]
    if len(files) != 1:
        raise DataError(
            "an archive of several files", where=path, expected="one file", got=f"{len(files)} files",
            remedy=f"Unpack it first: python -m sdm unpack {path} {path.with_suffix('')}",
        )  # fmt: skip
    if files[0].flag_bits & 1:
        raise DataError("the archive is protected by a password", where=path)
    return files[0]


def _damaged(path: Path, problem: Exception) -> DataError:
    return DataError("cannot be decompressed", where=path, got=problem, remedy="Download it again.")


class _Content(io.BufferedIOBase):
    """What a compressed file holds; DataError for damage and for too much of it."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, path: Path) -> None:
        self._stream, self._path = stream, path
        self._left = DEFAULT_LIMITS.ratio * max(path.stat().st_size, CHUNK)

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        try:
            content = self._stream.read(-1 if size is None else size)
        except _DAMAGE as problem:
            raise _damaged(self._path, problem) from None
        self._left -= len(content)
        if self._left < 0:
            raise DataError(
                "swells beyond reason", where=self._path, expected=f"at most {DEFAULT_LIMITS.ratio} times its size"
            )
        return content
