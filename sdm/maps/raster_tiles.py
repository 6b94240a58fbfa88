"""A scene's raster as transparent map tiles, brought from its own projection to Web Mercator.

A coarse copy of the whole raster is held in memory: it draws the tiles of low zooms and tells how to stretch. At
higher zooms the pixels of the tile are read from the file, as squares once they are larger than the screen's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from pyproj import CRS, Transformer
from rasterio import Affine
from rasterio.windows import Window

from sdm.analysis.raster_looks import colours, look_of, seen, stretch_limits
from sdm.geo.mercator import TILE_PIXELS, Tile
from sdm.modalities import MODALITIES
from sdm.rasters.scenes import Layer
from sdm.rasters.stack import RasterStack

OVERVIEW_PIXELS = 640  # along the longer side of the copy in memory
HALF_M = 20_037_508.342789244  # metres of Web Mercator from its middle to an edge
KNOTS = 17  # a side, between which positions are interpolated


@dataclass(frozen=True)
class Grid:
    """Where the pixels of a raster lie: `transform` from (column, row) to the coordinates of `crs` (WKT)."""

    crs: str
    transform: Affine
    width: int
    height: int

    @cached_property
    def _from_mercator(self) -> Transformer:
        return Transformer.from_crs("EPSG:3857", CRS.from_wkt(self.crs), always_xy=True)

    def positions(self, tile: Tile) -> tuple[np.ndarray, np.ndarray]:
        """Column and row, float (256, 256) each, of the middles of the tile's pixels; they may lie outside."""
        ends = (np.arange(KNOTS) * (TILE_PIXELS - 1) / (KNOTS - 1) + 0.5) / TILE_PIXELS
        x = ((tile.x + ends) / 2**tile.zoom * 2 - 1) * HALF_M
        y = (1 - (tile.y + ends) / 2**tile.zoom * 2) * HALF_M
        east, north = self._from_mercator.transform(*np.meshgrid(x, y))
        inverse = ~self.transform
        knots = np.stack([np.asarray(part, float) for part in inverse * (np.asarray(east), np.asarray(north))])
        column, row = _between(knots)
        return column, row


@dataclass(frozen=True)
class RasterTiles:
    """One layer of a scene, ready to draw; `overview` (band, row, column) is the whole of it, coarsely."""

    layer: Layer
    folder: Path | None
    grid: Grid
    overview: np.ndarray
    bands: tuple[str, ...]
    _limits: dict[str, np.ndarray] = field(default_factory=dict)  # of each look drawn so far

    @staticmethod
    def build(layer: Layer, folder: Path | None, bands: tuple[str, ...] = ()) -> RasterTiles:
        """From the files of `layer`, with `bands`, or those of its modality; DataError for unreadable ones."""
        with RasterStack.of_layer(layer, folder) as stack:
            step = max(1.0, max(stack.width, stack.height) / OVERVIEW_PIXELS)
            shape = math.ceil(stack.height / step), math.ceil(stack.width / step)
            grid = Grid(stack.crs.to_wkt(), stack.transform, stack.width, stack.height)
            names = bands or MODALITIES[layer.modality].channels
            return RasterTiles(layer, folder, grid, stack.read(shape=shape), names)

    def draw(self, tile: Tile, look: str) -> np.ndarray | None:
        """uint8 (256, 256, 4) by the look of that name; None where the tile shows none of the raster."""
        style = look_of(look, self.bands)
        if look not in self._limits:
            self._limits[look] = stretch_limits(seen(self.overview, self.bands, style), style)
        places = [self.bands.index(band) for band in style.bands]
        values = self.sample(tile, places)
        return None if values is None else colours(seen(values, style.bands, style), self._limits[look])

    def sample(self, tile: Tile, places: list[int]) -> np.ndarray | None:
        """float32 (band, 256, 256): the bands at `places` under each pixel of the tile, NaN outside the raster;
        None where the tile shows none of it."""
        column, row = self.grid.positions(tile)
        inside = (column >= 0) & (column < self.grid.width) & (row >= 0) & (row < self.grid.height)
        if not inside.any():
            return None
        values = self._sampled(places, column, row, inside)
        values[:, ~inside] = np.nan
        return values

    def _sampled(self, places: list[int], column: np.ndarray, row: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """float32 (band, 256, 256): the pixel at each position that is `inside`, of the bands at `places`."""
        low, high = self.overview.shape[2] / self.grid.width, self.overview.shape[1] / self.grid.height
        left, top = math.floor(column[inside].min()), math.floor(row[inside].min())
        right, bottom = math.floor(column[inside].max()) + 1, math.floor(row[inside].max()) + 1
        step = max(1.0, (right - left) / TILE_PIXELS, (bottom - top) / TILE_PIXELS)
        if step * low >= 1:
            return _picked(self.overview[places], column * low, row * high)
        window = Window(left, top, right - left, bottom - top)
        shape = math.ceil((bottom - top) / step), math.ceil((right - left) / step)
        with RasterStack.of_layer(self.layer, self.folder) as stack:
            values = stack.read(window, shape)[places]
        across, down = shape[1] / (right - left), shape[0] / (bottom - top)
        return _picked(values, (column - left) * across, (row - top) * down)


def _picked(values: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The pixel (band, ...) at each position; positions outside give that of the edge."""
    lines = np.clip(np.floor(row).astype(np.int64), 0, values.shape[1] - 1)
    columns = np.clip(np.floor(column).astype(np.int64), 0, values.shape[2] - 1)
    return values[:, lines, columns]


def _between(knots: np.ndarray) -> np.ndarray:
    """(2, 256, 256) bilinearly between `knots` (2, KNOTS, KNOTS), the first and last of which are pixels."""
    at = np.linspace(0, KNOTS - 1, TILE_PIXELS)
    first = np.minimum(at.astype(int), KNOTS - 2)
    share = at - first
    rows = knots[:, first] * (1 - share)[:, None] + knots[:, first + 1] * share[:, None]
    return np.asarray(rows[:, :, first] * (1 - share) + rows[:, :, first + 1] * share)
