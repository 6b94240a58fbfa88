"""Pixels to PNG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

FAST = 1  # zlib level: tiles are made on demand and sent over loopback


def encode(pixels: np.ndarray) -> bytes:
    """uint8 (height, width, 3 or 4) as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=FAST)
    return buffer.getvalue()
