"""Who is training in a run's folder: at most one process, and which."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from sdm.errors import TrainingError

LOCK, HOLDER = "training.lock", "training.pid"
PATIENCE, PAUSE = 0.25, 0.05  # seconds: whoever asks for the holder holds the lock for a moment


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Be the one process that trains in `folder`; TrainingError while another does.

    The system releases the lock however the process ends, so what a killed one leaves behind locks nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=PAUSE)
    except Timeout:
        raise TrainingError(
            "another process is training here", where=folder, remedy="Wait for it, or stop it."
        ) from None
    try:
        (folder / HOLDER).write_text(str(os.getpid()))
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        _release(lock)
        with suppress(OSError):
            folder.rmdir()  # where nothing has come of it


def holder(folder: Path) -> int | None:
    """The id of the process that trains in `folder`, None when none does."""
    if not (folder / LOCK).exists():
        return None
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        text = (folder / HOLDER).read_text() if (folder / HOLDER).exists() else ""
        return int(text) if text.isdigit() else None
    except OSError:  # the folder has gone meanwhile
        return None
    _release(lock)
    return None


def _release(lock: FileLock) -> None:
    """Remove the file while it is locked, so that nobody locks a file that is about to go."""
    with suppress(OSError):  # Windows removes no open file
        Path(lock.lock_file).unlink()
    lock.release()
