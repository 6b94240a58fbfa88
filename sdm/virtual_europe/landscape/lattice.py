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
# Sums of waves are below 8 in size: 3 bits and the 49 of a product fit into the 53 of a float64.
_UNIT_OF_SPLINES, _UNIT_OF_NODES = 2.0**-16, 2.0**-17
_UNIT_OF_SUM = _UNIT_OF_SPLINES**2 * _UNIT_OF_NODES


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

    def some(self, rows: np.ndarray | slice) -> Windows:
        """Some of the windows."""
        return Windows(self.west[rows], self.north[rows], self.size)

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
    salts = np.stack([_salt(seed, name, cell, year) for cell in cells])
    fine = cells[-1] == 1  # single pixels, without waves
    smooth = len(cells) - fine
    total = _waves(pixels, cells[:smooth], salts[:smooth], weights[:smooth] / _SPREAD_OF_WAVES)
    if fine:
        white = _nodes(pixels.columns[:, None], pixels.rows[:, :, None], salts[-1][:, None, None])
        total += np.float32(weights[-1] / _SPREAD_OF_WHITE) * white.ravel()
    return total


def _salt(seed: int, name: str, cell: int, year: np.ndarray | None) -> np.ndarray:
    """The salt of an octave, (1,), or of each window's year, (B,)."""
    salt = np.array([combine_salt(seed, name, cell)])
    return salt if year is None else child_key(salt, year)


def _waves(pixels: Windows, cells: tuple[int, ...], salts: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Sum of C octaves of cubic B-splines, float32 (N,); `salts` are (C, 1) or (C, B).

    Splines and numbers at nodes are multiples of powers of two so large that float64 holds every product and sum
    exactly. So their order does not matter, and matrices can be multiplied by whatever routine is fastest.
    """
    if not cells:
        return np.zeros(len(pixels), np.float32)
    cell = np.array(cells)[:, None]
    # Lattices of different sizes do not line up: each is shifted by its own number of pixels.
    shift = (salts % cell.astype(np.uint64)).astype(np.int64)
    column, west = np.divmod(pixels.west + shift, cell)
    row, north = np.divmod(pixels.north + shift, cell)
    tables = [_splines(cell, pixels.size) for cell in cells]
    across, down = ([table[at] for table, at in zip(tables, line, strict=True)] for line in (west, north))
    if pixels.size == 1:
        total = _at_points(column - 1, row - 1, salts, heights, across, down)
    else:
        sides = [table.shape[2] for table in tables]
        nodes = _heights(column - 1, row - 1, salts, heights, sides)
        lines = np.empty((len(pixels.west), sum(sides), pixels.size))
        for numbers, east, end in zip(nodes, across, np.cumsum(sides), strict=True):
            np.matmul(numbers, east.swapaxes(1, 2), out=lines[:, end - numbers.shape[1] : end])
        lines *= _UNIT_OF_SUM
        total = (np.concatenate(down, axis=2) @ lines).ravel()
    return total.astype(np.float32)


def _at_points(
    columns: np.ndarray, rows: np.ndarray, salts: np.ndarray, heights: np.ndarray,
    across: list[np.ndarray], down: list[np.ndarray],
) -> np.ndarray:  # fmt: skip
    """Sums of waves at single pixels, (B,), from four by four nodes each."""
    step = np.arange(4)
    east, south = columns + step[:, None, None], rows + step[:, None, None, None]
    whole = np.rint(_nodes(east, south, salts) * (heights / _UNIT_OF_NODES)[:, None])
    u, v = (np.stack([part[:, 0].T for part in parts], axis=1) for parts in (across, down))
    whole *= u
    lines = whole.sum(axis=1)
    lines *= v
    return np.asarray(lines.sum(axis=(0, 1)) * _UNIT_OF_SUM)


def _heights(
    columns: np.ndarray, rows: np.ndarray, salts: np.ndarray, heights: np.ndarray, sides: list[int]
) -> list[np.ndarray]:
    """Numbers at the nodes of each octave, (B, K, K) whole numbers from the north-western node on."""
    counts = [k * k for k in sides]
    ends = np.cumsum(counts)
    packed = np.empty((columns.shape[1], ends[-1]), np.int64)
    for column, row, k, end in zip(columns, rows, sides, ends, strict=True):
        east, south = column[:, None] + np.arange(k), row[:, None] + np.arange(k)
        packed[:, end - k * k : end].reshape(-1, k, k)[:] = _packed(east[:, None], south[:, :, None])
    salt = np.repeat(salts.T, counts, axis=1)
    whole = np.rint(_numbers(mix(packed.view(np.uint64) ^ salt)) * np.repeat(heights / _UNIT_OF_NODES, counts))
    parts = np.split(whole, ends[:-1], axis=1)
    return [part.reshape(len(whole), k, k) for part, k in zip(parts, sides, strict=True)]


@lru_cache(maxsize=64)
def _splines(cell: int, size: int) -> np.ndarray:
    """(cell, size, K) whole numbers in float64: what each of K nodes counts at the pixels of a line of `size`.

    The line starts at each of the pixels of a cell; the first node is the one before its own. Weights are those of
    a cubic B-spline at the middle of every pixel between two nodes, in units of `_UNIT_OF_SPLINES`.
    """
    t = (np.arange(cell) + 0.5) / cell
    s = 1 - t
    spline = np.stack([s**3, 3 * t**3 - 6 * t**2 + 4, 3 * s**3 - 6 * s**2 + 4, t**3]) / 6
    spline = np.rint(spline / _UNIT_OF_SPLINES)
    table = np.zeros((cell, size, -(-(size - 1) // cell) + 4))
    position = np.arange(cell)[:, None] + np.arange(size)
    start, line = np.arange(cell)[:, None], np.arange(size)
    for i in range(4):
        table[start, line, position // cell + i] = spline[i][position % cell]
    return table


def _nodes(column: np.ndarray, row: np.ndarray, salt: np.ndarray) -> np.ndarray:
    """A number in [-1, 1) per node, float32, broadcast."""
    return _numbers(node_key(column, row, salt))


def _numbers(key: np.ndarray) -> np.ndarray:
    return 2 * low_bits(key) - np.float32(1)


def node_key(column: np.ndarray, row: np.ndarray, salt: np.ndarray | np.uint64) -> np.ndarray:
    """A uint64 key per node of a lattice, another one for each `salt`; columns and rows are broadcast."""
    return mix(_packed(column, row).view(np.uint64) ^ salt)


def _packed(column: np.ndarray, row: np.ndarray) -> np.ndarray:
    return (column << np.int64(32)) ^ (row & np.int64(0xFFFFFFFF))


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
