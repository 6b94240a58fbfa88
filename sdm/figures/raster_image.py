"""Pictures of small images with any channels, and of ground photographs."""

from __future__ import annotations

import math

import numpy as np

from sdm.analysis.raster_looks import RasterLook, colours, seen, stretch_limits
from sdm.figures.patch import Picture, hatch
from sdm.maps.png import encode
from sdm.modalities import Modality
from sdm.number_format import number, percent

WIDTH = 384  # screen pixels at least
PHOTO_LIMITS = np.array([[0.0, 255.0]] * 3)


def raster_picture(
    values: np.ndarray, modality: Modality, look: RasterLook, area_m2: float | None = None
) -> Picture:
    """`values` (band, row, column) in stored units by `look`, enlarged by whole pixels, hatched where missing.

    A photograph keeps its brightness, any other image is stretched channel by channel.
    """
    shown = seen(values, modality.channels, look)
    limits = PHOTO_LIMITS[: len(shown)] if modality.dtype == "uint8" else stretch_limits(shown, look)
    zoom = math.ceil(WIDTH / shown.shape[-1])
    pixels = colours(shown, limits).repeat(zoom, 0).repeat(zoom, 1)
    missing = pixels[..., 3] == 0
    gap = f" {_share(float(missing.mean()))} is missing (hatched)." if missing.any() else ""
    across = f" {number(math.sqrt(area_m2))} m across." if area_m2 and modality.dtype != "uint8" else ""
    size = f"{shown.shape[-1]} x {shown.shape[-2]} pixels"
    caption = f"**{look.title}.** {look.meaning}{across}{gap}"
    alt = f"{modality.title}, {look.title.lower()}, {size}.{across}{gap} {_means(shown, look)}"
    return Picture(encode(hatch(pixels[..., :3], missing)), caption, alt)


def _means(shown: np.ndarray, look: RasterLook) -> str:
    names = look.bands if len(shown) == len(look.bands) else (look.title,)
    parts = (
        f"{name} {number(float(np.nanmean(channel)), 3)}" if np.isfinite(channel).any() else f"{name} missing"
        for name, channel in zip(names, shown, strict=True)
    )
    return f"Mean: {', '.join(parts)}."


def _share(share: float) -> str:
    return "Less than 1 %" if share < 0.01 else percent(share)
