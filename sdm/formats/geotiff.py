"""GeoTIFF rasters, checked before a pixel is read."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
from pyproj import Transformer
from pyproj.exceptions import ProjError
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from sdm.errors import DataError, NotDownloadedError
from sdm.files import refuse_special
from sdm.formats.tiff import ERRORS as TIFF_ERRORS
from sdm.formats.tiff import check_whole

MOST_BYTES = 64 << 20  # a patch is 32 kB; nothing read here is near this
# No side-car file (.aux.xml, .ovr, .msk) is looked for: they could name other files.
_GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "GTIFF_POINT_GEO_IGNORE": "NO"}
_PROJECTING = ThreadPoolExecutor(1, "projection")  # PROJ prepares a transformation anew in each thread, in 15 ms
_GDAL_ERRORS = (RasterioError, OSError, TypeError, AttributeError, MemoryError, *TIFF_ERRORS)


@dataclass(frozen=True)
class Raster:
    """Pixels (bands, rows, columns) with their place: `transform` is (a, b, c, d, e, f) of
    x = a column + b row + c, y = d column + e row + f, in the reference system `crs` (WKT)."""

    pixels: np.ndarray
    transform: tuple[float, float, float, float, float, float]
    crs: str
    nodata: float | None

    def centre(self) -> tuple[float, float]:
        """Longitude and latitude (degrees) of the raster's centre; DataError without a usable reference system."""
        rows, columns = self.pixels.shape[-2:]
        a, b, c, d, e, f = self.transform
        x, y = a * columns / 2 + b * rows / 2 + c, d * columns / 2 + e * rows / 2 + f
        try:
            lon, lat = _PROJECTING.submit(_to_degrees, self.crs, x, y).result()
        except ProjError as problem:
            raise DataError("the reference system cannot be used", got=problem) from None
        return float(lon), float(lat)


def read_patch(
    path: Path,
    shape: tuple[int, int, int] = (4, 64, 64),
    dtype: str = "int16",
    bands: Sequence[str] = ("red", "green", "blue", "nir"),
    nodata: float | None = -1,
) -> Raster:
    """The raster in `path`, (bands, rows, columns) in `dtype`, its bands in the order of `bands`.

    Where the file describes its bands by these names in another order they are brought to this one; bands
    without a description are taken as they come. Size, type, missing-value mark and band names are compared
    with what is expected before any pixel is read. DataError otherwise, NotDownloadedError without a file.
    """
    _refuse(path)
    seen = path.stat()
    return _read(path, (seen.st_mtime_ns, seen.st_size, seen.st_ino), shape, dtype, tuple(bands), nodata)


@lru_cache(maxsize=8)
def _read(
    path: Path,
    state: tuple[int, ...],  # noqa: ARG001  of the file it is read from
    shape: tuple[int, int, int],
    dtype: str,
    bands: tuple[str, ...],
    nodata: float | None,
) -> Raster:
    """The dossier of a survey asks for its patch twice: for the pixels and for the place."""
    try:
        check_whole(path.read_bytes())
        with warnings.catch_warnings(), rasterio.Env(**_GDAL):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver="GTiff", sharing=False) as source:
                order = _check(source, path, shape, dtype, bands, nodata)
                pixels = source.read(order)
                crs = source.crs.to_wkt() if source.crs else ""
                place = tuple(float(x) for x in source.transform[:6])
    except _GDAL_ERRORS as problem:
        raise DataError("not a readable GeoTIFF", where=path, got=problem, remedy="Download it again.") from None
    pixels.flags.writeable = False
    return Raster(pixels, place, crs, nodata)  # type: ignore[arg-type]  # six numbers


def _refuse(path: Path) -> None:
    """Raise unless `path` is a plain local file of a sane size."""
    text = str(path)
    if text.startswith(("/vsi", "//vsi")) or "://" in text or "\0" in text:
        raise DataError("not a local file", where=path)
    refuse_special(path)
    if path.is_dir():
        raise DataError("a folder stands where a file is expected", where=path)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise NotDownloadedError("the file is missing", where=path) from None
    except OSError as problem:
        raise DataError("the file cannot be read", where=path, got=problem) from None
    if not 0 < size <= MOST_BYTES:
        raise DataError("unlikely file size", where=path, expected=f"1..{MOST_BYTES} bytes", got=size)


def _check(
    source: rasterio.DatasetReader,
    path: Path,
    shape: tuple[int, int, int],
    dtype: str,
    bands: Sequence[str],
    nodata: float | None,
) -> list[int]:
    """The band numbers to read, in order; DataError when the header is not as expected."""
    size = (source.count, source.height, source.width)
    if size != shape:
        raise DataError("wrong raster size (bands, rows, columns)", where=path, expected=shape, got=size)
    if set(source.dtypes) != {dtype}:
        raise DataError("wrong pixel type", where=path, expected=dtype, got=", ".join(sorted(set(source.dtypes))))
    if source.nodata is not None and source.nodata != nodata:
        raise DataError("wrong missing-value mark", where=path, expected=nodata, got=source.nodata)
    return _order(source.descriptions, path, bands)


def _order(descriptions: Sequence[str | None], path: Path, bands: Sequence[str]) -> list[int]:
    named = [(text or "").strip().lower() for text in descriptions]
    if not any(named):
        return list(range(1, len(bands) + 1))
    if sorted(named) != sorted(bands):
        raise DataError("wrong bands", where=path, expected=", ".join(bands), got=", ".join(named))
    return [named.index(band) + 1 for band in bands]


def _to_degrees(crs: str, x: float, y: float) -> tuple[float, float]:
    return _transformer(crs).transform(x, y, errcheck=True)


@lru_cache(maxsize=64)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
