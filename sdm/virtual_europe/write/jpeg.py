"""Patches as pairs of 8-bit JPEG pictures: colour, and near infrared apart, as in GeoLifeCLEF 2024."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from sdm.formats.jpeg import BRIGHTEST, GAMMA, LEVELS

QUALITY = 95


def jpeg_pairs(patches: np.ndarray) -> list[tuple[bytes, ...]]:
    """The two files of each patch (N, 4, side, side) of red, green, blue, near infrared; black where missing."""
    share = np.clip(patches, 0, BRIGHTEST) / BRIGHTEST
    pixels = np.rint(LEVELS * share ** (1 / GAMMA)).astype(np.uint8)
    return [(_encoded(np.moveaxis(one[:3], 0, -1)), _encoded(one[3])) for one in pixels]


def _encoded(pixels: np.ndarray) -> bytes:
    body = BytesIO()
    Image.fromarray(pixels).save(body, "JPEG", quality=QUALITY, subsampling=0)
    return body.getvalue()
