"""Spectral indices, and what else is computed from bands: single bands, own formulas, spectra of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.analysis.formula import Formula, parse
from sdm.errors import DataError
from sdm.modalities import PATCH, Modality
from sdm.modalities.patch import WAVELENGTHS_NM


@dataclass(frozen=True)
class Measure:
    """A number per pixel or date from reflectances (0..1), by `formula`.

    `limits` is the range of its scale, None where only the data can tell. `source` is "" for an own formula.
    """

    title: str
    formula: Formula
    meaning: str
    limits: tuple[float, float] | None
    source: str


@dataclass(frozen=True)
class Index:
    """A published index: its formula over band names, what it tells, who defined it."""

    title: str
    formula: str
    bands: tuple[str, ...]
    meaning: str
    source: str


INDICES: dict[str, Index] = {
    "ndvi": Index("NDVI", "(nir - red) / (nir + red)", ("nir", "red"),
                  "Greenness: high where plants grow densely.", "Rouse et al. 1974, NASA SP-351"),
    "ndwi": Index("NDWI", "(green - nir) / (green + nir)", ("green", "nir"), "Above 0: open water.",
                  "McFeeters 1996, doi:10.1080/01431169608948714"),
    "nbr": Index("NBR", "(nir - swir2) / (nir + swir2)", ("nir", "swir2"), "Falls sharply after fire or felling.",
                 "Key & Benson 2006, USDA Forest Service RMRS-GTR-164"),
}  # fmt: skip


def measures(modality: Modality) -> dict[str, Measure]:
    """The indices that the bands of `modality` allow, then each band, by name.

    >>> list(measures(PATCH))
    ['ndvi', 'ndwi', 'red', 'green', 'blue', 'nir']
    """
    bands = modality.channels
    by_name = {
        name: Measure(index.title, parse(index.formula, bands), index.meaning, (-1.0, 1.0), index.source)
        for name, index in INDICES.items()
        if set(index.bands) <= set(bands)
    }
    for name in bands:
        title = modality.titles[name]
        meaning = f"Share of {title.lower()} light sent back."
        by_name[name] = Measure(title, parse(name, bands), meaning, (0.0, 1.0), modality.source)
    return by_name


def own_measure(text: str, modality: Modality) -> Measure:
    """The measure a person typed as a formula over the bands of `modality`; FormulaError points at a mistake."""
    formula = parse(text, modality.channels)
    return Measure(formula.text, formula, "Own formula over reflectances from 0 to 1.", None, "")


def compute(stored: np.ndarray, modality: Modality, measure: Measure) -> np.ndarray:
    """`measure` of `stored` (..., *modality.shape), in stored units: float64 without the axis of channels.

    NaN where a band in use is missing and where the formula is undefined.
    """
    reflectance = np.moveaxis(modality.to_physical(stored), -len(modality.shape), 0)
    return measure.formula(dict(zip(modality.channels, reflectance, strict=True)))


def pixel_table(patch: np.ndarray, measure: Measure | None = None) -> pd.DataFrame:
    """One row per pixel: row from the north, column from the west, reflectance per band; `value` of `measure`."""
    row, column = np.indices(patch.shape[1:])
    bands = dict(zip(PATCH.channels, PATCH.to_physical(patch).reshape(len(patch), -1), strict=True))
    table = pd.DataFrame({"row": row.ravel(), "column": column.ravel(), **bands})
    return table if measure is None else table.assign(value=compute(patch, PATCH, measure).ravel())


def spectrum(patch: np.ndarray, row: int, column: int) -> pd.DataFrame:
    """One row per band of a pixel, by wavelength: band, wavelength_nm, reflectance (0..1, NaN where missing), and
    patch_p10, patch_median, patch_p90 over all pixels.

    `patch` (4, 64, 64) in stored units; `row` counts from the north, `column` from the west, both from 0.
    """
    height, width = patch.shape[1:]
    if not (0 <= row < height and 0 <= column < width):
        raise DataError(
            "no such pixel", expected=f"row 0 to {height - 1}, column 0 to {width - 1}", got=f"{row}, {column}"
        )
    reflectance, wavelengths = PATCH.to_physical(patch), [WAVELENGTHS_NM[name] for name in PATCH.channels]
    pixel, bands = reflectance[:, row, column].astype(float), reflectance.reshape(len(patch), -1)
    table = pd.DataFrame({"band": PATCH.channel_titles, "wavelength_nm": wavelengths, "reflectance": pixel})
    table[["patch_p10", "patch_median", "patch_p90"]] = np.array([_quantiles(band) for band in bands])
    return table.sort_values("wavelength_nm", ignore_index=True)


def _quantiles(band: np.ndarray) -> np.ndarray:
    known = band[np.isfinite(band)]
    return np.quantile(known, [0.1, 0.5, 0.9]) if known.size else np.full(3, np.nan)
