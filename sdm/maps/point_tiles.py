"""Millions of points as transparent raster tiles, without a browser object for any of them.

Points lie sorted along the Morton curve, so those of a tile are one contiguous slice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sdm.errors import SdmError
from sdm.geo.mercator import TILE_PIXELS, Tile, project

CURVE_BITS = 16  # per axis: tiles down to zoom 16 are slices
MARGIN = 6  # pixels: the largest disc of a neighbouring tile's point
_BORDER_BITS = (
    5  # the border that is looked at is a 32nd of the side of a tile, 8 pixels, where the curve is so fine
)
FAINTEST, DENSEST = 0.62, 30  # opacity of a lone point; points a pixel that make it opaque


@dataclass(frozen=True)
class PointTiles:
    """N points ready to draw: their curve position (ascending), unit-square position, row, class code.

    Of points that are coloured or chosen otherwise the first four are the same arrays.
    """

    curve: np.ndarray  # uint32 (N,)
    x: np.ndarray  # float32 (N,)
    y: np.ndarray  # float32 (N,)
    row: np.ndarray  # int32 (N,): the caller's row of each point
    code: np.ndarray  # uint8 (N,): index into a palette; higher codes are drawn on top
    shown: np.ndarray | None = None  # bool (N,): those that are drawn; None: all

    @staticmethod
    def build(lon: np.ndarray, lat: np.ndarray) -> PointTiles:
        """From degrees, all of code 0; points without a finite position are left out."""
        row = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat)).astype(np.int32)
        x, y = project(np.asarray(lon)[row], np.asarray(lat)[row])
        curve = morton(_cell(x), _cell(y))
        order = np.argsort(curve, kind="stable")
        x, y = x[order].astype(np.float32), y[order].astype(np.float32)
        return PointTiles(curve[order], x, y, row[order], np.zeros(len(row), np.uint8))

    def coloured(self, code: np.ndarray) -> PointTiles:
        """The same points, each of the `code` of its row."""
        return replace(self, code=code[self.row].astype(np.uint8))

    def where(self, keep: np.ndarray) -> PointTiles:
        """Those points whose row is True in `keep`."""
        return replace(self, shown=keep[self.row] if self.shown is None else self.shown & keep[self.row])

    def draw(self, tile: Tile, palette: np.ndarray) -> np.ndarray:
        """uint8 (256, 256, 4): one disc a point, coloured by `palette` (C, 4) uint8, opacity last."""
        near = self.near(tile)
        column = np.floor((self.x[near] * 2.0**tile.zoom - tile.x) * TILE_PIXELS).astype(np.int64) + MARGIN
        line = np.floor((self.y[near] * 2.0**tile.zoom - tile.y) * TILE_PIXELS).astype(np.int64) + MARGIN
        side = TILE_PIXELS + 2 * MARGIN
        inside = (column >= 0) & (column < side) & (line >= 0) & (line < side)
        cell = (line * side + column)[inside]
        code = self.code[near][inside]
        disc = _disc(tile.zoom)
        image = np.zeros((TILE_PIXELS, TILE_PIXELS, 4), np.float32)
        for value in np.flatnonzero(np.bincount(code)).tolist():
            counts = np.bincount(cell[code == value], minlength=side * side).reshape(side, side)
            _over(image, palette[value, :3], _cover(counts, disc) * (palette[value, 3] / np.float32(255)))
        image[..., 3] *= 255
        return image.round().astype(np.uint8)

    def near(self, tile: Tile) -> np.ndarray:
        """Positions of the points in `tile` and its border that are shown.

        SdmError below the curve's resolution.
        """
        if tile.zoom > CURVE_BITS:
            raise SdmError("no such tile of points", expected=f"zoom 0..{CURVE_BITS}", got=tile.zoom)
        zoom = min(tile.zoom + _BORDER_BITS, CURVE_BITS)
        first, last = self._slices(zoom, *_border(tile, zoom))
        own = self._slices(tile.zoom, np.array([tile.x]), np.array([tile.y]))
        first, last = np.append(first, own[0]), np.append(last, own[1])
        count = last - first
        near = np.arange(count.sum()) + np.repeat(first - np.cumsum(count) + count, count)
        return near if self.shown is None else near[self.shown[near]]

    def _slices(self, zoom: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First position and the one after the last of the points in each tile of `zoom`."""
        shift = np.uint32(2 * (CURVE_BITS - zoom))
        start = morton(x, y) << shift
        end = start + np.uint32((1 << int(shift)) - 1)
        return np.searchsorted(self.curve, start, "left"), np.searchsorted(self.curve, end, "right")


def _border(tile: Tile, zoom: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and lines of the tiles of `zoom` that touch `tile` from outside, those within the world."""
    count = 1 << (zoom - tile.zoom)
    steps = np.arange(-1, count + 1)
    x, y = (axis.ravel() for axis in np.meshgrid(tile.x * count + steps, tile.y * count + steps))
    inner = (x // count == tile.x) & (y // count == tile.y)
    world = (x >= 0) & (y >= 0) & (x < 1 << zoom) & (y < 1 << zoom)
    return x[~inner & world], y[~inner & world]


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
