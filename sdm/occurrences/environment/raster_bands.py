"""Bands of GeoTIFFs as predictors, read at places: the value of the pixel in which a place lies."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from sdm.errors import DataError
from sdm.files import refuse_special

SIDE = 1024  # pixels along a window that is read at once
MOST_BLOCK_PIXELS = 1 << 26  # of a tile or strip, which GDAL reads whole
MOST_BANDS = 512
# No side-car file (.aux.xml, .ovr, .msk) is looked for: they could name other files.
_GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
_ERRORS = (RasterioError, OSError, ValueError, TypeError, MemoryError, AttributeError)
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True)
class RasterBand:
    """Band `number` (from 1) of the raster in `path`, called `name`."""

    path: Path
    number: int
    name: str


@contextmanager
def opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """The raster in `path`; DataError for what is no GeoTIFF with a place, also for what goes wrong while it is
    read."""
    refuse_special(path)
    if not path.is_file() or path.open("rb").read(4) not in _TIFF:
        raise DataError("not a GeoTIFF", where=path, expected="a raster in GeoTIFF",
                        got="a folder" if path.is_dir() else None)  # fmt: skip
    try:
        with warnings.catch_warnings(), rasterio.Env(**_GDAL):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver="GTiff", sharing=False) as source:
                _check(source, path)
                yield source
    except _ERRORS as problem:
        raise DataError("not a readable GeoTIFF", where=path, got=problem) from None


def _check(source: rasterio.DatasetReader, path: Path) -> None:
    if source.crs is None:
        raise DataError("the raster has no reference system", where=path, remedy="Set it with gdal_edit -a_srs.")
    if max(down * across for down, across in source.block_shapes) > MOST_BLOCK_PIXELS:
        raise DataError("blocks of too many pixels", where=path, expected=f"at most {MOST_BLOCK_PIXELS:,}",
                        got=source.block_shapes[0], remedy="Write it in tiles.")  # fmt: skip
    if not 0 < source.count <= MOST_BANDS or any("complex" in kind for kind in source.dtypes):
        raise DataError("no raster of predictors", where=path, expected=f"1 to {MOST_BANDS} bands of numbers",
                        got=f"{source.count} of {source.dtypes[0]}")  # fmt: skip


def bands_of(paths: Sequence[Path]) -> tuple[RasterBand, ...]:
    """All bands of the rasters, named by their description, else by their file and number; names are unique."""
    found: list[RasterBand] = []
    for path in paths:
        with opened(path) as source:
            described = [(text or "").strip() for text in source.descriptions]
        stem = path.name.split(".")[0]
        for number, text in enumerate(described, 1):
            plain = text or (stem if len(described) == 1 else f"{stem}_{number}")
            name = plain if all(band.name != plain for band in found) else f"{stem}_{plain}"
            found.append(RasterBand(path, number, name))
    names = [band.name for band in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        where = ", ".join(path.name for path in paths)
        raise DataError("several bands have one name", where=where, got=", ".join(twice),
                        remedy="Describe them differently, or rename the files.")  # fmt: skip
    return tuple(found)


def sample(source: rasterio.DatasetReader, bands: Sequence[int], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """float32 (n, bands): the pixels in which places lie, in the raster's reference system; NaN outside, and
    where a
    value is missing. Scale and offset of the bands are applied. Windows are read one by one, each once."""
    values = np.full((len(x), len(bands)), np.nan, np.float32)
    with np.errstate(invalid="ignore"):
        across, down = ~source.transform * (x, y)
        inside = (across >= 0) & (across < source.width) & (down >= 0) & (down < source.height)
    rows = np.flatnonzero(inside)
    column, row = across[rows].astype(np.int64), down[rows].astype(np.int64)
    window = (row // SIDE) * (source.width // SIDE + 1) + column // SIDE
    order = np.argsort(window, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(window[order])) + 1):
        if len(part):
            top, left = int(row[part[0]] // SIDE * SIDE), int(column[part[0]] // SIDE * SIDE)
            pixels = _read(source, bands, left, top)
            values[rows[part]] = pixels[:, row[part] - top, column[part] - left].T
    return values


def _read(source: rasterio.DatasetReader, bands: Sequence[int], left: int, top: int) -> np.ndarray:
    window = Window(left, top, min(SIDE, source.width - left), min(SIDE, source.height - top))
    return physical(source, bands, source.read(list(bands), window=window, masked=True))


def physical(source: rasterio.DatasetReader, bands: Sequence[int], pixels: np.ma.MaskedArray) -> np.ndarray:
    """float32 (bands, rows, columns) of stored `pixels`: scaled, NaN where they are masked or infinite."""
    values = np.ma.filled(pixels.astype(np.float32), np.nan)
    for place, band in enumerate(bands):
        values[place] = values[place] * np.float32(source.scales[band - 1]) + np.float32(source.offsets[band - 1])
    values[~np.isfinite(values)] = np.nan
    return values
