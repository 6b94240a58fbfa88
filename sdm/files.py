"""Files that are either whole or absent: written beside, flushed, then renamed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sdm.errors import DataError, SdmError

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of the project: `data/`, `runs/`, `checkpoints/` and `static/` lie in it."""

STRAY = ".part-"
SPECIAL = {
    stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"
}  # fmt: skip


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that appears at `path` only when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f"{STRAY}{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `path` only when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=STRAY, dir=path.parent))
    try:
        yield building
        building.chmod(0o755)
        shutil.rmtree(path, ignore_errors=True)
        building.rename(path)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def special_kind(path: Path) -> str | None:
    """What is at `path`, links followed, that is neither file nor folder: reading it may never end; else None."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return None
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else SPECIAL.get(stat.S_IFMT(mode), "no file")


def refuse_special(path: Path, error: type[SdmError] = DataError) -> None:
    """Raise `error` for a named pipe, a socket or a device at `path`."""
    kind = special_kind(path)
    if kind is not None:
        raise error("not a file that can be read", where=path, expected="an ordinary file", got=kind)


def modified(path: Path) -> int:
    """When `path` was last written, in nanoseconds; 0 where there is none within reach."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@contextlib.contextmanager
def temporary_file(content: bytes) -> Iterator[Path]:
    """A file with `content` that is there for the block, under a name of our own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        yield path


def write_json(path: Path, value: Any) -> None:
    """Write `value` as readable JSON, atomically; NaN and infinity are refused."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    with atomic(path) as file:
        file.write(text.encode() + b"\n")


def read_json(path: Path, error: type[SdmError] = SdmError) -> dict[str, Any]:
    """The JSON object in `path`; anything else raises `error`."""
    refuse_special(path, error)
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise error("the file is missing", where=path) from None
    except (ValueError, OSError, RecursionError) as problem:
        raise error("not readable as JSON", where=path, got=problem) from None
    if not isinstance(value, dict):
        raise error("not a JSON object", where=path, got=type(value).__name__)
    return value


def clean_strays(folder: Path) -> None:
    """Remove what an interrupted `atomic` left in `folder`."""
    for stray in folder.glob(f"{STRAY}*"):
        stray.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable; Windows opens no folders, and needs it not."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
