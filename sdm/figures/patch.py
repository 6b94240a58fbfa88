"""A Sentinel-2 patch as a picture: stretch, band choice, missing pixels, scale bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sdm.data.quantile import quantile_normalise
from sdm.maps.png import encode
from sdm.schema import PATCH

ZOOM = 6  # screen pixels a patch pixel
PIXEL_M = 10
BAR_M = 200
INK, PAPER = (255, 255, 255), (20, 28, 25)
HATCH = np.array([[176, 182, 178], [150, 157, 153]], np.uint8)


@dataclass(frozen=True)
class View:
    """A way to look at a patch: which bands become red, green and blue."""

    title: str
    bands: tuple[str, str, str]
    caption: str


VIEWS = {
    "natural": View("Natural colour", ("red", "green", "blue"), "As the eye sees it."),
    "infrared": View("Infrared", ("nir", "red", "green"), "Living plants shine red."),
}


@dataclass(frozen=True)
class Picture:
    """PNG bytes with caption and alt text."""

    png: bytes
    title: str
    caption: str
    alt: str


def picture(patch: np.ndarray, view: str = "natural") -> Picture:
    """`patch` (4, 64, 64) in stored units, NaN where missing, stretched as the models see it (quantiles)."""
    chosen = VIEWS[view]
    bands = quantile_normalise(patch[[PATCH.channels.index(name) for name in chosen.bands]])
    missing = ~np.isfinite(bands).all(axis=0)
    image = np.moveaxis(np.nan_to_num(bands) * 255, 0, -1).astype(np.uint8)
    image = _hatch(image.repeat(ZOOM, 0).repeat(ZOOM, 1), missing.repeat(ZOOM, 0).repeat(ZOOM, 1))
    share = missing.mean()
    gap = f" {share:.0%} of the pixels are missing, drawn hatched." if share else ""
    caption = f"{chosen.caption} Quantile stretch, 10 m pixels.{gap}"
    return Picture(encode(_furniture(image)), chosen.title, caption, _alt(patch, chosen, share))


def _hatch(image: np.ndarray, missing: np.ndarray) -> np.ndarray:
    row, column = np.indices(missing.shape)
    image[missing] = HATCH[((row + column) // ZOOM % 2)[missing]]
    return image


def _furniture(image: np.ndarray) -> np.ndarray:
    """Scale bar, north arrow, and a ring where the survey stands."""
    canvas = Image.fromarray(image)
    draw = ImageDraw.Draw(canvas)
    side, font = canvas.width, ImageFont.load_default(13)
    length, left, bottom = BAR_M // PIXEL_M * ZOOM, 12, side - 14
    for colour, width in ((PAPER, 6), (INK, 2)):
        grow = width // 3
        draw.line([(left - grow, bottom), (left + length + grow, bottom)], fill=colour, width=width)
    outline = {"fill": INK, "font": font, "stroke_width": 2, "stroke_fill": PAPER}
    draw.text((left, bottom - 21), f"{BAR_M} m", **outline)
    draw.text((side - 21, 24), "N", **outline)
    draw.polygon([(side - 16, 8), (side - 21, 22), (side - 11, 22)], fill=INK, outline=PAPER)
    centre = side / 2
    for colour, radius in ((PAPER, 10), (INK, 9)):
        box = (centre - radius, centre - radius, centre + radius, centre + radius)
        draw.ellipse(box, outline=colour, width=1 if colour is PAPER else 2)
    return np.asarray(canvas)


def _alt(patch: np.ndarray, view: View, share: float) -> str:
    red, nir = patch[0], patch[3]
    with np.errstate(invalid="ignore", divide="ignore"):
        ndvi = np.nanmedian((nir - red) / (nir + red)) if np.isfinite(red).any() else np.nan
    gap = f" {share:.0%} of it is missing." if share else ""
    return f"{view.title} satellite picture, 640 m by 640 m around the survey; median NDVI {ndvi:.2f}.{gap}"
