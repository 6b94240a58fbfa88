"""How the values of a patch become colours: stretches, composites and ramps; missing pixels are transparent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sdm.errors import UnknownNameError
from sdm.modalities import PATCH
from sdm.modalities.quantile import quantile_normalise

BRIGHTEST = 10_000.0  # stored value of reflectance 1
GAMMA = 2.5  # of the published GeoLifeCLEF 2024 pictures
TAILS = (2, 98)  # percentiles that bound a measure without a scale of its own
Colour = tuple[int, int, int]
# ColorBrewer BrBG, five classes, colour-blind safe: low is brown, the middle grey, high blue-green.
BROWN_TO_GREEN: tuple[Colour, ...] = (
    (166, 97, 26), (223, 194, 125), (245, 245, 245), (128, 205, 193), (1, 133, 113),
)  # fmt: skip


@dataclass(frozen=True)
class Composite:
    """Which bands become red, green and blue of a picture."""

    title: str
    bands: tuple[str, str, str]
    meaning: str


COMPOSITES: dict[str, Composite] = {
    "natural": Composite("Natural colour", ("red", "green", "blue"), "As the eye sees it."),
    "infrared": Composite("Infrared false colour", ("nir", "red", "green"), "Living plants shine red."),
}


@dataclass(frozen=True)
class Stretch:
    """How stored values (bands, height, width) become brightness from 0 to 1; NaN stays NaN."""

    title: str
    meaning: str
    apply: Callable[[np.ndarray], np.ndarray]


def _fixed(stored: np.ndarray) -> np.ndarray:
    return np.clip(stored, 0, BRIGHTEST) / BRIGHTEST


def _common_quantile(stored: np.ndarray) -> np.ndarray:
    return quantile_normalise(stored.reshape(1, -1, stored.shape[-1])).reshape(stored.shape)


STRETCHES: dict[str, Stretch] = {
    "natural": Stretch("Quantile, one scale", "All bands by their common ranks, so that hues stay true.",
                       _common_quantile),
    "quantile": Stretch("Quantile, band by band", "Each band by its own ranks, as the models see it.",
                        quantile_normalise),
    "gamma": Stretch("Gamma 2.5", "Clipped at 10,000, dark tones lifted; alike in every patch.",
                     lambda stored: _fixed(stored) ** (1 / GAMMA)),
    "fixed": Stretch("Fixed", "0 to 10,000 in proportion; alike in every patch.", _fixed),
}  # fmt: skip
DEFAULT_STRETCH = "natural"


def composite(patch: np.ndarray, name: str = "natural", stretch: str = DEFAULT_STRETCH) -> np.ndarray:
    """`patch` (4, 64, 64) in stored units as uint8 RGBA (64, 64, 4)."""
    if name not in COMPOSITES:
        raise UnknownNameError("unknown composite", expected=", ".join(COMPOSITES), got=name)
    return _stretched(patch, COMPOSITES[name].bands, stretch)


def single_band(patch: np.ndarray, band: str, stretch: str = DEFAULT_STRETCH) -> np.ndarray:
    """One band of `patch` (4, 64, 64) in stored units as grey uint8 RGBA (64, 64, 4)."""
    if band not in PATCH.channels:
        raise UnknownNameError("unknown band", expected=", ".join(PATCH.channels), got=band)
    return _stretched(patch, (band,) * 3, stretch)


def ramp(
    values: np.ndarray, limits: tuple[float, float], colours: Sequence[Colour] = BROWN_TO_GREEN
) -> np.ndarray:
    """`values` (height, width) as uint8 RGBA: `colours` evenly spaced from the lower to the upper limit.

    Values beyond the limits take the end colours, NaN is transparent.
    """
    low, high = limits
    position = (values - low) / (high - low) * (len(colours) - 1)
    channels = [np.interp(position, np.arange(len(colours)), channel) for channel in zip(*colours, strict=True)]
    return rgba(np.stack(channels) / 255)


def limits_of(values: np.ndarray) -> tuple[float, float]:
    """The 2nd and 98th percentile of `values`, apart even when they are all one; (0, 1) without any value."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = np.percentile(known, TAILS)
    return (float(low), float(high)) if high > low else (float(low) - 0.5, float(low) + 0.5)


def _stretched(patch: np.ndarray, bands: Sequence[str], stretch: str) -> np.ndarray:
    if stretch not in STRETCHES:
        raise UnknownNameError("unknown stretch", expected=", ".join(STRETCHES), got=stretch)
    return rgba(STRETCHES[stretch].apply(patch[[PATCH.channels.index(name) for name in bands]]))


def rgba(brightness: np.ndarray) -> np.ndarray:
    """Brightness (3, height, width) in [0, 1] as uint8 (height, width, 4), alpha 0 where any channel is NaN."""
    shown = np.isfinite(brightness).all(axis=0)
    colours = np.rint(np.where(shown, brightness, 0) * 255)
    return np.moveaxis(np.concatenate([colours, 255 * shown[None]]), 0, -1).astype(np.uint8)
