"""Predictors from rasters, at any place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.record_types import RECORDS
from sdm.errors import DataError
from sdm.number_format import counted
from sdm.occurrences.environment.raster_bands import RasterBand, bands_of, opened, sample
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.reading.positions import DEGREES, in_degrees, transformed
from sdm.occurrences.reading.reader import Rows
from sdm.occurrences.report import Tally


@dataclass(frozen=True)
class RasterEnvironment:
    """Predictors are `bands` of rasters, of which `codes` are class codes."""

    bands: tuple[RasterBand, ...]
    codes: tuple[str, ...]
    columns: tuple[str, ...] = field(default=())
    modality: str | None = None
    anywhere: bool = True
    land_only: bool = False

    @property
    def sentence(self) -> str:
        """What it is."""
        return f"{counted(len(self.bands), 'band')} of {counted(len(set(self.files)), 'raster')}"

    @property
    def files(self) -> tuple[Path, ...]:
        """The rasters, each once, in their order."""
        return tuple(dict.fromkeys(band.path for band in self.bands))

    def filled(self, rows: Rows, tally: Tally) -> Rows:
        """`rows` with the values of the pixels they lie in; DataError where no raster covers any record."""
        if not rows.crs:
            raise DataError("the reference system of the positions is not known", where=rows.table,
                            expected="one, to read rasters there", remedy="Name it with --crs.")  # fmt: skip
        place, first = _places(rows.x, rows.y)
        values = np.full((len(first), len(self.bands)), np.nan, np.float32)
        for path in self.files:
            own = [i for i, band in enumerate(self.bands) if band.path == path]
            values[:, own] = _at(path, [self.bands[i].number for i in own], rows.x[first], rows.y[first], rows.crs)
        if rows.table == RECORDS and len(rows) and np.isnan(values).all():
            self._refuse(rows)
        empty = [band.name for i, band in enumerate(self.bands) if len(rows) and np.isnan(values[:, i]).all()]
        tally.add("empty_band", rows.table, len(empty), empty)
        table = {band.name: values[place, i].astype(np.float64) for i, band in enumerate(self.bands)}
        return replace(rows, values=pd.DataFrame(table, index=range(len(rows))))

    def _refuse(self, rows: Rows) -> None:
        lon, lat = in_degrees(rows.x, rows.y, rows.crs)
        extents = "; ".join(f"{path.name} {_extent(path)}" for path in self.files[:4])
        raise DataError(
            "no raster has a value at any record", where=", ".join(path.name for path in self.files[:4]),
            expected=f"records within {extents}", got=_around(lon, lat),
            remedy="Check the reference system of positions (--crs) and rasters, and the rasters' nodata value.",
        )  # fmt: skip


def raster_environment(files: Sequence[Path], options: ImportOptions) -> RasterEnvironment:
    """All bands of `files`, or those that `options` name as predictors; DataError for a name that is none."""
    bands = bands_of(files)
    names = [band.name for band in bands]
    for name in (*options.predictors, *options.categories):
        if name not in names:
            raise DataError("no such predictor", where=", ".join(path.name for path in files), expected=name,
                            got=", ".join(names))  # fmt: skip
    wanted = (*options.predictors, *options.categories) if options.predictors else names
    return RasterEnvironment(
        tuple(band for band in bands if band.name in wanted),
        tuple(name for name in names if name in options.categories),
    )


def _at(path: Path, bands: Sequence[int], x: np.ndarray, y: np.ndarray, crs: str) -> np.ndarray:
    with opened(path) as source:
        return sample(source, bands, *transformed(x, y, crs, source.crs.to_wkt()))


def _places(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of each row's place, and the first row of each."""
    both = np.stack([x, y], axis=1) + 0.0
    place, unique = pd.factorize(both.view(np.complex128).ravel())
    first = np.empty(len(unique), np.int64)
    first[place[::-1]] = np.arange(len(x))[::-1]
    return place, first


def _extent(path: Path) -> str:
    with opened(path) as source:
        left, bottom, right, top = source.bounds
        x, y = np.array([left, right, left, right]), np.array([bottom, bottom, top, top])
        lon, lat = transformed(x, y, source.crs.to_wkt(), DEGREES)
    return _around(lon, lat)


def _around(lon: np.ndarray, lat: np.ndarray) -> str:
    west, east, south, north = (f(v) for v in (lon, lat) for f in (np.nanmin, np.nanmax))
    return f"{west:.2f} to {east:.2f} E, {south:.2f} to {north:.2f} N"
