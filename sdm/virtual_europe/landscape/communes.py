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
_STEPS = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])  # east and south to the nodes around
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
    # Every window has a box of nodes of its own.
    columns, rows = pixels.columns // SPACING, pixels.rows // SPACING
    west, north = columns[:, :1] - 1, rows[:, :1] - 1
    side = -(-(pixels.size - 1) // SPACING) + 3
    box = np.arange(side)
    node_column = np.broadcast_to((west + box)[:, None], (len(west), side, side)).ravel()
    node_row = np.broadcast_to((north + box)[:, :, None], (len(west), side, side)).ravel()
    key = _key(node_column, node_row, seed)
    east_of, south_of = _offsets(key)
    node = np.repeat(np.arange(len(west)) * side**2, pixels.size**2)
    node += pixels.spread_columns(columns - west) + side * pixels.spread_rows(rows - north)
    x = pixels.spread_columns((pixels.columns - columns * SPACING).astype(np.float32))
    y = pixels.spread_rows((pixels.rows - rows * SPACING).astype(np.float32))
    best = np.full(len(pixels), np.inf, np.float32)
    second, which = best.copy(), np.zeros(len(pixels), np.int8)
    for number, (i, j) in enumerate(_STEPS.tolist()):
        away_x, away_y = _away(x, y, node, (east_of, south_of), side, i, j)
        away_x += bend
        away_y -= bend
        distance = np.hypot(away_x, away_y, out=away_x)
        nearer = distance < best
        # The nearest but one is the larger of the nearest so far and this one, or of those before.
        np.minimum(second, np.maximum(best, distance, out=away_y), out=second)
        np.minimum(best, distance, out=best)
        np.copyto(which, number, where=nearer)
    chosen = node + (_STEPS[:, 0] + side * _STEPS[:, 1]).take(which)
    far = _STEPS.astype(np.float32) * np.float32(SPACING)
    east = x - (east_of.take(chosen) + far[:, 0].take(which))
    south = y - (south_of.take(chosen) + far[:, 1].take(which))
    own, of = numbered(chosen, len(key))
    return Communes(
        own // side**2, node_column[own], node_row[own], key[own], of, east, south, (second - best) / 2
    )


def numbered(values: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of the integers below `limit` occur in `values`, ascending, and the place of each value among them."""
    used = np.zeros(limit, bool)
    used[values] = True
    own = np.flatnonzero(used)
    place = np.empty(limit, np.intp)
    place[own] = np.arange(len(own))
    return own, place.take(values)


def _away(
    x: np.ndarray, y: np.ndarray, node: np.ndarray, seat: tuple[np.ndarray, np.ndarray], side: int, i: int, j: int
) -> tuple[np.ndarray, np.ndarray]:
    """Pixels from the seats `i` nodes east and `j` south of `node` to (x, y)."""
    start = j * side + i
    moved = (np.roll(part, -start) + np.float32(step * SPACING) for part, step in zip(seat, (i, j), strict=True))
    return tuple(np.subtract(at, own.take(node)) for at, own in zip((x, y), moved, strict=True))


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
