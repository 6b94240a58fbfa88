"""Communes: the parts of a kilometre or so that share soil, farming and a field pattern.

Their seats are the jittered nodes of a 1.28 km lattice. What is smooth about the land is known at the nodes; a
pixel lies in the commune of the nearest seat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.virtual_europe.landscape.lattice import Windows, combine_salt, field, high_bits, low_bits, node_key

SPACING = 128  # pixels
_JITTER = 0.72  # of the spacing: how far seats stand off their nodes at most, from side to side
_TILE = 24  # pixels
_WAVY = 5.0  # pixels; borders follow the land


@dataclass(frozen=True)
class Communes:
    """The communes of windows, K of them, each window with its own; and of N pixels where in which they lie."""

    window: np.ndarray  # (K,) which window
    column: np.ndarray  # (K,) of the node, int64
    row: np.ndarray  # (K,)
    key: np.ndarray  # (K,) uint64
    of: np.ndarray  # (N,) which commune
    east: np.ndarray  # (N,) pixels from the seat, float32
    south: np.ndarray  # (N,)
    border: np.ndarray  # (N,) pixels to the nearest other commune, float32


def communes(pixels: Windows, seed: int) -> Communes:
    """The commune of each pixel: the nearest of the nine seats around."""
    bend = np.float32(_WAVY) * field(pixels, "commune border", seed, (64, 32, 16), 0.6)
    # Every window has a box of nodes of its own, numbered column by column.
    side = -(-(pixels.size - 1) // SPACING) + 3
    west, north = pixels.west // SPACING - 1, pixels.north // SPACING - 1
    column, row = np.divmod(np.arange(side**2), side)
    column, row = west[:, None] + column, north[:, None] + row
    key = _key(column, row, seed)
    east_of, south_of = _offsets(key)
    tiles = _Tiles(len(west), pixels.size)
    away = _away(pixels.columns, column, east_of), _away(pixels.rows, row, south_of)
    seat, east, south, border = _nearest(*tiles.of_lines(*away), tiles.split(bend))
    seat += np.arange(len(seat))[:, None, None] // tiles.each * side**2
    own, of = numbered(tiles.join(seat), key.size)
    return Communes(
        own // side**2, column.ravel()[own], row.ravel()[own], key.ravel()[own], of,
        *(tiles.join(part) for part in (east, south, border)),
    )  # fmt: skip


class _Tiles:
    """Windows cut into tiles so small that few seats are near; `each` tiles a window, row by row."""

    def __init__(self, windows: int, size: int) -> None:
        self._size = max(side for side in range(1, _TILE + 1) if size % side == 0)
        self._windows, self._count = windows, size // self._size
        self.each = self._count**2

    def split(self, values: np.ndarray) -> np.ndarray:
        """Values of pixels (N,) by tile, (T, t, t)."""
        grid = values.reshape(self._windows, self._count, self._size, self._count, self._size)
        return grid.swapaxes(2, 3).reshape(-1, self._size, self._size)

    def join(self, values: np.ndarray) -> np.ndarray:
        """Values by tile (T, t, t) as of the pixels of windows, (N,)."""
        grid = values.reshape(self._windows, self._count, self._count, self._size, self._size)
        return grid.swapaxes(2, 3).ravel()

    def of_lines(self, columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values of the columns and rows of windows, (B, n, size), by tile, (T, n, t)."""
        shape = self._windows, -1, self._count, self._size
        across, down = (line.reshape(shape).swapaxes(1, 2) for line in (columns, rows))
        every = self._windows, self._count, *across.shape[1:]
        across, down = np.broadcast_to(across[:, None], every), np.broadcast_to(down[:, :, None], every)
        return across.reshape(-1, *every[-2:]), down.reshape(-1, *every[-2:])


def _away(position: np.ndarray, node: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Pixels along an axis from the seats of `node` (B, n) to pixels at `position` (B, S), float32 (B, n, S).

    `offset` (B, n) is that of a seat from its node; infinite where pixels are more than a node away.
    """
    cell = position // SPACING
    step = node[:, :, None] - cell[:, None]
    seat = offset[:, :, None] + step.astype(np.float32) * np.float32(SPACING)
    own = (position - cell * SPACING).astype(np.float32)
    return np.where(np.abs(step) <= 1, own[:, None] - seat, np.float32(np.inf))


def _nearest(
    east: np.ndarray, south: np.ndarray, bend: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of the pixels of T tiles the nearest of n seats, pixels east and south of it, and pixels to the border.

    `east` and `south` (T, n, t) are the pixels from the seats, to which `bend` (T, t, t) adds; results (T, t, t).
    """
    near, count = _near(east, south, bend)
    order = np.argsort(-count)  # tiles with the most seats come first, so that those that go on are a slice
    bend = bend[order]
    best = np.full(bend.shape, np.inf, np.float32)
    second, which = best.copy(), np.zeros(bend.shape, np.intp)
    for turn in range(int(count.max(initial=0))):
        some = order[: np.count_nonzero(count > turn)]
        now, seat = slice(len(some)), near[some, turn]
        away_south = south[some, seat][:, :, None] - bend[now]
        distance = east[some, seat][:, None] + bend[now]
        np.hypot(distance, away_south, out=distance)
        np.copyto(which[now], seat[:, None, None], where=distance < best[now])
        # The nearest but one is the larger of the nearest so far and this one, or of those before.
        np.minimum(second[now], np.maximum(best[now], distance, out=away_south), out=second[now])
        np.minimum(best[now], distance, out=best[now])
    which[order], second[order] = which.copy(), (second - best) / 2
    line = np.arange(bend.shape[1])
    at = (which + np.arange(len(which))[:, None, None] * east.shape[1]) * len(line)
    return which, east.take(at + line), south.take(at + line[:, None]), second


def _near(east: np.ndarray, south: np.ndarray, bend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seats in the order in which those come first, ascending, that may be the nearest or the nearest but one
    somewhere in a tile, (T, n); and the number of these, (T,)."""
    reach = 1.001 * np.abs(bend).max(axis=(1, 2))[:, None]
    sizes = [np.abs(part) for part in (east, south)]
    least = np.hypot(*(np.maximum(size.min(axis=2) - reach, 0) for size in sizes))
    most = np.hypot(*(size.max(axis=2) + reach for size in sizes))
    beyond = 0.999 * least > np.partition(most, 1, axis=1)[:, 1:2]
    return beyond.argsort(axis=1, kind="stable"), (~beyond).sum(axis=1)


def numbered(values: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of the integers below `limit` occur in `values`, ascending, and the place of each value among them."""
    used = np.zeros(limit, bool)
    used[values] = True
    own = np.flatnonzero(used)
    place = np.empty(limit, np.intp)
    place[own] = np.arange(len(own))
    return own, place.take(values)


def seats(column: np.ndarray, row: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Column and row (float64, pixels) of the seats of nodes."""
    east, south = _offsets(_key(column, row, seed))
    return column * SPACING + east.astype(float), row * SPACING + south.astype(float)


def _key(column: np.ndarray, row: np.ndarray, seed: int) -> np.ndarray:
    return node_key(column, row, combine_salt(seed, "commune"))


def _offsets(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels from the corner of a node's cell to its seat, float32."""
    margin, scale = np.float32(SPACING * (1 - _JITTER) / 2), np.float32(SPACING * _JITTER)
    return margin + scale * high_bits(key), margin + scale * low_bits(key)
