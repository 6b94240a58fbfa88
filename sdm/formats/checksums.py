"""Whether a file holds a checksum of its content, so that its reader notices a flipped bit."""

from __future__ import annotations

from pathlib import Path

from sdm.formats import tiff
from sdm.formats.archives import ZIP_MAGIC
from sdm.formats.compressed import GZIP_MAGIC
from sdm.formats.opening import read_start

MOST_BYTES = 64 << 20


def has_checksum(path: Path) -> bool:
    """True for gzip, zip archives (tensor files are some) and TIFF in Deflate, False for all others.

    NotDownloadedError without a file, DataError where it cannot be read.
    """
    start = read_start(path, len(ZIP_MAGIC[0]))
    if start.startswith(GZIP_MAGIC) or start in ZIP_MAGIC:
        return True
    try:
        return start in tiff.ORDER and tiff.has_checksums(read_start(path, MOST_BYTES))
    except tiff.ERRORS:
        return False
