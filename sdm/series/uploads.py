"""Exports of unknown origin: stored under plain names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from sdm.errors import DataError
from sdm.formats.archives import ZIP_MAGIC
from sdm.formats.compressed import GZIP_MAGIC
from sdm.rasters.uploads import Sent

MOST_FILES, MOST_BYTES = 64, 500_000_000  # per upload, in all
START = 1 << 16  # bytes that are looked at: text has no zero byte


def store_exports(folder: Path, files: Sequence[Sent]) -> tuple[Path, ...]:
    """Write `files` into the new `folder`; DataError for what is no text, with nothing left behind.

    Names are kept as far as they are plain, for they tell site and tile.
    """
    _check(files)
    folder.mkdir(parents=True)
    try:
        paths: list[Path] = []
        for number, sent in enumerate(files, 1):
            name = stored_name(sent.name)
            path = folder / name if not (folder / name).exists() else folder / f"{number}-{name}"
            path.write_bytes(sent.content)
            paths.append(path)
        return tuple(paths)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def stored_name(name: str) -> str:
    """`name` as a plain name of a file that cannot lead out of its folder.

    >>> stored_name("../Site 1_patch_0_2.csv.gz"), stored_name("…")
    ('Site-1_patch_0_2.csv.gz', 'export.csv')
    """
    last = re.split(r"[\\/]", name)[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip(".-")
    return plain[-80:].lstrip(".-") or "export.csv"


def _check(files: Sequence[Sent]) -> None:
    size = sum(len(sent.content) for sent in files)
    if not 0 < len(files) <= MOST_FILES:
        raise DataError("too many files or none", expected=f"1 to {MOST_FILES}", got=len(files))
    if size > MOST_BYTES:
        raise DataError(
            "the files are too large", expected=f"{MOST_BYTES // 1_000_000} MB", got=f"{size // 1_000_000} MB",
            remedy="Import them with `python -m sdm series`, which has no limit.",
        )  # fmt: skip
    for sent in files:
        packed = sent.content.startswith((GZIP_MAGIC, *ZIP_MAGIC))
        if not packed and b"\0" in sent.content[:START]:
            raise DataError("no text", where=sent.name, expected="CSV, or CSV in gzip or zip")
