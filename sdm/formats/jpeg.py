"""Patches published as pairs of 8-bit JPEG pictures: colour, and near infrared apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from sdm.errors import DataError, NotDownloadedError
from sdm.files import refuse_special

SIDE = 128  # pixels of 10 m
# Reflectance was clipped at 10,000 and raised to 1 / 2.5 before it was rounded to 8 bits (GeoLifeCLEF 2024).
BRIGHTEST, GAMMA, LEVELS = 10_000.0, 2.5, 255
STORED = np.rint(BRIGHTEST * (np.arange(LEVELS + 1) / LEVELS) ** GAMMA).astype(np.float32)  # whole, as in 2025
_PICTURE_ERRORS = (OSError, ValueError, SyntaxError, TypeError, Image.DecompressionBombError)


def read_jpeg_pair(colour: Path | None, infrared: Path | None, side: int) -> np.ndarray:
    """float32 (4, side, side): red, green, blue, near infrared in units of 1/10,000, from the middle of both.

    The bands of a picture that is None are NaN. The steps of 8 bits stay: dark tones come back to within 1 unit,
    bright ones to within 50. DataError names a file that is no such picture, NotDownloadedError one that is not
    there.
    """
    first = (SIDE - side) // 2
    middle = slice(first, first + side)
    values = np.full((4, side, side), np.nan, np.float32)
    for path, mode, bands in ((colour, "RGB", slice(3)), (infrared, "L", slice(3, 4))):
        if path is not None:
            values[bands] = STORED[_picture(path, mode)[:, middle, middle]]
    return values


def _picture(path: Path, mode: str) -> np.ndarray:
    """uint8 (bands, SIDE, SIDE); size and kind are compared before a pixel is decoded."""
    refuse_special(path)
    try:
        with Image.open(path, formats=("JPEG",)) as picture:
            if picture.size != (SIDE, SIDE) or picture.mode != mode:
                raise DataError(
                    "not a patch of this edition", where=path, expected=f"{mode}, {SIDE} x {SIDE} pixels",
                    got=f"{picture.mode}, {picture.width} x {picture.height}",
                )  # fmt: skip
            pixels = np.asarray(picture)
    except FileNotFoundError:
        raise NotDownloadedError("not downloaded", where=path) from None
    except _PICTURE_ERRORS as problem:
        raise DataError("not a readable JPEG", where=path, got=problem, remedy="Download it again.") from None
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
