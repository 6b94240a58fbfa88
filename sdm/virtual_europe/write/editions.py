"""Names of files and folders as each year's competition was published on Kaggle, quirks included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sdm.errors import UnknownNameError
from sdm.modalities.layouts import METADATA, PA_TRAIN, stem
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.write.jpeg import jpeg_pairs
from sdm.virtual_europe.write.tiff import patch_bytes


@dataclass(frozen=True)
class Edition:
    """Where a tree of one year keeps what; {source} stands for PA-train and the like, all paths below the tree.

    `patches` are the folders of the files of one survey, `encode` makes those files of patches of `patch_side`
    pixels (N, 4, side, side) and their places: one list of bytes per survey.
    """

    year: int
    environment: dict[str, str]  # folder by table
    landsat_cubes: str
    climate_cubes: str
    landsat_values: str
    climate_values: str
    patches: tuple[str, ...]
    patch_file: str  # with {id}
    patch_side: int
    encode: Callable[[np.ndarray, Places], list[tuple[bytes, ...]]]

    def metadata(self, source: str) -> str:
        """Name of the table of surveys."""
        return next(row.name for row in METADATA if (row.edition, row.source) == (self.year, source))

    def landsat_stem(self, source: str) -> str:
        """How names of Landsat files begin: with hyphens for training surveys, with underscores for others."""
        series = "landsat-time-series" if source == PA_TRAIN else "landsat_time_series"
        return f"{stem(self.year, source)}-{series}"

    def climate_stem(self, source: str) -> str:
        """How names of climate files begin."""
        return f"{stem(self.year, source)}-bioclimatic_monthly"

    def environment_table(self, source: str, table: str) -> str:
        """Path of a table of predictors."""
        return f"{self.environment[table]}/{stem(self.year, source)}-{table}.csv"

    @property
    def submission(self) -> str:
        """Name of the sample submission."""
        return f"GLC{self.year % 100}_SAMPLE_SUBMISSION.csv"


def _geotiffs(patches: np.ndarray, places: Places) -> list[tuple[bytes, ...]]:
    return [(body,) for body in patch_bytes(patches, places.lon, places.lat)]


def _jpegs(patches: np.ndarray, _places: Places) -> list[tuple[bytes, ...]]:
    return jpeg_pairs(patches)


_TABLES = ("bioclimatic", "elevation", "human_footprint", "landcover", "soilgrids")


def _environment(parent: str, *folders: str) -> dict[str, str]:
    return {table: f"{parent}/{folder}" for table, folder in zip(_TABLES, folders, strict=True)}


_RASTERS, _CUBES = "EnvironmentalRasters/EnvironmentalRasters", "TimeSeries-Cubes/TimeSeries-Cubes"
EDITIONS: dict[int, Edition] = {
    2025: Edition(
        2025,
        _environment(
            "EnvironmentalValues", "ClimateAverage_1981-2010", "Elevation", "HumanFootprint", "LandCover",
            "SoilGrids",
        ),
        landsat_cubes="SateliteTimeSeries-Landsat/cubes/{source}",
        climate_cubes="BioclimTimeSeries/cubes/{source}",
        landsat_values="SateliteTimeSeries-Landsat/values/{source}", climate_values="BioclimTimeSeries/values",
        patches=("SatelitePatches/{source}",), patch_file="{id}.tiff", patch_side=64, encode=_geotiffs,
    ),
    2024: Edition(
        2024,
        _environment(
            _RASTERS, "Climate/Average 1981-2010", "Elevation", "Human Footprint", "LandCover", "SoilGrids"
        ),
        landsat_cubes=_CUBES + "/GLC24-{source}-landsat_time_series",
        climate_cubes=_CUBES + "/GLC24-{source}-bioclimatic_monthly",
        landsat_values="{source}-landsat_time_series", climate_values=f"{_RASTERS}/Climate/Monthly",
        patches=tuple(f"{{Source}}_SatellitePatches_{b}/{{source_}}_patches_{b.lower()}" for b in ("RGB", "NIR")),
        patch_file="{id}.jpeg", patch_side=128, encode=_jpegs,
    ),
}  # fmt: skip


def edition(year: int) -> Edition:
    """The edition of a year; UnknownNameError for others."""
    if year not in EDITIONS:
        raise UnknownNameError("no such edition", expected=", ".join(map(str, EDITIONS)), got=str(year))
    return EDITIONS[year]


def folder(pattern: str, source: str) -> str:
    """A folder of `source`.

    >>> folder("{Source}_SatellitePatches_RGB/{source_}_patches_rgb", "PA-train")
    'PA_Train_SatellitePatches_RGB/pa_train_patches_rgb'
    """
    kind, split = source.split("-")
    capitalised = f"{kind}_{split.capitalize()}"
    return pattern.format(source=source, Source=capitalised, source_=capitalised.lower())
