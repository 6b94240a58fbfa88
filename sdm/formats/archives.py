"""Zip and tar archives of unknown origin, unpacked safely.

The checks are made here, the same for both formats, because those of the standard library cover less: the `data`
filter of tarfile rewrites some names and admits links, zipfile has none, and neither limits entries, bytes or the
ratio of compression.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sdm.errors import DataError, NotDownloadedError
from sdm.files import new_folders, refuse_special
from sdm.jobs import Report, no_report

CHUNK = 1 << 20
BLOCK = 512  # of a tar
MOST_AT_ONCE = 64 << 20  # tarfile reads headers whole, and a hostile archive says how long they are
DRIVE = re.compile(r"[A-Za-z]:")
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
COMPRESSIONS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
_FORMAT_ERRORS = (
    OSError, zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, KeyError,
    IndexError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How much an archive may unpack to; all of GeoLifeCLEF 2025 is some 320,000 files in 3.7 GB.

    `ratio` is bytes unpacked per byte of archive; an archive of less than a megabyte counts as one.
    """

    entries: int = 1_000_000
    bytes: int = 200 << 30
    ratio: int = 100


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class _Entry:
    """One member: its name as written, and its content (None for a folder)."""

    name: str
    content: Callable[[], IO[bytes]] | None


def unpack(archive: Path, out: Path, report: Report = no_report, limits: Limits = DEFAULT_LIMITS) -> None:
    """Unpack a zip, or a tar (plain, gz, bz2 or xz), into the new folder `out`, which appears when all is well.

    `report` is told archive bytes read, archive bytes in all, and the entry's name. Files get ordinary
    permissions. DataError, with the entry's name, for names that are absolute, climb out or occur twice, for
    links, devices, passwords and damage, and beyond the `limits`; DataError when `out` holds anything already;
    NotDownloadedError without an archive.
    """
    with _opened(archive) as file, new_folders(out.parent, out.name) as new:
        (new / out.name).mkdir()
        _unpack_into(new / out.name, file, archive, report, limits)


def _unpack_into(folder: Path, file: IO[bytes], archive: Path, report: Report, limits: Limits) -> None:
    size = os.fstat(file.fileno()).st_size
    most = min(limits.bytes, limits.ratio * max(size, CHUNK))
    name, done = "", 0
    try:
        for count, entry in enumerate(_entries(file, most)):
            name = entry.name
            if count >= limits.entries:
                raise _Refused("too many entries", expected=f"at most {limits.entries}")
            for written in _write(folder / _safe(name), entry):
                done += written
                if done > most:
                    raise _Refused("unpacks to too much", expected=f"at most {most} bytes from {size}")
                report(file.tell(), size, name)
    except _Refused as problem:
        raise problem.at(archive, name) from None
    except FileExistsError:
        raise _Refused("occurs twice").at(archive, name) from None
    except _FORMAT_ERRORS as problem:
        raise _Refused("cannot be unpacked", got=problem).at(archive, name) from None


class _Refused(Exception):  # noqa: N818
    """What is wrong with an entry, before it is known which."""

    def __init__(self, what: str, *, expected: object = None, got: object = None) -> None:
        self.what, self.expected, self.got = what, expected, got

    def at(self, archive: Path, name: str) -> DataError:
        entry = f"entry {name[:200]!r} " if name else "the archive "
        return DataError(entry + self.what, where=archive, expected=self.expected, got=self.got)


def _safe(name: str) -> PurePosixPath:
    """`name` as a path that stays inside; refused when it would not, or means another thing elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or DRIVE.match(name):
        raise _Refused("has an absolute name")
    if ".." in path.parts:
        raise _Refused("climbs out of its folder")
    if not name or "\\" in name or not name.isprintable():
        raise _Refused("has a name that is not safe", expected="printable characters without backslash")
    return path


def _write(path: Path, entry: _Entry) -> Iterator[int]:
    """Write `entry` at `path`; the number of bytes after each chunk, and 0 once at the end."""
    if entry.content is None:
        path.mkdir(parents=True, exist_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with entry.content() as source, path.open("xb") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
                yield len(chunk)
    yield 0


def _entries(file: IO[bytes], most: int) -> Iterator[_Entry]:
    """The members of the archive, whatever its format."""
    magic = file.read(6)
    file.seek(0)
    if magic.startswith(ZIP_MAGIC):
        return _zip_entries(file)
    opener = next((open_ for start, open_ in COMPRESSIONS.items() if magic.startswith(start)), None)
    return _tar_entries(_Capped(file if opener is None else opener(file), most))


def _zip_entries(file: IO[bytes]) -> Iterator[_Entry]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            yield _zip_entry(archive, info)


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Entry:
    name = info.orig_filename  # `filename` hides what follows a NUL
    kind = stat.S_IFMT(info.external_attr >> 16)

    def content() -> IO[bytes]:
        if kind not in (0, stat.S_IFREG):
            raise _Refused("is a link or a device", expected="files and folders")
        if info.flag_bits & 1:
            raise _Refused("is protected by a password")
        return archive.open(info)

    return _Entry(name, None if info.is_dir() else content)


def _tar_entries(stream: _Capped) -> Iterator[_Entry]:
    with tarfile.open(fileobj=stream, mode="r:") as archive:  # type: ignore[call-overload]
        for info in archive:
            yield _tar_entry(archive, info)
        # tarfile takes any damaged header after the first for the end of the archive.
        stream.seek(archive.offset)
        if stream.read(BLOCK) != bytes(BLOCK):
            raise _Refused("is damaged, or what follows it is; the end of the archive is missing")
        while stream.read(CHUNK):
            pass  # a compressed stream checks its sum at its end


def _tar_entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> _Entry:
    def content() -> IO[bytes]:
        source = archive.extractfile(info) if info.isreg() and not info.issparse() else None
        if source is None:
            raise _Refused("is a link or a device", expected="files and folders")
        return source

    return _Entry(info.name, None if info.isdir() else content)


class _Capped:
    """A stream that gives up when asked to go beyond `most` bytes, or to hold too many at once."""

    def __init__(self, stream: Any, most: int) -> None:
        self.stream, self.most = stream, most + MOST_AT_ONCE  # headers and padding come on top of the content

    def read(self, size: int) -> bytes:
        if size > MOST_AT_ONCE:
            raise _Refused("has a header that is too long", expected=f"at most {MOST_AT_ONCE} bytes", got=size)
        self._check(self.stream.tell() + size)
        return self.stream.read(size)

    def seek(self, position: int) -> int:
        self._check(position)
        return self.stream.seek(position)

    def tell(self) -> int:
        return self.stream.tell()

    def _check(self, position: int) -> None:
        if position > self.most:
            raise _Refused("lies beyond what the archive may unpack to", expected=f"at most {self.most} bytes")


@contextmanager
def _opened(archive: Path) -> Iterator[IO[bytes]]:
    refuse_special(archive)
    try:
        file = archive.open("rb")
    except FileNotFoundError:
        raise NotDownloadedError("the archive is missing", where=archive) from None
    except (OSError, ValueError) as problem:
        raise DataError("the archive cannot be read", where=archive, got=problem) from None
    with file:
        yield file
