"""Who is training in a run's folder: at most one process, and which."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sdm.errors import TrainingError

LOCK = "training.lock"
ATTEMPTS, PAUSE = 5, 0.05  # whoever asks for the holder holds the lock for a moment


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Be the one process that trains in `folder`; TrainingError while another does.

    The system lets go of the lock however the process ends, so what a killed one leaves behind locks nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    descriptor = _take(path)
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)
        with suppress(OSError):
            folder.rmdir()  # where nothing has come of it


def holder(folder: Path) -> int | None:
    """The id of the process that trains in `folder`, None when none does."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        text = os.read(descriptor, 20).decode()
        return None if _lock(descriptor) or not text.isdigit() else int(text)
    finally:
        os.close(descriptor)


def _take(path: Path) -> int:
    """A descriptor of the locked file at `path`."""
    for _ in range(ATTEMPTS):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        # One who has just finished may have removed the file that was opened.
        if _lock(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)
        time.sleep(PAUSE)
    raise TrainingError("another process is training here", where=path.parent, remedy="Wait for it, or stop it.")


def _lock(descriptor: int) -> bool:
    """Whether nobody else held it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
