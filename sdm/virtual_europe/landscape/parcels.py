"""Parcels with straight edges: every commune is cut into blocks, every block into fields of one direction.

What is drawn is drawn once per commune, block or parcel, and looked up per pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.hashing import stream
from sdm.virtual_europe.landscape.communes import Communes, numbered
from sdm.virtual_europe.landscape.lattice import child_key, high_bits, low_bits


@dataclass(frozen=True)
class Strips:
    """K pieces of the plane, and of N pixels which one they lie in and where; lengths in pixels, float32."""

    key: np.ndarray  # (K,) uint64
    whole: np.ndarray  # (K,) which of the lattices a piece is of
    middle_east: np.ndarray  # (K,) from the origin of its lattice to the middle of the piece
    middle_south: np.ndarray  # (K,)
    of: np.ndarray  # (N,) which piece
    across: np.ndarray  # (N,) coordinate across the strips
    along: np.ndarray  # (N,) coordinate along them
    edge: np.ndarray  # (N,) distance to the nearest border

    def draw(self, name: str) -> np.ndarray:
        """A uniform number in [0, 1) per piece for the purpose `name`, as of each pixel, float32."""
        return np.asarray(high_bits(child_key(self.key, stream(name))).take(self.of))


@dataclass(frozen=True)
class _Cut:
    """K intervals, (K,) their line, number and middle; of N positions the interval and how far its end is."""

    line: np.ndarray
    number: np.ndarray
    middle: np.ndarray
    of: np.ndarray
    edge: np.ndarray


def cut_strips(
    key: np.ndarray, of: np.ndarray, angle: np.ndarray, width: np.ndarray, length: np.ndarray,
    place: tuple[np.ndarray, np.ndarray, np.ndarray], spread: float,
) -> Strips:  # fmt: skip
    """Strips about `width` wide, each cut every `length` or so; `spread` is the relative variation of both.

    `key` (L,) tells lattices apart, `angle`, `width` and `length` (L,) are theirs; `of` (N,) is the lattice of
    each pixel. `place` are, per pixel, how far east and south of the lattice's origin it lies, and by how much
    the lattice is bent there, so that old field patterns follow the land.
    """
    east, south, bend = place
    turn = np.cos(angle), np.sin(angle)
    cos, sin = (part.take(of) for part in turn)
    across, along = cos * east + sin * south + bend, cos * south - sin * east + np.float32(0.5) * bend
    strip = _cut(across, width, key, of, spread)
    own = child_key(key[strip.line], strip.number)
    cut = _cut(along, length[strip.line], own, strip.of, spread)
    whole, middle = strip.line[cut.line], strip.middle[cut.line]
    cos, sin = (part[whole] for part in turn)
    return Strips(
        child_key(own[cut.line], cut.number), whole, cos * middle - sin * cut.middle,
        sin * middle + cos * cut.middle, cut.of, across, along, np.minimum(strip.edge, cut.edge),
    )  # fmt: skip


def _cut(position: np.ndarray, step: np.ndarray, key: np.ndarray, of: np.ndarray, spread: float) -> _Cut:
    """Which of the intervals about `step` (L,) long of its line `of` each position (N,) lies in."""
    own_step = step.take(of)
    scaled = position / own_step
    number = np.floor(scaled).astype(np.int64)
    # A row of intervals per line, one more at either end than positions ask for.
    first, count = int(number.min()) - 1, int(number.max() - number.min()) + 4
    at = of * count + (number - first)
    border = _borders(at, first, count, key, spread)
    lower, upper = border.take(at), border.take(at + 1)
    # Border i lies within i +- spread / 2 steps, so that a position can only be one interval off.
    before, beyond = np.flatnonzero(scaled < lower), np.flatnonzero(scaled >= upper)
    for some, shift in ((before, -1), (beyond, 1)):
        at[some] += shift
        lower[some], upper[some] = border[at[some]], border[at[some] + 1]
    edge = np.minimum(scaled - lower, upper - scaled) * own_step
    own, place = numbered(at, len(border))
    line = own // count
    middle = np.float32(0.5) * (border[own] + border[own + 1]) * step[line]
    return _Cut(line, own % count + first, middle, place, edge)


def _borders(at: np.ndarray, first: int, count: int, key: np.ndarray, spread: float) -> np.ndarray:
    """Where intervals begin, in steps, float32: `count` of each line from number `first` on, flat.

    Only what the intervals `at` and their neighbours need is computed; the rest is 0.
    """
    used = np.zeros(len(key) * count, bool)
    used[at] = True
    near = used.copy()
    near[:-1] |= used[1:]
    near[1:] |= used[:-1]
    near[2:] |= used[:-2]
    need = np.flatnonzero(near)
    number = need % count + first
    drawn = high_bits(child_key(key[need // count], number)) - np.float32(0.5)
    border = np.zeros(len(used), np.float32)
    border[need] = number.astype(np.float32) + np.float32(0.8 * spread) * drawn
    return border


@dataclass(frozen=True)
class Parcels(Strips):
    """The farmland's parcels; `whole` is their commune, whose seat is the origin."""


def fields(communes: Communes, size: np.ndarray, bend: np.ndarray) -> Parcels:
    """The farmland's parcels: fields of about `size` pixels by commune, within blocks; prairies are straight."""
    key, of = communes.key, communes.of
    first, second = child_key(key, 1), child_key(key, 2)
    angle = np.pi * high_bits(first)
    width = np.clip(size * (0.55 + 0.35 * low_bits(first)), 4.0, 60.0)
    block = np.clip(2.5 * width, 22.0, 70.0)
    wobble = np.where(size < 30.0, 1.2 * high_bits(second), 0.1).take(of) * bend
    place = communes.east, communes.south, wobble
    blocks = cut_strips(key, of, angle, block, 1.3 * block, place, 0.5)
    own = child_key(blocks.key, 3)
    inner = angle[blocks.whole] + np.float32(np.pi / 2) * (high_bits(own) < 0.4) + 0.4 * (low_bits(own) - 0.5)
    length = width * (1.2 + 1.8 * low_bits(second))
    cut = cut_strips(blocks.key, blocks.of, inner, width[blocks.whole], length[blocks.whole], place, 0.6)
    edge = np.minimum(np.minimum(cut.edge, blocks.edge), communes.border)
    return Parcels(
        cut.key, blocks.whole[cut.whole], cut.middle_east, cut.middle_south, cut.of, cut.across, cut.along, edge
    )
