"""Pixels to PNG."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image

FORMAT: Final = "PNG"  # said to Streamlit, which would make a larger JPEG of it at every rerun
FAST = 1  # zlib level: tiles are made on demand and sent over loopback


def encode(pixels: np.ndarray) -> bytes:
    """uint8 (height, width, 3 or 4) as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, FORMAT, compress_level=FAST)
    return buffer.getvalue()


def shrunk(png: bytes, width: int) -> bytes:
    """A PNG made `width` pixels wide."""
    image = Image.open(io.BytesIO(png))
    return encode(
        np.asarray(image.resize((width, image.height * width // image.width), Image.Resampling.BILINEAR))
    )
