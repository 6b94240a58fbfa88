"""Pictures of small images with any channels, and of ground photographs."""

from __future__ import annotations

import math

from sdm.analysis.raster_looks import RasterRendering
from sdm.figures.patch import Picture, hatch
from sdm.maps.png import encode
from sdm.modalities import Modality
from sdm.number_format import number, percent

WIDTH = 384  # screen pixels at least


def raster_picture(rendering: RasterRendering, modality: Modality, area_m2: float | None = None) -> Picture:
    """The image enlarged by whole pixels, hatched where it is missing; `area_m2` tells how far it reaches."""
    look, pixels = rendering.look, rendering.pixels
    height, width = pixels.shape[:2]
    zoom = math.ceil(WIDTH / width)
    pixels = pixels.repeat(zoom, 0).repeat(zoom, 1)
    missing = pixels[..., 3] == 0
    gap = f" {_share(float(missing.mean()))} is missing (hatched)." if missing.any() else ""
    across = f" {number(math.sqrt(area_m2))} m across." if area_m2 and modality.dtype != "uint8" else ""
    means = ", ".join(f"{name} {number(mean, 3)}" for name, mean in rendering.means.items())
    return Picture(
        encode(hatch(pixels[..., :3], missing)),
        f"**{look.title}.** {look.meaning}{across}{gap}",
        f"{modality.title}, {look.title.lower()}, {width} x {height} pixels.{across}{gap} Mean: {means}.",
    )


def _share(share: float) -> str:
    return "Less than 1 %" if share < 0.01 else percent(share)
