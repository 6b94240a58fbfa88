"""The Sentinel-2 patch: four bands of 64 x 64 pixels round the survey."""

from __future__ import annotations

import numpy as np

from sdm.modalities.layouts import SOURCES, FileLayout
from sdm.modalities.modality import Fact, Modality, mean, normalised_difference

BANDS = ("red", "green", "blue", "nir")
# Centre wavelengths in nm: Sentinel-2A, ESA "Sentinel-2 spectral response functions", bands B4, B3, B2, B8.
WAVELENGTHS_NM = {"red": 665, "green": 560, "blue": 492, "nir": 833}


def _geotiffs(source: str) -> FileLayout:
    return FileLayout(2025, source, (f"{source}/{{id}}.tiff",), "geotiff")


def _jpegs(source: str) -> FileLayout:
    """The colour picture and its near infrared, in folders such as pa_train_patches_rgb."""
    folders = (f"{source}*patches_{bands}" for bands in ("rgb", "nir"))
    return FileLayout(2024, source, tuple(f"{folder}/{{id}}.jpeg" for folder in folders), "jpeg pair")


def _summary(values: np.ndarray) -> tuple[Fact, ...]:
    """Mean reflectance of each band, and mean NDVI."""
    reflectance = PATCH.to_physical(values)
    red, nir = (reflectance[BANDS.index(band)] for band in ("red", "nir"))
    ndvi = Fact("NDVI", mean(normalised_difference(nir, red)))
    return *(Fact(band, mean(reflectance[i])) for i, band in enumerate(BANDS)), ndvi


def _moments(values: np.ndarray) -> np.ndarray:
    """Mean and standard deviation (n, 8) of each band."""
    return np.concatenate([np.nanmean(values, axis=(2, 3)), np.nanstd(values, axis=(2, 3))], axis=1)


PATCH = Modality(
    name="patch",
    title="Sentinel-2 patch",
    phrase="the patch",
    meaning="640 m x 640 m around the survey, 10 m pixels, surface reflectance",
    shape=(4, 64, 64),
    axes=("band", "row", "column"),
    channels=BANDS,
    channel_titles=("Red", "Green", "Blue", "Near infrared"),
    units=("1",) * 4,
    scale=(1e-4,) * 4,
    offset=(0.0,) * 4,
    dtype="int16",
    nodata=-1,
    source="GeoLifeCLEF 2025 (kaggle.com/competitions/geolifeclef-2025), Ecodatacube Sentinel-2 mosaics",
    layouts=(*map(_geotiffs, SOURCES), *map(_jpegs, SOURCES)),
    preparations=("gamma", "quantile", "standardise"),
    simulator="patches",
    view="picture",
    colour="pink",
    order=4,
    summary=_summary,
    features=_moments,
)
