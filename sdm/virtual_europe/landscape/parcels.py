"""Parcels with straight edges: every commune is cut into blocks, every block into fields of one direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.virtual_europe.landscape.communes import Communes
from sdm.virtual_europe.landscape.lattice import child_key, high_bits, low_bits


@dataclass(frozen=True)
class Parcels:
    """Of N pixels: their parcel and where they lie in it; lengths in pixels, float32."""

    key: np.ndarray  # uint64
    across: np.ndarray  # coordinate across the strips
    along: np.ndarray  # coordinate along them
    edge: np.ndarray  # distance to the nearest border
    middle_east: np.ndarray  # from the commune's seat to the middle of the parcel
    middle_south: np.ndarray


@dataclass(frozen=True)
class _Cut:
    """Intervals of a line: their numbers, the distance to the nearer end, and their middles."""

    number: np.ndarray
    edge: np.ndarray
    middle: np.ndarray


def cut_strips(  # noqa: PLR0913
    key: np.ndarray, angle: np.ndarray, width: np.ndarray, length: np.ndarray,
    east: np.ndarray, south: np.ndarray, bend: np.ndarray, spread: float,
) -> Parcels:  # fmt: skip
    """Strips about `width` wide, each cut every `length` or so; `spread` is the relative variation of both.

    `key` (N,) tells the lattices apart; all other arguments are per pixel too, or one for all. `bend` shifts the
    lattice per pixel, so that old field patterns follow the land.
    """
    cos, sin = np.cos(angle), np.sin(angle)
    across, along = cos * east + sin * south + bend, cos * south - sin * east + 0.5 * bend
    strip = _cut(across, width, key, spread)
    own = child_key(key, strip.number)
    cut = _cut(along, length, own, spread)
    return Parcels(
        child_key(own, cut.number), across, along, np.minimum(strip.edge, cut.edge),
        cos * strip.middle - sin * cut.middle, sin * strip.middle + cos * cut.middle,
    )  # fmt: skip


def _cut(position: np.ndarray, step: np.ndarray, key: np.ndarray, spread: float) -> _Cut:
    """Which of the intervals about `step` long each position lies in."""
    scaled = position / step
    middle = np.floor(scaled).astype(np.int64)
    # Border i lies within i +- spread / 2 steps, so that a position can only be one interval off.
    lower, upper = (_border(middle + i, key, spread) for i in (0, 1))
    before, beyond = np.flatnonzero(scaled < lower), np.flatnonzero(scaled >= upper)
    number = middle.copy()
    for at, shift, near, far in ((before, -1, upper, lower), (beyond, 1, lower, upper)):
        number[at] += shift
        near[at] = far[at]
        far[at] = _border(middle[at] + (shift if shift < 0 else 2), key[at], spread)
    edge = np.minimum(scaled - lower, upper - scaled) * step
    return _Cut(number, edge.astype(np.float32), (0.5 * (lower + upper) * step).astype(np.float32))


def _border(number: np.ndarray, key: np.ndarray, spread: float) -> np.ndarray:
    return number.astype(np.float32) + np.float32(0.8 * spread) * (
        high_bits(child_key(key, number)) - np.float32(0.5)
    )


def fields(communes: Communes, size: np.ndarray, bend: np.ndarray) -> Parcels:
    """The farmland's parcels: fields about `size` (N,) pixels wide within blocks; prairies are straight."""
    key = communes.key
    first, second = child_key(key, 1), child_key(key, 2)
    angle = np.pi * high_bits(first)
    width = np.clip(size * (0.55 + 0.35 * low_bits(first)), 4.0, 60.0)
    block = np.clip(2.5 * width, 22.0, 70.0)
    wobble = np.where(size < 30.0, 1.2 * high_bits(second), 0.1) * bend
    blocks = cut_strips(key, angle, block, 1.3 * block, communes.east, communes.south, wobble, 0.5)
    own = child_key(blocks.key, 3)
    inner = angle + np.float32(np.pi / 2) * (high_bits(own) < 0.4) + 0.4 * (low_bits(own) - 0.5)
    length = width * (1.2 + 1.8 * low_bits(second))
    cut = cut_strips(blocks.key, inner, width, length, communes.east, communes.south, wobble, 0.6)
    return Parcels(
        cut.key, cut.across, cut.along, np.minimum(np.minimum(cut.edge, blocks.edge), communes.border),
        cut.middle_east, cut.middle_south,
    )  # fmt: skip
