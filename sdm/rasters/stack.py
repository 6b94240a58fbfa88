"""Several rasters read as one: the first gives the grid, the others are brought to it, missing values are NaN.

A raster on another grid is resampled by how its pixels lie (`resampling`):

- coarser by a whole number, on the same corners (20 m bands on a 10 m grid): nearest, so that values repeat
  exactly and repeated pixels can be found (`sdm.rasters.duplicates`);
- finer by two or more along each side: the average of its pixels;
- anything else (other projection, shifted, coarser): bilinear, as of a continuous quantity.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import rasterio
from rasterio import Affine, warp
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window, intersect, intersection

from sdm.errors import DataError
from sdm.modalities.raster_bands import BANDS, MOST_BANDS, band_label
from sdm.rasters.scenes import Layer

WINDOW_BYTES = 32 << 20  # of one window's values
ALIGNED = 1e-3  # of a pixel: corners that differ by less are the same
Source = rasterio.DatasetReader | WarpedVRT
_ERRORS = (RasterioError, OSError, ValueError, MemoryError)


class RasterStack:
    """Bands of `files` on the grid of the first; use it as a context manager.

    `bands`: for each file the numbers (from 1) of its bands, all but a transparency band where it is None.
    `names`: what the bands are called, by their descriptions.
    """

    def __init__(self, files: Sequence[Path], bands: Sequence[Sequence[int]] | None = None) -> None:
        self._open = ExitStack()
        try:
            sources = [self._open.enter_context(_opened(path)) for path in files]
            grid = sources[0]
            self.files = tuple(files)
            self.crs: CRS = grid.crs
            self.transform: Affine = grid.transform
            self.width, self.height = int(grid.width), int(grid.height)
            self.bands = tuple(map(tuple, bands)) if bands is not None else tuple(map(_bands_of, sources))
            self.names = _names(sources, self.bands, self.files)
            self._sources = [grid, *(self._on_grid(grid, source) for source in sources[1:])]
        except BaseException:
            self._open.close()
            raise

    @classmethod
    def of_layer(cls, layer: Layer, folder: Path | None) -> RasterStack:
        """The rasters of a scene's layer, whose data set lies in `folder`."""
        return cls([(folder or Path()) / file for file in layer.files], layer.bands)

    def __enter__(self) -> RasterStack:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close its files."""
        self._open.close()

    def same_grid(self, other: RasterStack) -> bool:
        """Whether its pixels are those of `other`."""
        near = self.transform.almost_equals(other.transform, abs(self.transform.a) * ALIGNED)
        return (self.crs, self.width, self.height) == (other.crs, other.width, other.height) and near

    def select(self, positions: Sequence[int]) -> RasterStack:
        """A stack of the bands at `positions` alone, in that order, on the same grid; this one may be closed."""
        places = [(i, band) for i, bands in enumerate(self.bands) for band in bands]
        files: list[Path] = [self.files[0]]
        bands: list[list[int]] = [[]]
        last = 0
        for file, band in (places[position] for position in positions):
            if file != last:
                files, bands, last = [*files, self.files[file]], [*bands, []], file
            bands[-1].append(band)
        return RasterStack(files, bands)

    def read(self, window: Window | None = None, shape: tuple[int, int] | None = None) -> np.ndarray:
        """float32 (bands, rows, columns) of `window`, NaN where a value is missing or outside the raster.

        `shape`: rows and columns to read the window in, fewer than it has for an overview.
        """
        wanted = window or Window(0, 0, self.width, self.height)
        if shape is not None:
            return self._read(wanted, shape)
        size = (int(wanted.height), int(wanted.width))
        values = np.full((len(self.names), *size), np.nan, np.float32)
        inside = self._inside(wanted)
        if inside is not None:
            top, left = int(inside.row_off - wanted.row_off), int(inside.col_off - wanted.col_off)
            rows, columns = slice(top, top + int(inside.height)), slice(left, left + int(inside.width))
            values[:, rows, columns] = self._read(inside, (int(inside.height), int(inside.width)))
        return values

    def windows(self, side: int | None = None) -> Iterator[Window]:
        """Windows of `side` pixels that cover the raster, row by row; by default of WINDOW_BYTES at most."""
        side = side or self.window_side
        for row in range(0, self.height, side):
            for column in range(0, self.width, side):
                yield Window(column, row, min(side, self.width - column), min(side, self.height - row))

    @property
    def window_side(self) -> int:
        """Pixels along a window of WINDOW_BYTES, a multiple of 256 where it can be: tiles are then read once."""
        side = int((WINDOW_BYTES / (4 * len(self.names))) ** 0.5)
        return side // 256 * 256 or side

    def empty_bands(self) -> tuple[str, ...]:
        """Names of bands without any value; reads on until each has shown one."""
        lacking = np.ones(len(self.names), bool)
        for window in self.windows():
            lacking &= ~np.isfinite(self.read(window)).any(axis=(1, 2))
            if not lacking.any():
                break
        return tuple(name for name, lacks in zip(self.names, lacking, strict=True) if lacks)

    def _inside(self, window: Window) -> Window | None:
        whole = Window(0, 0, self.width, self.height)
        return intersection(window, whole) if intersect([window, whole]) else None

    def _read(self, window: Window, shape: tuple[int, int]) -> np.ndarray:
        parts = []
        for path, source, bands in zip(self.files, self._sources, self.bands, strict=True):
            if not bands:
                continue
            try:
                stored = source.read(list(bands), window=window, out_shape=(len(bands), *shape), masked=True)
            except _ERRORS as problem:
                raise DataError("the raster cannot be read", where=path, got=problem) from None
            parts.append(stored.astype(np.float32).filled(np.nan))
        values = np.concatenate(parts)
        values[~np.isfinite(values)] = np.nan
        return values

    def _on_grid(
        self, grid: rasterio.DatasetReader, source: rasterio.DatasetReader
    ) -> rasterio.DatasetReader | WarpedVRT:
        """`source` as it is where it has the grid already, else warped to it."""
        same = source.crs == self.crs and (source.height, source.width) == (self.height, self.width)
        if same and source.transform.almost_equals(self.transform, abs(self.transform.a) * ALIGNED):
            return source
        nodata = np.nan if source.nodata is None and source.dtypes[0].startswith("float") else source.nodata
        warped = WarpedVRT(
            source, crs=self.crs, transform=self.transform, width=self.width, height=self.height,
            src_nodata=nodata, nodata=np.nan, dtype="float32",
            resampling=resampling(grid, source),
        )  # fmt: skip
        return self._open.enter_context(warped)


def resampling(grid: rasterio.DatasetReader, other: rasterio.DatasetReader) -> Resampling:
    """How the raster `other` is brought to that of `grid`; see the module."""
    row, column = other.height / 2, other.width / 2
    corners = [other.transform * (column + i, row + j) for i, j in ((0, 0), (1, 0), (0, 1))]
    xs, ys = warp.transform(other.crs, grid.crs, *zip(*corners, strict=True))
    if not np.isfinite([xs, ys]).all():  # they do not meet: nothing will be read from it
        return Resampling.nearest
    (x, y), *neighbours = [~grid.transform * corner for corner in zip(xs, ys, strict=True)]
    (a, d), (b, e) = [
        (column - x, row - y) for column, row in neighbours
    ]  # one of its pixels, in pixels of the grid
    if other.crs == grid.crs and b == d == 0 and a > 1.5:
        corner = ~grid.transform * (other.transform.c, other.transform.f)
        numbers = np.array([a, e, *corner])
        if np.abs(numbers - np.round(numbers)).max() < ALIGNED and abs(a - e) < ALIGNED:
            return Resampling.nearest
    return Resampling.average if abs(a * e - b * d) <= 0.25 else Resampling.bilinear


def _opened(path: Path) -> rasterio.DatasetReader:
    """The raster at `path`; DataError where it is none, or lies nowhere."""
    if not path.is_file():
        raise DataError("there is no such file", where=path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = rasterio.open(path, driver="GTiff")
    except _ERRORS as problem:
        raise DataError("not a readable GeoTIFF", where=path, got=problem) from None
    if source.crs is None:
        source.close()
        remedy = f"Say which it is, for example: rio edit-info --crs EPSG:32633 {path.name}"
        raise DataError("the raster has no reference system (CRS)", where=path, remedy=remedy)
    return source


def _bands_of(source: rasterio.DatasetReader) -> tuple[int, ...]:
    return tuple(i for i, meaning in enumerate(source.colorinterp, 1) if meaning != ColorInterp.alpha)


def _names(
    sources: Sequence[rasterio.DatasetReader], bands: Sequence[Sequence[int]], files: Sequence[Path]
) -> tuple[str, ...]:
    """What the bands are called: by description, by the file where that is a known band, else a number."""
    names: list[str] = []
    for source, chosen, path in zip(sources, bands, files, strict=True):
        for band in chosen:
            stem = band_label(path.stem, 0) if source.count == 1 else ""
            label = band_label(source.descriptions[band - 1] or "", len(names) + 1)
            names.append(stem if stem in BANDS and label == f"c{len(names) + 1}" else label)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not 0 < len(names) <= MOST_BANDS:
        where = ", ".join(path.name for path in files)
        if twice:
            remedy = "Name the bands that are meant, or describe them differently in the files."
            raise DataError("several bands have one name", where=where, got=", ".join(twice), remedy=remedy)
        raise DataError("impossible number of bands", where=where, expected=f"1..{MOST_BANDS}", got=len(names))
    return tuple(names)
