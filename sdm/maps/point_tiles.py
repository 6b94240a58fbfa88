"""Millions of points as transparent raster tiles, without a browser object for any of them.

Points lie sorted along the Morton curve, so those of a tile are one contiguous slice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.errors import SdmError
from sdm.geo.mercator import TILE_PIXELS, Tile, project

CURVE_BITS = 16  # per axis: tiles down to zoom 16 are slices
MARGIN = 6  # pixels: the largest disc of a neighbouring tile's point
FAINTEST, DENSEST = 0.62, 30  # opacity of a lone point; points a pixel that make it opaque


@dataclass(frozen=True)
class PointTiles:
    """N points ready to draw: their curve position (ascending), unit-square position, class code and row."""

    curve: np.ndarray  # uint32 (N,)
    x: np.ndarray  # float32 (N,)
    y: np.ndarray  # float32 (N,)
    code: np.ndarray  # uint8 (N,): index into a palette; higher codes are drawn on top
    row: np.ndarray  # int64 (N,): the caller's row of each point

    @staticmethod
    def build(lon: np.ndarray, lat: np.ndarray, code: np.ndarray) -> PointTiles:
        """From degrees and class codes; points without a finite position are left out."""
        row = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        x, y = project(np.asarray(lon)[row], np.asarray(lat)[row])
        curve = morton(_cell(x), _cell(y))
        order = np.argsort(curve, kind="stable")
        return PointTiles(
            curve[order],
            x[order].astype(np.float32),
            y[order].astype(np.float32),
            np.asarray(code)[row][order].astype(np.uint8),
            row[order],
        )

    def where(self, keep: np.ndarray) -> PointTiles:
        """Those points whose row is True in `keep`."""
        chosen = keep[self.row]
        return PointTiles(self.curve[chosen], self.x[chosen], self.y[chosen], self.code[chosen], self.row[chosen])

    def draw(self, tile: Tile, palette: np.ndarray) -> np.ndarray:
        """uint8 (256, 256, 4): one disc a point, coloured by `palette` (C, 4) uint8, opacity last."""
        near = self._near(tile)
        column = np.floor((self.x[near] * 2.0**tile.zoom - tile.x) * TILE_PIXELS).astype(np.int64) + MARGIN
        line = np.floor((self.y[near] * 2.0**tile.zoom - tile.y) * TILE_PIXELS).astype(np.int64) + MARGIN
        side = TILE_PIXELS + 2 * MARGIN
        inside = (column >= 0) & (column < side) & (line >= 0) & (line < side)
        cell = (line * side + column)[inside]
        code = self.code[near][inside]
        disc = _disc(tile.zoom)
        image = np.zeros((TILE_PIXELS, TILE_PIXELS, 4), np.float32)
        for value in np.unique(code):
            counts = np.bincount(cell[code == value], minlength=side * side).reshape(side, side)
            _over(image, palette[value, :3], _cover(counts, disc) * (palette[value, 3] / np.float32(255)))
        image[..., 3] *= 255
        return image.round().astype(np.uint8)

    def _near(self, tile: Tile) -> np.ndarray:
        """Positions of the points in `tile` and the eight around it; SdmError below the curve's resolution."""
        if tile.zoom > CURVE_BITS:
            raise SdmError("no such tile of points", expected=f"zoom 0..{CURVE_BITS}", got=tile.zoom)
        slices = []
        shift = 2 * (CURVE_BITS - tile.zoom)
        last = 2**tile.zoom - 1
        for y in range(max(0, tile.y - 1), min(last, tile.y + 1) + 1):
            for x in range(max(0, tile.x - 1), min(last, tile.x + 1) + 1):
                first = int(morton(np.array([x]), np.array([y]))[0]) << shift
                ends = np.array([first, first + (1 << shift) - 1], np.uint32)
                low = np.searchsorted(self.curve, ends[:1], "left")[0]
                high = np.searchsorted(self.curve, ends[1:], "right")[0]
                slices.append(np.arange(low, high))
        return np.concatenate(slices)


def morton(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """uint32: the bits of two 16-bit numbers interleaved, y above x.

    >>> morton(np.array([1, 0, 3]), np.array([0, 1, 3])).tolist()
    [1, 2, 15]
    """
    return _spread(x) | (_spread(y) << np.uint32(1))


def _spread(value: np.ndarray) -> np.ndarray:
    bits = value.astype(np.uint32)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << np.uint32(shift))) & np.uint32(mask)
    return bits


def _cell(unit: np.ndarray) -> np.ndarray:
    return np.clip(unit * 2**CURVE_BITS, 0, 2**CURVE_BITS - 1).astype(np.uint32)


def _disc(zoom: int) -> np.ndarray:
    """Soft-edged disc, float32 (2 MARGIN + 1)², that grows as one zooms in."""
    radius = float(np.clip(0.9 + 0.42 * (zoom - 3), 1.3, 4.6))
    reach = np.arange(-MARGIN, MARGIN + 1)
    distance = np.hypot(reach[:, None], reach[None, :])
    return np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)


def _cover(counts: np.ndarray, disc: np.ndarray) -> np.ndarray:
    """Opacity (256, 256) of points counted per pixel: the strongest disc reaching each pixel."""
    strength = np.where(counts > 0, FAINTEST + (1 - FAINTEST) * np.log1p(counts) / np.log1p(DENSEST), 0)
    strength = np.minimum(strength, 1).astype(np.float32)
    cover = np.zeros((TILE_PIXELS, TILE_PIXELS), np.float32)
    for (row, column), weight in np.ndenumerate(disc):
        if weight > 0:
            np.maximum(cover, weight * strength[row : row + TILE_PIXELS, column : column + TILE_PIXELS], out=cover)
    return cover


def _over(image: np.ndarray, colour: np.ndarray, alpha: np.ndarray) -> None:
    """Lay `colour` at `alpha` over `image` (float, straight alpha in 0..1), in place."""
    under = image[..., 3] * (1 - alpha)
    total = alpha + under
    weight = np.divide(alpha, total, out=np.zeros_like(alpha), where=total > 0)[..., None]
    image[..., :3] = image[..., :3] * (1 - weight) + colour.astype(np.float32) * weight
    image[..., 3] = total
