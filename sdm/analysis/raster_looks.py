"""How rasters of any bands become colours: composites where bands are known, else any three or one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdm.analysis.stretches import limits_of, ramp, rgba
from sdm.errors import UnknownNameError
from sdm.modalities.modality import Modality, mean, normalised_difference
from sdm.modalities.raster_bands import raster_band

NDVI_LIMITS, PHOTO_LIMITS = (-1.0, 1.0), (0.0, 255.0)
# Look -> title, meaning, and the bands of each kind of image that has it: of Sentinel-2, of an aerial one.
KNOWN = {
    "natural": ("Natural colour", "As the eye sees it.", (("B4", "B3", "B2"), ("R", "G", "B"))),
    "infrared": (
        "Infrared false colour", "Living plants shine red.", (("B8", "B4", "B3"), ("NIR", "R", "G")),
    ),
    "ndvi": ("NDVI", "Greenness: high where plants grow densely.", (("B8", "B4"), ("NIR", "R"))),
    "radar": ("Radar, VV, VH and VV", "Backscatter: rough and wet ground differ.", (("VV", "VH", "VV"),)),
}  # fmt: skip
UNKNOWN_MEANING = "What these channels measure is not known: the colours need not be those the eye sees."


@dataclass(frozen=True)
class RasterLook:
    """`bands`: three become red, green and blue, one grey, two the index (first - second) / (first + second)."""

    title: str
    meaning: str
    bands: tuple[str, ...]


def looks(bands: Sequence[str]) -> dict[str, RasterLook]:
    """The ways to see a raster of `bands` by name, the first one the usual: composites, index, single bands.

    >>> list(looks(("B2", "B3", "B4"))), list(looks(("c1", "c2", "c3")))
    (['natural', 'B2', 'B3', 'B4'], ['channels', 'c1', 'c2', 'c3'])
    """
    made: dict[str, RasterLook] = {}
    for name, (title, meaning, choices) in KNOWN.items():
        chosen = next((choice for choice in choices if set(choice) <= set(bands)), None)
        if chosen is not None:
            made[name] = RasterLook(title, meaning, chosen)
    if not made and len(bands) >= 3:
        made["channels"] = three_bands(tuple(bands[:3]))
    singles = {name: raster_band(name) for name in bands}
    return made | {
        name: RasterLook(_title(row.title), f"{_title(row.meaning)}.", (name,)) for name, row in singles.items()
    }


def three_bands(bands: tuple[str, ...]) -> RasterLook:
    """Three bands of one's own choice as red, green and blue."""
    title = f"{', '.join(raster_band(name).title for name in bands[:2])} and {raster_band(bands[2]).title}"
    return RasterLook(_title(title), _why(bands), bands)


def look_of(name: str, bands: Sequence[str]) -> RasterLook:
    """The look of that name, or of three bands written as `c3.c2.c1`; UnknownNameError lists what there is."""
    known = looks(bands)
    if name in known:
        return known[name]
    chosen = tuple(name.split("."))
    if len(chosen) == 3 and set(chosen) <= set(bands):
        return three_bands(chosen)
    raise UnknownNameError("unknown rendering of a raster", expected=", ".join(known), got=name[:60])


def seen(values: np.ndarray, bands: Sequence[str], look: RasterLook) -> np.ndarray:
    """What the look shows of `values` (band, ...) in stored units: (3 or 1, ...)."""
    chosen = [values[list(bands).index(name)] for name in look.bands]
    return normalised_difference(*chosen)[None] if len(chosen) == 2 else np.stack(chosen)


def stretch_limits(shown: np.ndarray, look: RasterLook) -> np.ndarray:
    """float (3 or 1, 2): lower and upper end of each channel of `seen`: its 2nd and 98th percentile."""
    if len(look.bands) == 2:
        return np.array([NDVI_LIMITS])
    return np.array([limits_of(channel) for channel in shown])


def colours(shown: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """uint8 RGBA (height, width, 4) of `seen` (3 or 1, height, width), transparent where a channel is missing."""
    if len(shown) == 1 and tuple(limits[0]) == NDVI_LIMITS:
        return ramp(shown[0], NDVI_LIMITS)
    low, high = (limits[:, i].reshape(-1, 1, 1) for i in (0, 1))
    brightness = np.clip((shown - low) / (high - low), 0, 1)
    return rgba(np.broadcast_to(brightness, (3, *shown.shape[1:])))


@dataclass(frozen=True)
class RasterRendering:
    """An image by a `look`: `pixels` uint8 RGBA (height, width, 4), transparent where missing; `means`, band ->
    mean stored value of each channel shown, NaN without any."""

    look: RasterLook
    pixels: np.ndarray
    means: dict[str, float]


def render_raster(values: np.ndarray, modality: Modality, look: RasterLook) -> RasterRendering:
    """`values` (band, row, column) in stored units by `look`.

    A photograph keeps its brightness, any other image is stretched channel by channel.
    """
    shown = seen(values, modality.channels, look)
    photo = modality.dtype == "uint8"
    limits = np.array([PHOTO_LIMITS] * len(shown)) if photo else stretch_limits(shown, look)
    names = look.bands if len(shown) == len(look.bands) else (look.title,)
    means = (mean(channel) for channel in shown)
    named = {name: np.nan if one is None else one for name, one in zip(names, means, strict=True)}
    return RasterRendering(look, colours(shown, limits), named)


def _why(bands: Sequence[str]) -> str:
    unknown = any(raster_band(name).meaning == raster_band("c1").meaning for name in bands)
    return UNKNOWN_MEANING if unknown else "Red, green and blue of the picture, in that order."


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]
