"""The grid of a class map: which places of a scene are predicted, and what is read for each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rasterio import Affine
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from sdm.errors import DataError
from sdm.geo.bounds import Bounds, bounds_text
from sdm.geo.distance import distance_km
from sdm.modalities import MODALITIES
from sdm.rasters.stack import RasterStack

BLOCK, IMAGE_BLOCK = 256, 32  # predicted places along a window, of pixels and of images
OVERLAP = 4  # images side by side share all but this part of their side


@dataclass(frozen=True)
class ClassMapGrid:
    """The pixels of a map: `side` of what is read for each, and pixels of the scene from one to the next.

    `left` and `top`: the first column and row that is predicted, where the map shows a part of the scene.
    """

    crs: str
    transform: Affine
    width: int
    height: int
    side: int
    stride: int
    left: int = 0
    top: int = 0

    def __len__(self) -> int:
        return self.width * self.height

    @property
    def extent(self) -> Bounds:
        """What all of it covers."""
        right, bottom = self.transform * (self.width, self.height)
        box = (min(self.transform.c, right), min(self.transform.f, bottom), max(self.transform.c, right),
               max(self.transform.f, bottom))  # fmt: skip
        west, south, east, north = transform_bounds(self.crs, 4326, *box)
        return (south, west), (north, east)

    @property
    def metres(self) -> float:
        """From one place to the next, about."""
        (south, west), (north, east) = self.extent
        wide = distance_km(west, (south + north) / 2, east, (south + north) / 2)
        return 1000 * math.sqrt(distance_km(west, south, west, north) * wide / len(self))

    def windows(self) -> Iterator[Window]:
        """Those that are predicted and written one after the other."""
        block = BLOCK if self.side == 1 else IMAGE_BLOCK
        for row in range(0, self.height, block):
            for column in range(0, self.width, block):
                yield Window(column, row, min(block, self.width - column), min(block, self.height - row))

    def source(self, window: Window) -> Window:
        """The window of the scene that is read for `window` of the map."""
        before = self.side // 2 - self.stride // 2
        column = (self.left + window.col_off) * self.stride - before
        row = (self.top + window.row_off) * self.stride - before
        width, height = ((n - 1) * self.stride + self.side for n in (window.width, window.height))
        return Window(column, row, width, height)

    def part(self, within: Bounds) -> ClassMapGrid:
        """Its pixels that the bounds touch; DataError where there is none."""
        (south, west), (north, east) = within
        edges = transform_bounds(4326, self.crs, west, south, east, north)
        columns, rows = zip(*(~self.transform * corner for corner in (edges[:2], edges[2:])), strict=True)
        left, top = max(0, math.floor(min(columns))), max(0, math.floor(min(rows)))
        width = min(self.width, math.ceil(max(columns))) - left
        height = min(self.height, math.ceil(max(rows))) - top
        if width <= 0 or height <= 0:
            raise DataError("nothing of the scene lies there", where=bounds_text(within))
        place = self.transform * Affine.translation(left, top)
        return replace(self, transform=place, width=width, height=height, left=left, top=top)


def grid_of(stack: RasterStack, modality: str, within: Bounds | None = None) -> ClassMapGrid:
    """The pixels of the map that a run of `modality` makes of `stack`, or of its part `within` the bounds."""
    side = MODALITIES[modality].shape[-1] if MODALITIES[modality].is_image else 1
    stride = max(1, side // OVERLAP)
    width, height = -(-stack.width // stride), -(-stack.height // stride)
    grid = ClassMapGrid(stack.crs.to_wkt(), stack.transform * Affine.scale(stride), width, height, side, stride)
    return grid if within is None else grid.part(within)
