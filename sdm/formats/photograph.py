"""Photographs as cameras write them: JPEG of any size, checked before a pixel is decoded."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from sdm.errors import DataError
from sdm.formats.opening import read_start

MOST_BYTES = 64 << 20
MOST_PIXELS = 120_000_000  # of one photograph: ten times a usual one, 360 MB in memory
_ERRORS = (OSError, ValueError, SyntaxError, TypeError, EOFError, Image.DecompressionBombError)


def photograph_size(path: Path) -> tuple[int, int]:
    """Rows and columns as it is looked at; DataError for what is no JPEG, larger than MOST_PIXELS, or damaged.

    The file is decoded at an eighth of its size, which finds damage three times sooner.
    """
    try:
        with _open(path) as picture:
            width, height = picture.size
            turned = picture.getexif().get(0x0112, 1) >= 5  # EXIF orientations 5 to 8 lie on their side
            picture.draft("RGB", (width // 8, height // 8))
            picture.load()
    except _ERRORS as problem:
        raise DataError("not a readable photograph", where=path, got=problem) from None
    return (width, height) if turned else (height, width)


def read_photograph(path: Path) -> np.ndarray:
    """uint8 (3, rows, columns), red, green, blue, turned as it is looked at; DataError where it is damaged."""
    try:
        with _open(path) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except _ERRORS as problem:
        raise DataError("not a readable photograph", where=path, got=problem) from None
    return np.moveaxis(np.asarray(upright), -1, 0)


def _open(path: Path) -> Image.Image:
    if len(read_start(path, MOST_BYTES + 1, "photograph")) > MOST_BYTES:
        raise DataError("the photograph is too large", where=path, expected=f"at most {MOST_BYTES >> 20} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is compared below
            picture = Image.open(path, formats=("JPEG",))
    except _ERRORS as problem:
        raise DataError("not a readable photograph", where=path, expected="a JPEG", got=problem) from None
    width, height = picture.size
    if width * height > MOST_PIXELS:
        picture.close()
        raise DataError(
            "the photograph is too large", where=path, expected=f"at most {MOST_PIXELS:,} pixels",
            got=f"{width} x {height}",
        )  # fmt: skip
    return picture
