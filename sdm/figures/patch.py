"""A Sentinel-2 patch as a picture with a scale bar, north, and a ring where the survey stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sdm.analysis.renderings import Rendering
from sdm.analysis.stretches import DEFAULT_STRETCH, STRETCHES
from sdm.maps.png import encode
from sdm.number_format import fixed, number, percent

ZOOM = 6  # screen pixels a patch pixel
PIXEL_M = 10
BAR_M = 200
RING = 9  # screen pixels
INK, PAPER = (255, 255, 255), (20, 28, 25)
HATCH = np.array([[176, 182, 178], [150, 157, 153]], np.uint8)


@dataclass(frozen=True)
class Picture:
    """PNG bytes with what to write under them and for those who cannot see them."""

    png: bytes
    caption: str
    alt: str


def picture(rendering: Rendering) -> Picture:
    """The patch enlarged ZOOM times, hatched where it is missing."""
    look, pixels = rendering.look, rendering.pixels.repeat(ZOOM, 0).repeat(ZOOM, 1)
    missing = pixels[..., 3] == 0
    gap = f" {_share(missing.mean())} of it is missing (hatched)." if missing.any() else ""
    caption = f"**{look.title}.** {look.meaning}{gap}"
    return Picture(encode(_furniture(hatch(pixels[..., :3], missing))), caption, _alt(rendering, gap))


def stretch_note(stretch: str = DEFAULT_STRETCH) -> str:
    """One line on how the pictures were made."""
    title, meaning = STRETCHES[stretch].title, STRETCHES[stretch].meaning
    return f"640 m across, 10 m pixels. {title}: {meaning[0].lower()}{meaning[1:]}"


def hatch(image: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """`image` (height, width, 3), hatched where `missing`."""
    if not missing.any():
        return image
    row, column = np.indices(missing.shape)
    return np.where(missing[..., None], HATCH[(row + column) // ZOOM % 2], image)


def _furniture(image: np.ndarray) -> np.ndarray:
    canvas = Image.fromarray(image)
    draw = ImageDraw.Draw(canvas)
    side, font = canvas.width, ImageFont.load_default(15)
    length, left, bottom = BAR_M // PIXEL_M * ZOOM, 12, side - 14
    for colour, width in ((PAPER, 6), (INK, 3)):
        draw.line([(left - width // 3, bottom), (left + length + width // 3, bottom)], fill=colour, width=width)
    for corner, text in (((left, bottom - 24), f"{BAR_M} m"), ((side - 23, 26), "N")):
        draw.text(corner, text, fill=INK, font=font, stroke_width=2, stroke_fill=PAPER)
    draw.polygon([(side - 18, 8), (side - 24, 24), (side - 12, 24)], fill=INK, outline=PAPER)
    for colour, radius, width in ((PAPER, RING + 2, 5), (INK, RING, 2)):
        box = (side / 2 - radius, side / 2 - radius, side / 2 + radius, side / 2 + radius)
        draw.ellipse(box, outline=colour, width=width)
    return np.asarray(canvas)


def _alt(rendering: Rendering, gap: str) -> str:
    green = f"; median NDVI {fixed(rendering.ndvi, 2)}" if np.isfinite(rendering.ndvi) else ""
    across = f"{number(PIXEL_M * len(rendering.pixels))} m"
    return f"{rendering.look.title} satellite picture, {across} by {across} around the survey{green}.{gap}"


def _share(share: float) -> str:
    return "Less than 1 %" if share < 0.01 else percent(share)
