"""Files that are either whole or absent: written beside, flushed, then renamed."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sdm.errors import DataError, SdmError
from sdm.staging import atomic_content, staging, sync_folder

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of the project: `data/`, `runs/`, `checkpoints/` and `static/` lie in it."""

SPECIAL = {
    stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"
}  # fmt: skip


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that appears at `path` only when the block ends without an error."""
    with staging(path.parent) as part:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)


@contextlib.contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `path` only when the block ends without an error."""
    with atomic_content(path.parent) as new:
        (new / path.name).mkdir()
        yield new / path.name


@contextlib.contextmanager
def new_folders(home: Path, *names: str, error: type[SdmError] = DataError) -> Iterator[Path]:
    """An empty folder in which those called `names` are made; they appear in `home`, together, only when the block
    ends without an error.

    `error` where one is there already; an empty one may be.
    """
    with atomic_content(home) as new:
        _require_free(home, names, error)
        yield new
        _require_free(home, names, error)  # another process may have made them meanwhile


def _require_free(home: Path, names: tuple[str, ...], error: type[SdmError]) -> None:
    taken = [path.name for path in (home / name for name in names) if path.is_symlink() or _is_used(path)]
    if taken:
        raise error(
            "something is there already", where=home / taken[0], expected="a new folder",
            got=", ".join(taken) if len(taken) > 1 else None, remedy="Remove it first, or name another place.",
        )  # fmt: skip


def _is_used(path: Path) -> bool:
    """Whether there is anything but an empty folder."""
    return path.exists() and (not path.is_dir() or any(path.iterdir()))


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
