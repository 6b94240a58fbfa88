"""Reading bytes of a file that may be missing, a folder, or unreadable."""

from __future__ import annotations

from pathlib import Path

from sdm.errors import DataError, NotDownloadedError
from sdm.files import refuse_special


def read_start(path: Path, count: int, what: str = "file") -> bytes:
    """Return the first `count` bytes of the `what` in `path`, or all there are.

    NotDownloadedError without a file, DataError for what is no ordinary file or cannot be read.
    """
    refuse_special(path)
    try:
        with path.open("rb") as file:
            return file.read(count)
    except FileNotFoundError:
        raise NotDownloadedError(f"the {what} is missing", where=path) from None
    except IsADirectoryError:
        raise DataError("a folder stands where a file is expected", where=path) from None
    except (OSError, ValueError) as problem:
        raise DataError(f"the {what} cannot be read", where=path, got=problem) from None
