"""Work that is made beside its place and moved there when it is whole; what a killed process left is cleared.

Whatever a process is writing into the folder `home` stands there under a name of its own, `.part-` and 16 hex
digits, while the process holds a lock on the file `.part-….lock`. The system releases that lock however the
process ends, so what nobody holds is a stray, and the next one that writes into `home` clears it. No process ids
are compared: a system gives them out again, and they mean nothing in another container that shares the folder.

Several entries that belong together are moved one by one. A stray is undone until a single rename, `new` to
`whole`: what had to make room is put back. After it the stray is completed.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = ".part-"
_PART = re.compile(rf"({re.escape(PREFIX)}[0-9a-f]{{16}})(\.lock)?")
_NEW, _OLD, _WHOLE = "new", "old", "whole"


@contextmanager
def atomic_content(home: Path) -> Iterator[Path]:
    """An empty folder whose entries take their places in `home` together when the block ends without an error.

    Entries of the same names that are there make room.
    """
    with staging(home) as part:
        new, old = part / _NEW, part / _OLD
        for folder in (part, new, old):
            folder.mkdir()
        yield new
        for path in new.iterdir():
            if (home / path.name).exists():
                (home / path.name).rename(old / path.name)
        new.rename(part / _WHOLE)


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A path in `home`, on the same disk, for a file or folder that is removed when the block ends."""
    home.mkdir(parents=True, exist_ok=True)
    clear_strays(home)
    part = home / f"{PREFIX}{secrets.token_hex(8)}"
    with locked(_lock(part)):
        try:
            yield part
        finally:
            _settle(part)


def clear_strays(home: Path) -> None:
    """Complete or remove what processes that have ended left in `home`; what living ones are writing stays."""
    for part in {home / match[1] for path in home.glob(f"{PREFIX}*") if (match := _PART.fullmatch(path.name))}:
        with suppress(Timeout, OSError), locked(_lock(part), seconds=0):
            _settle(part)


@contextmanager
def locked(path: Path, seconds: float = -1) -> Iterator[None]:
    """Hold the lock file `path`, which goes at the end.

    `filelock.Timeout` where another process holds it for so many seconds; -1 waits.
    """
    with FileLock(path).acquire(timeout=seconds):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file, but when it is released
                path.unlink()  # while it is held, so that nobody holds a file that is about to go


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable; Windows opens no folders, and needs it not."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(part: Path) -> Path:
    return part.with_name(f"{part.name}.lock")


def _settle(part: Path) -> None:
    """Move what is whole to its place, else what made room back to it, and remove the rest."""
    if not part.is_dir():
        part.unlink(missing_ok=True)
        return
    source = part / _WHOLE if (part / _WHOLE).exists() else part / _OLD
    for path in source.iterdir() if source.exists() else ():
        if not (part.parent / path.name).exists():
            path.rename(part.parent / path.name)
    sync_folder(part.parent)
    shutil.rmtree(part, ignore_errors=True)
