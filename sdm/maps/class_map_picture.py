"""A predicted map as one picture with title, legend and scale bar: what is saved for a document."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image, ImageDraw, ImageFont
from rasterio.enums import Resampling

from sdm.maps.class_colours import value_ramp
from sdm.maps.class_map_tiles import SHOWN
from sdm.number_format import number
from sdm.rasters.positions import pixel_metres

LONGEST = 1000  # pixels along the map's longer side, at most
MARGIN, LEGEND, LINE = 28, 300, 24  # pixels: around everything, width of the legend, height of one of its lines
INK, FAINT, PAPER = "#1c2723", "#5b6a63", "#ffffff"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Legend:
    """What the colours mean: (label, colour) of each class; or the `limits` of a ramp and what it measures."""

    classes: Sequence[tuple[str, str]] = ()
    limits: tuple[float, float] = (0.0, 1.0)
    measure: str = ""


@dataclass(frozen=True)
class MapPicture:
    """What is drawn: `what` of the map in `folder`, colours of its classes uint8 (S + 1, 4) from 1, and words."""

    folder: Path
    what: str
    palette: np.ndarray | None
    legend: Legend
    title: str
    note: str

    def png(self, font: Path | None) -> bytes:
        """The picture, with words in `font` (any file FreeType reads) or a plain one."""
        pixels, metres = self._pixels()
        drawn = Image.fromarray(pixels)
        lines = max(len(self.legend.classes) * LINE, 220)
        height = max(drawn.height + 50, lines) + 76 + 2 * MARGIN
        sheet = Image.new("RGB", (drawn.width + LEGEND + 3 * MARGIN, height), PAPER)
        pen, top = ImageDraw.Draw(sheet), MARGIN + 70
        for y, words, ink, size, weight in ((0, self.title, INK, 24, 600), (34, self.note, FAINT, 16, 400)):
            face = _font(font, size, weight)
            pen.text((MARGIN, MARGIN + y), _cut(words, sheet.width - 2 * MARGIN, face), ink, face)
        sheet.paste(drawn, (MARGIN, top), drawn)
        _scale_bar(pen, (MARGIN, top + drawn.height + 14), metres, drawn.width, _font(font, 15, 400))
        right = 2 * MARGIN + drawn.width
        if self.legend.classes:
            _classes(pen, (right, top), self.legend.classes, _font(font, 16, 400))
        else:
            _ramp(sheet, pen, (right, top), self.legend, _font(font, 16, 400))
        buffer = io.BytesIO()
        sheet.save(buffer, "PNG")
        return buffer.getvalue()

    def _pixels(self) -> tuple[np.ndarray, float]:
        """uint8 (height, width, 4), and metres along one of its pixels."""
        file, band, _ = SHOWN[self.what]
        with rasterio.open(self.folder / file, driver="GTiff") as source:
            across, down = pixel_metres(source.crs, source.transform, source.width, source.height)
            width = source.width * across / down  # in pixels as wide as they are high
            shrink = max(1.0, max(width, source.height) / LONGEST)
            shape = math.ceil(source.height / shrink), math.ceil(width / shrink)
            values = source.read(band + 1, out_shape=shape, resampling=Resampling.nearest)
            metres = down * source.height / shape[0]
        if self.palette is not None:
            pixels = self.palette[np.nan_to_num(values).astype(int)]
        else:
            pixels = value_ramp(values.astype(float), self.legend.limits)
        enlarged = max(1, LONGEST // max(shape))
        return pixels.repeat(enlarged, axis=0).repeat(enlarged, axis=1), metres / enlarged


def _font(path: Path | None, size: int, weight: int) -> Font:
    if path is None:
        return ImageFont.load_default(size)
    font = ImageFont.truetype(path, size)
    with contextlib.suppress(OSError):  # a font of one weight
        font.set_variation_by_axes([weight])
    return font


def _classes(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], classes: Sequence[tuple[str, str]], font: Font
) -> None:
    for i, (label, colour) in enumerate(classes):
        x, y = at[0], at[1] + i * LINE
        pen.rectangle((x, y + 2, x + 16, y + 18), fill=colour)
        pen.text((x + 26, y), _cut(label, LEGEND - 26, font), INK, font)


def _cut(label: str, width: int, font: Font) -> str:
    """`label`, shortened until it is no wider than `width`."""
    if font.getlength(label) <= width:
        return label
    while label and font.getlength(f"{label}…") > width:
        label = label[:-1]
    return f"{label.rstrip()}…"


def _ramp(sheet: Image.Image, pen: ImageDraw.ImageDraw, at: tuple[int, int], legend: Legend, font: Font) -> None:
    """A bar of colours, the largest value on top."""
    low, high = legend.limits
    bar = value_ramp(np.linspace(high, low, 180)[:, None].repeat(22, axis=1), legend.limits)
    pen.text(at, _cut(legend.measure, LEGEND, font), INK, font)
    sheet.paste(Image.fromarray(bar[..., :3]), (at[0], at[1] + 32))
    for i, value in enumerate((high, (low + high) / 2, low)):
        pen.text((at[0] + 32, at[1] + 22 + 90 * i), number(value), INK, font)


def _scale_bar(pen: ImageDraw.ImageDraw, at: tuple[int, int], metres: float, width: int, font: Font) -> None:
    """A round length of at most a third of the map."""
    most = metres * width / 3
    power = 10.0 ** math.floor(math.log10(most))
    length = next(step * power for step in (5, 2, 1) if step * power <= most)
    (x, y), end = at, at[0] + length / metres
    pen.line(((x, y), (x, y + 6), (end, y + 6), (end, y)), INK, 2)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    pen.text((x, y + 10), words, INK, font)
