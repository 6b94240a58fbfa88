"""The 10 m lattice of the landscape: pixels of EPSG:3035, and smooth random fields upon them.

Everything a pixel shows follows from its column and row, the seed and the year, by operations on single elements
whose order never changes. So two windows that overlap are equal to the bit where they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.geo.hashing import combine, mix, stream
from sdm.geo.projections import laea_metres

PIXEL = 10.0  # m
_ODD = np.uint64(0x9E3779B97F4A7C15)
# Standard deviation of uniform numbers on -1..1, and of cubic B-splines through them over all phases.
_SPREAD_OF_WHITE, _SPREAD_OF_WAVES = 0.5774, 0.2767


@dataclass(frozen=True)
class Windows:
    """B squares of `size` x `size` pixels, 1 for single pixels; `west` and `north` (B,) int64 are their corners.

    Columns count eastwards, rows southwards. Values per pixel are flat, (B * size * size,), row by row.
    """

    west: np.ndarray
    north: np.ndarray
    size: int = 1

    def __len__(self) -> int:
        return len(self.west) * self.size**2

    @property
    def columns(self) -> np.ndarray:
        """(B, size) column of each pixel along the northern edge."""
        return np.asarray(self.west[:, None] + np.arange(self.size))

    @property
    def rows(self) -> np.ndarray:
        """(B, size) row of each pixel along the western edge."""
        return np.asarray(self.north[:, None] + np.arange(self.size))

    @property
    def column(self) -> np.ndarray:
        """Column of every pixel."""
        return self.spread_columns(self.columns)

    @property
    def row(self) -> np.ndarray:
        """Row of every pixel."""
        return self.spread_rows(self.rows)

    def spread_columns(self, values: np.ndarray) -> np.ndarray:
        """Values (B, size) of columns, per pixel."""
        return np.repeat(values[:, None], self.size, axis=1).ravel()

    def spread_rows(self, values: np.ndarray) -> np.ndarray:
        """Values (B, size) of rows, per pixel."""
        return np.repeat(values[:, :, None], self.size, axis=2).ravel()


def windows_at(lon: np.ndarray, lat: np.ndarray, size: int = 1) -> Windows:
    """The squares in which positions in degrees lie at pixel (size // 2, size // 2)."""
    east, north = laea_metres(np.atleast_1d(lon), np.atleast_1d(lat))
    column, row = (np.floor(metres / PIXEL).astype(np.int64) for metres in (east, -north))
    return Windows(column - size // 2, row - size // 2, size)


def field(
    pixels: Windows,
    name: str,
    seed: int,
    cells: tuple[int, ...],
    gain: float = 0.7,
    year: np.ndarray | None = None,
) -> np.ndarray:
    """Smooth noise of mean 0 and variance about 1 per pixel, float32: one octave per size of `cells` in pixels.

    `cells` are powers of two, the widest first; each octave is `gain` times as high as the one before. With `year`
    (B,) every window has the field of its year.
    """
    weights = gain ** np.arange(len(cells))
    weights = weights / np.sqrt(np.sum(weights**2))
    total = np.zeros(len(pixels), np.float32)
    for cell, weight in zip(cells, weights, strict=True):
        salt = np.array([combine_salt(seed, name, cell)])
        salt = salt if year is None else child_key(salt, year)
        spread = _SPREAD_OF_WHITE if cell == 1 else _SPREAD_OF_WAVES
        total += np.float32(weight / spread) * _octave(pixels, cell, salt)
    return total


def _octave(pixels: Windows, cell: int, salt: np.ndarray) -> np.ndarray:
    """One octave per pixel; `salt` (1,) or (B,)."""
    salt = salt[:, None, None]
    if cell == 1:
        return _nodes(pixels.columns[:, None], pixels.rows[:, :, None], salt).ravel()
    # Lattices of different sizes do not line up: each is shifted by its own number of pixels.
    shift = (salt[:, 0] % np.uint64(cell)).astype(np.int64)
    column, u = _taps(pixels.columns + shift, cell)
    row, v = _taps(pixels.rows + shift, cell)
    reach = np.arange(-(-(pixels.size - 1) // cell) + 4)
    first_column, first_row = column[:, :1] - 1, row[:, :1] - 1
    nodes = _nodes((first_column + reach)[:, :, None], (first_row + reach)[:, None], salt)
    # Both sums copy whole lines of numbers: first columns of nodes, then rows of what comes of them.
    window = np.arange(len(nodes))[:, None]
    east, south = column - 1 - first_column, row - 1 - first_row
    lines = _weighted([nodes[window, east + i] for i in range(4)], u[..., None])
    lines = np.ascontiguousarray(lines.swapaxes(1, 2))
    return _weighted([lines[window, south + j] for j in range(4)], v[..., None]).ravel()


def _weighted(values: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Sum of four products, always in this order."""
    total = weights[0] * values[0]
    for i in (1, 2, 3):
        total = total + weights[i] * values[i]
    return np.asarray(total)


def _taps(position: np.ndarray, cell: int) -> tuple[np.ndarray, np.ndarray]:
    """Node to the west or north of each position, and the weights of the four nodes around, (4, ...)."""
    node = position // cell
    return node, _splines(cell)[:, position - node * cell]


@lru_cache(maxsize=16)
def _splines(cell: int) -> np.ndarray:
    """(4, cell) float32: weights of a cubic B-spline at the middle of every pixel between two nodes."""
    t = (np.arange(cell, dtype=np.float32) + np.float32(0.5)) / np.float32(cell)
    s, sixth = 1 - t, np.float32(1 / 6)
    return np.stack([
        sixth * s * s * s,
        sixth * (3 * t * t * t - 6 * t * t + 4),
        sixth * (3 * s * s * s - 6 * s * s + 4),
        sixth * t * t * t,
    ])  # fmt: skip


def _nodes(column: np.ndarray, row: np.ndarray, salt: np.ndarray) -> np.ndarray:
    """A number in [-1, 1) per node, float32, broadcast."""
    return 2 * low_bits(node_key(column, row, salt)) - np.float32(1)


def node_key(column: np.ndarray, row: np.ndarray, salt: np.ndarray | np.uint64) -> np.ndarray:
    """A uint64 key per node of a lattice, another one for each `salt`; columns and rows are broadcast."""
    packed = (column << np.int64(32)) ^ (row & np.int64(0xFFFFFFFF))
    return mix(packed.view(np.uint64) ^ salt)


@lru_cache(maxsize=4096)
def combine_salt(seed: int, name: str, cell: int = 0) -> np.uint64:
    """The salt of a lattice of keys."""
    return np.uint64(combine(seed, stream(name), cell)[0])


def child_key(key: np.ndarray, number: np.ndarray | int) -> np.ndarray:
    """A uint64 key per key and `number`, int64."""
    return mix(key ^ (np.asarray(number, np.int64).view(np.uint64) * _ODD))


def low_bits(key: np.ndarray) -> np.ndarray:
    """A uniform number in [0, 1) from the lower half of each key, float32; independent of `high_bits`."""
    return (key & np.uint64(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24)


def high_bits(key: np.ndarray) -> np.ndarray:
    """A uniform number in [0, 1) from the upper half of each key, float32."""
    return (key >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)
