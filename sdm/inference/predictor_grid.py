"""The rasters of a data set's predictors as one grid: what a model of these predictors can be asked all over."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.evaluation.species.predictors import responding
from sdm.files import refuse_special
from sdm.modalities import MODALITIES
from sdm.occurrences.predictor_grid import FILE

SIDE = 256  # cells along a window, as along a tile of the file
_ERRORS = (RasterioError, OSError, ValueError, MemoryError)


@dataclass(frozen=True)
class PredictorGrid:
    """The file at `path`: a band per channel of `modality`, `height` rows of `width` cells, placed by `transform`
    in the reference system `crs` (WKT)."""

    path: Path
    modality: str
    crs: str
    transform: Affine
    width: int
    height: int

    def __len__(self) -> int:
        return self.width * self.height

    def read(self, window: Window | None = None, shape: tuple[int, int] | None = None) -> np.ndarray:
        """float32 (predictors, rows, columns) of `window` or all, NaN where missing; every so manieth cell where
        `shape` has fewer rows and columns. DataError where the file cannot be read."""
        try:
            with rasterio.open(self.path, driver="GTiff") as file:
                out = None if shape is None else (file.count, *shape)
                values = file.read(window=window, out_shape=out, resampling=Resampling.nearest)
                nodata = file.nodata
        except _ERRORS as problem:
            raise DataError("the rasters of the predictors cannot be read", where=self.path, got=problem) from None
        values = values.astype(np.float32, copy=False)
        if nodata is not None and not math.isnan(nodata):
            values[values == np.float32(nodata)] = np.nan
        return values

    def windows(self) -> Iterator[Window]:
        """Windows that cover the grid, row by row."""
        for row in range(0, self.height, SIDE):
            for column in range(0, self.width, SIDE):
                yield Window(column, row, min(SIDE, self.width - column), min(SIDE, self.height - row))

    def coarse_shape(self, most: int) -> tuple[int, int]:
        """Rows and columns of at most about `most` cells of the same form, no more than there are."""
        step = max(1.0, math.sqrt(len(self) / most))
        return max(1, round(self.height / step)), max(1, round(self.width / step))

    def placed(self, shape: tuple[int, int]) -> Affine:
        """Where the cells lie when the whole is read in `shape`."""
        return self.transform * Affine.scale(self.width / shape[1], self.height / shape[0])


def predictor_grid(dataset: Dataset) -> PredictorGrid | None:
    """The grid in the folder of `dataset`; None where there is none. DataError where it does not fit the data.

    It is written by `sdm.occurrences.predictor_grid`.
    """
    modality = responding(dataset.modalities)
    path = (dataset.place or Path()) / FILE
    if modality is None or dataset.place is None or not path.exists():
        return None
    refuse_special(path)
    try:
        with rasterio.open(path, driver="GTiff") as file:
            bands, crs = file.count, file.crs
            grid = PredictorGrid(
                path, modality, crs.to_wkt() if crs else "", file.transform, file.width, file.height
            )
    except _ERRORS as problem:
        raise DataError("the rasters of the predictors cannot be read", where=path, got=problem) from None
    expected = len(MODALITIES[modality].channels)
    if bands != expected:
        raise DataError(
            "the rasters are not those of the predictors", where=path, expected=f"{expected} bands", got=bands
        )
    if not grid.crs:
        raise DataError("the rasters of the predictors are nowhere", where=path, expected="a reference system")
    return grid
