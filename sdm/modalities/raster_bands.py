"""Inputs cut from rasters with any bands: a pixel's values once or month by month, an image, a ground photograph.

Such a modality is known by its name alone, so that a run and a store need to hold nothing else:

    pixel-B2-B3-B4-B8       the four bands of one pixel, shape (4,)
    image32-c1-c2-c3        32 x 32 pixels of three bands whose meaning is not known, shape (3, 32, 32)
    photo224-R-G-B          an 8-bit ground photograph, shape (3, 224, 224)
    series12-B2-B3          two bands of one pixel at twelve dates, about one a month, shape (2, 12)

Consecutive bands without a meaning are written as one: `pixel-c1to242`. Bands with one are rows of
`raster_bands.csv`; Sentinel-2 wavelengths: Sentinel-2A MSI, sentiwiki.copernicus.eu/web/s2-mission; what Earth
Engine adds to the bands: developers.google.com/earth-engine/datasets/catalog/COPERNICUS_S2_SR_HARMONIZED.

The steps of a series are a pixel's dates in order, so that step 3 is its third date and not March; those after its
last date are missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from sdm.geo.tables import read_rows
from sdm.modalities.modality import Modality

Family = Literal["pixel", "image", "photo", "series"]
SENTINEL2_BANDS = ("B2", "B3", "B4", "B8", "B5", "B6", "B7", "B8A", "B11", "B12")  # 10 m bands, then those of 20 m
RADAR_BANDS = ("VV", "VH")
PHOTO_BANDS = ("R", "G", "B")
EXPORT_BANDS = (
    "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B11", "B12", "AOT", "WVP", "TCIR", "TCIG",
    "TCIB", "NDVI", "EVI", "NDWI",
)  # fmt: skip
"""Of monthly series exported from Earth Engine; its columns TCI_R, TCI_G, TCI_B are written without underscore."""
MONTHS = 12
LARGEST_SIDE, MOST_BANDS, MOST_NAMED = 1024, 512, 24  # a side is also a number of steps
_NAME = re.compile(r"(pixel|image|photo|series)([1-9][0-9]{0,3})?((?:-[A-Za-z][A-Za-z0-9]{0,15})+)")
_RUN = re.compile(r"c([1-9][0-9]{0,2})to([1-9][0-9]{0,2})")


@dataclass(frozen=True)
class RasterBand:
    """One band: `physical = stored * scale`, in `unit`; its central wavelength, None where it has none."""

    band: str
    title: str
    unit: str
    scale: float
    meaning: str
    wavelength_nm: float | None = None


BANDS: dict[str, RasterBand] = {
    row["band"]: RasterBand(
        row["band"],
        row["title"],
        row["unit"],
        float(row["scale"]),
        row["meaning"],
        float(row["wavelength_nm"]) if row["wavelength_nm"] else None,
    )
    for row in read_rows("raster_bands", Path(__file__).parent)
}


def raster_band(band: str) -> RasterBand:
    """What is known of `band`; one without a row in the table is called by its name, in digital numbers."""
    number = band.removeprefix("c")
    title = f"channel {number}" if number.isdigit() else band
    return BANDS.get(band) or RasterBand(band, title, "digital number", 1.0, "a band of unknown meaning")


def band_label(description: str, number: int) -> str:
    """The name of band `number` (from 1) of a raster that calls it `description`, fit for a modality's name.

    >>> band_label("B8A", 1), band_label("near-infrared 2", 4), band_label("", 3), band_label("12", 5)
    ('B8A', 'nearinfrared2', 'c3', 'c5')
    >>> band_label("B02", 1), band_label("Band 7", 4)
    ('B2', 'c4')
    """
    text = re.sub(r"[^A-Za-z0-9]", "", description)[:16]
    text = "" if re.fullmatch(r"(?i:band)\d*", text) else re.sub(r"^([Bb])0(?=\d)", r"\1", text)
    known = {name.lower(): name for name in BANDS}
    return known.get(text.lower(), text) if text[:1].isalpha() else f"c{number}"


def raster_modality_name(family: Family, bands: Sequence[str], side: int | None = None) -> str:
    """The name of the modality of `bands` in that order; more than MOST_NAMED bands are numbered instead.

    `side` is the pixels along an image, or the steps of a series.

    >>> raster_modality_name("pixel", ["B2", "B3"]), raster_modality_name("image", ["c1", "c2", "c3"], 32)
    ('pixel-B2-B3', 'image32-c1to3')
    """
    numbered = [f"c{i}" for i in range(1, len(bands) + 1)]
    runs = list(bands) == numbered or len(bands) > MOST_NAMED
    text = f"c1to{len(bands)}" if runs and len(bands) > 1 else "-".join(bands)
    return f"{family}{side or ''}-{text}"


def family_of(name: str) -> Family | None:
    """Which kind of raster input `name` is, None for any other modality.

    >>> family_of("pixel-B2-B3"), family_of("patch")
    ('pixel', None)
    """
    match = _NAME.fullmatch(name)
    return None if match is None else match[1]  # type: ignore[return-value]


def of_family(names: Iterable[str], family: Family) -> list[str]:
    """Those of `names` that are of `family`."""
    return [name for name in names if family_of(name) == family]


def on_rasters(names: Iterable[str]) -> bool:
    """Whether all of `names`, the inputs of a data set, are pixels, series of them, images or photographs.

    >>> on_rasters(["pixel-B2-B3"]), on_rasters(["patch"]), on_rasters([])
    (True, False, False)
    """
    families = [family_of(name) for name in names]
    return bool(families) and None not in families


@dataclass(frozen=True)
class _Kind:
    """What modalities of one family share; see `Modality`."""

    order: int
    colour: str
    view: str
    preparations: tuple[str, ...]
    encoders: tuple[str, ...]
    dtype: str
    source: str


_IMAGE_ENCODERS = ("resnet18", "swinv2-tiny", "cnn")
_RASTER = "a raster and polygons of your own"
_EXPORT = "monthly Sentinel-2 values exported from Earth Engine"
_KINDS: dict[str, _Kind] = {
    "pixel": _Kind(10, "orange", "spectrum", ("standardise-pixel", "standardise"), ("mlp",), "float32", _RASTER),
    "image": _Kind(11, "blue", "image", ("standardise",), _IMAGE_ENCODERS, "float32", _RASTER),
    "photo": _Kind(12, "sky", "photo", ("standardise",), _IMAGE_ENCODERS, "uint8", "photographs of your own"),
    "series": _Kind(13, "green", "monthly", ("standardise",), ("lstm", "transformer"), "float32", _EXPORT),
}
_AXES = {"pixel": ("band",), "series": ("band", "month")}


@cache
def raster_modality(name: str) -> Modality:
    """The modality of that name; KeyError where the name is not of this kind.

    >>> raster_modality("pixel-B2-VV").units
    ('reflectance', 'dB')
    """
    match = _NAME.fullmatch(name)
    if match is None or (match[1] == "pixel") != (match[2] is None):
        raise KeyError(name)
    bands, side = _bands(match[3][1:].split("-")), int(match[2] or 1)
    if len(set(bands)) < len(bands) or not bands or len(bands) > MOST_BANDS or side > LARGEST_SIDE:
        raise KeyError(name)
    rows, kind = [raster_band(band) for band in bands], _KINDS[match[1]]
    title, phrase, meaning = _words(match[1], len(bands), side)
    axes = _AXES.get(match[1], ("band", "row", "column"))
    return Modality(
        name=name, title=title, phrase=phrase, meaning=meaning,
        shape=(len(bands), *[side] * (len(axes) - 1)),
        axes=axes,
        channels=bands,
        channel_titles=tuple(row.title for row in rows),
        units=tuple(row.unit for row in rows),
        scale=tuple(row.scale for row in rows),
        offset=(0.0,) * len(bands),
        dtype=kind.dtype, nodata=None, source=kind.source, layouts=(), colour=kind.colour, order=kind.order,
        preparations=kind.preparations, encoders=kind.encoders, view=kind.view,
        features=every_step if match[1] == "series" else channel_moments,
        coordinates={"month": range(1, side + 1)} if "month" in axes else {},
    )  # fmt: skip


def _words(family: str, count: int, side: int) -> tuple[str, str, str]:
    """Title, phrase and meaning."""
    bands = f"{count} band{'s' * (count > 1)}"
    return {
        "pixel": (f"Pixel, {bands}", "the pixel", f"{bands} of one pixel"),
        "image": (f"Image, {side} pixels", f"the image of {side} pixels", f"{bands} of {side} x {side} pixels"),
        "series": (
            f"Monthly series, {bands}", "the monthly series", f"{bands} of a pixel at up to {side} dates in order"
        ),
        "photo": ("Ground photograph", "the photograph", f"{side} x {side} pixels of a photograph taken there"),
    }[family]  # fmt: skip


def channel_moments(values: np.ndarray) -> np.ndarray:
    """What `values` (n, band, ...) are compared by: each band's mean, and for images its deviation too."""
    if values.ndim == 2:
        return values
    flat = values.reshape(*values.shape[:2], -1)
    return np.concatenate([np.nanmean(flat, axis=2), np.nanstd(flat, axis=2)], axis=1)


def every_step(values: np.ndarray) -> np.ndarray:
    """The values (n, band, step) of each site in one row: series are compared by their whole course."""
    return values.reshape(len(values), -1)


def _bands(words: list[str]) -> tuple[str, ...]:
    """The bands named by `words`, of which `c1to3` names three."""
    bands: list[str] = []
    for word in words:
        run = _RUN.fullmatch(word)
        bands += [f"c{i}" for i in range(int(run[1]), int(run[2]) + 1)] if run else [word]
    return tuple(bands)
