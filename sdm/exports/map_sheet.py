"""The map of an export as a picture for a document: title, legend, coast, records."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image, ImageDraw, ImageFont
from rasterio.enums import Resampling
from rasterio.warp import transform as to_system

from sdm.data.record_types import RECORDS
from sdm.exports.subject import Subject
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST, is_land
from sdm.maps.intensity_ramp import bar_colours, intensity_ramp
from sdm.number_format import counted
from sdm.rasters.positions import pixel_metres

LONGEST = 1400  # pixels along the map's longer side
MARGIN, HEAD, FOOT, LEAST_WIDTH, BAR = 40, 100, 130, 900, 460
INK, FAINT, PAPER, NOTHING, COAST, RECORD = "#1c2723", "#5b6a63", "#ffffff", "#e3e8ea", "#1c2723", "#0072b2"
RADIUS, EDGE = 5, 2  # of a record


def map_sheet(subject: Subject, path: Path, top: float, ends: list[str]) -> bytes:
    """The map in `path` as a PNG.

    `top`: the value at the end of the ramp; `ends`: what stands under its lower end, middle and upper end.
    """
    with rasterio.open(path, driver="GTiff") as file:
        across, down = pixel_metres(file.crs, file.transform, file.width, file.height)
        wide, high = file.width * across, file.height * down
        shape = tuple(max(1, round(LONGEST * side / max(wide, high))) for side in (high, wide))
        values = file.read(1, out_shape=shape, resampling=Resampling.nearest)
        cell = file.transform * file.transform.scale(file.width / shape[1], file.height / shape[0])
        crs = file.crs
    drawn = Image.new("RGB", (shape[1], shape[0]), PAPER)
    drawn.paste(NOTHING, mask=Image.fromarray(np.where(np.isfinite(values), 0, 255).astype(np.uint8)))
    ramp = Image.fromarray(intensity_ramp(values, max(top, 1e-6), "light"))
    drawn.paste(ramp, mask=ramp)
    drawn.paste(COAST, mask=Image.fromarray(np.where(coast(shape, cell, crs), 255, 0).astype(np.uint8)))
    shown = _records(drawn, subject, cell, crs)
    sheet = Image.new("RGB", (max(shape[1], LEAST_WIDTH) + 2 * MARGIN, shape[0] + HEAD + FOOT + MARGIN), PAPER)
    sheet.paste(drawn, (MARGIN, HEAD))
    ImageDraw.Draw(sheet).rectangle((MARGIN - 1, HEAD - 1, MARGIN + shape[1], HEAD + shape[0]), outline=FAINT)
    _words(sheet, subject)
    _legend(sheet, HEAD + shape[0] + 18, subject, ends, shown)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()


def coast(shape: tuple[int, ...], cell: rasterio.Affine, crs: object) -> np.ndarray:
    """bool (height, width): pixels where land begins or ends; none outside the mapped window of Europe."""
    column, row = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    x, y = cell * (column.ravel(), row.ravel())
    lon, lat = (np.asarray(each) for each in to_system(crs, 4326, x, y))
    inside = ((lon > WEST) & (lon < EAST) & (lat > SOUTH) & (lat < NORTH)).reshape(shape)
    land = is_land(lon, lat).reshape(shape)
    edge = np.zeros(shape, bool)
    edge[:, 1:] |= (land[:, 1:] != land[:, :-1]) & inside[:, 1:] & inside[:, :-1]
    edge[1:] |= (land[1:] != land[:-1]) & inside[1:] & inside[:-1]
    return edge


def _records(drawn: Image.Image, subject: Subject, cell: rasterio.Affine, crs: object) -> int:
    """Draw the records of the species; how many are on the map."""
    sites = subject.dataset.sites
    at = sites[subject.recorded & (sites["source"] == RECORDS).to_numpy()][["lon", "lat"]].dropna()
    if not len(at):
        return 0
    x, y = (np.asarray(each) for each in to_system(4326, crs, at["lon"].to_numpy(), at["lat"].to_numpy()))
    pen = ImageDraw.Draw(drawn)
    columns, rows = ~cell * (x, y)
    inside = (columns >= 0) & (columns < drawn.width) & (rows >= 0) & (rows < drawn.height)
    for column, row in zip(columns[inside], rows[inside], strict=True):
        box = (column - RADIUS, row - RADIUS, column + RADIUS, row + RADIUS)
        pen.ellipse(box, RECORD, PAPER, EDGE)
    return int(inside.sum())


def _words(sheet: Image.Image, subject: Subject) -> None:
    simulated = " · Simulated data: no source for ecology." if subject.simulated else ""
    lines = (
        (24, 34, INK, subject.name),
        (66, 18, FAINT, f"{subject.run.card.title} · {subject.dataset.title}{simulated}"),
    )
    for y, size, ink, words in lines:
        font = ImageFont.load_default(size)
        while font.getlength(words) > sheet.width - 2 * MARGIN and len(words) > 4:
            words = f"{words[:-4]}..."
        ImageDraw.Draw(sheet).text((MARGIN, y), words, ink, font)


def _legend(sheet: Image.Image, top: int, subject: Subject, ends: list[str], records: int) -> None:
    """The ramp with its ends, then what is grey, a line and a dot."""
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(17)
    pen.text((MARGIN, top), f"{subject.meaning.title}: {subject.meaning.unit}", INK, font)
    colours = bar_colours("light", BAR)
    for i, colour in enumerate(colours):
        pen.line(((MARGIN + i, top + 30), (MARGIN + i, top + 50)), colour)
    for place, end, anchor in zip((0, BAR / 2, BAR), (*ends[:2], f"{ends[2]} or more"), "lmr", strict=True):
        plain = end.replace(" ×", "")  # which the font has not; the heading says times
        pen.text((MARGIN + place, top + 56), plain, INK, font, anchor=f"{anchor}a")
    right = MARGIN + BAR + 50
    pen.rectangle((right, top + 4, right + 20, top + 18), NOTHING, FAINT)
    pen.text((right + 32, top), "nothing computed: no predictors", INK, font)
    pen.line(((right, top + 41), (right + 20, top + 41)), COAST, 2)
    pen.text((right + 32, top + 30), "coast", INK, font)
    if records:
        pen.ellipse((right + 5, top + 65, right + 15, top + 75), RECORD, PAPER)
        pen.text((right + 32, top + 60), counted(records, "record"), INK, font)
