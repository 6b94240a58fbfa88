"""The kinds of input a model can see, one row each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.modalities.environment_variables import ENVIRONMENT_VARIABLES

QUARTERS = ("winter", "spring", "summer", "autumn")
LANDSAT_YEARS = tuple(range(2000, 2021))
CLIMATE_YEARS = tuple(range(2000, 2019))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Modality:
    """One kind of input.

    `shape` is that of one survey, channels first. `physical = stored * scale + offset` per channel, in
    `units`. In memory missing values are NaN; `nodata` is how integer files write them.
    """

    name: str
    title: str
    meaning: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    channels: tuple[str, ...]
    units: tuple[str, ...]
    scale: tuple[float, ...]
    offset: tuple[float, ...]
    dtype: str
    nodata: float | None
    source: str

    def to_physical(self, stored: np.ndarray) -> np.ndarray:
        """`stored` (..., *shape) in physical units, float32, same shape; NaN stays NaN."""
        trailing = (1,) * (len(self.shape) - 1)
        scale = np.asarray(self.scale, np.float32).reshape(-1, *trailing)
        offset = np.asarray(self.offset, np.float32).reshape(-1, *trailing)
        return stored.astype(np.float32) * scale + offset


def _same(value: float, count: int) -> tuple[float, ...]:
    return (value,) * count


PATCH = Modality(
    name="patch",
    title="Sentinel-2 patch",
    meaning="640 m x 640 m around the survey, 10 m pixels, surface reflectance",
    shape=(4, 64, 64),
    axes=("band", "row", "column"),
    channels=("red", "green", "blue", "nir"),
    units=("1",) * 4,
    scale=_same(1e-4, 4),
    offset=_same(0.0, 4),
    dtype="int16",
    nodata=-1,
    source="GeoLifeCLEF 2025 (kaggle.com/competitions/geolifeclef-2025), Ecodatacube Sentinel-2 mosaics",
)
LANDSAT = Modality(
    name="landsat",
    title="Landsat series",
    meaning="seasonal surface reflectance of the survey's pixel, 84 quarters of 2000 to 2020",
    shape=(6, 4, 21),
    axes=("band", "quarter", "year"),
    channels=("red", "green", "blue", "nir", "swir1", "swir2"),
    units=("1",) * 6,
    scale=_same(1 / 255, 6),
    offset=_same(0.0, 6),
    dtype="float32",
    nodata=None,
    source="GeoLifeCLEF 2025, Ecodatacube Landsat ARD quarterly mosaics, 0..255",
)
CLIMATE = Modality(
    name="climate",
    title="Climate series",
    meaning="monthly precipitation and mean, highest and lowest temperature, 2000 to 2018",
    shape=(4, 19, 12),
    axes=("variable", "year", "month"),
    channels=("pr", "tas", "tasmax", "tasmin"),
    units=("mm", "°C", "°C", "°C"),
    scale=(0.01, 0.1, 0.1, 0.1),
    offset=(0.0, -273.15, -273.15, -273.15),
    dtype="float32",
    nodata=None,
    source="CHELSA 2.1 monthly, as in GeoLifeCLEF 2025: kg m-2 x 100 and K x 10",
)
ENVIRONMENT = Modality(
    name="environment",
    title="Environment",
    meaning="64 predictors of climate, relief, soil, land cover and human footprint",
    shape=(len(ENVIRONMENT_VARIABLES),),
    axes=("predictor",),
    channels=tuple(p.name for p in ENVIRONMENT_VARIABLES),
    units=tuple(p.unit for p in ENVIRONMENT_VARIABLES),
    scale=tuple(p.scale for p in ENVIRONMENT_VARIABLES),
    offset=tuple(p.offset for p in ENVIRONMENT_VARIABLES),
    dtype="float32",
    nodata=None,
    source="GeoLifeCLEF 2025: CHELSA, ASTER, SoilGrids 2.0, MODIS MCD12Q1, human footprint",
)

MODALITIES: dict[str, Modality] = {m.name: m for m in (PATCH, LANDSAT, CLIMATE, ENVIRONMENT)}
