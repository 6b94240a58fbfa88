"""Parcels with straight edges: an oriented lattice of strips, each cut across at its own places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.virtual_europe.imagery.fields import CENTRE, CENTRE_INDEX, COLUMNS, ROWS

_REACH = 48.0  # pixels from the centre to beyond the corners
_LANE = 1000.0  # keeps the cuts of one strip apart from those of the next in one sorted array


_EVERYWHERE = slice(None)


@dataclass(frozen=True)
class Parcels:
    """A partition of the patch; all arrays per pixel, (4096,) or as many as were asked for, lengths in pixels."""

    ident: np.ndarray  # 0..count-1
    count: int
    across: np.ndarray  # coordinate across the strips
    along: np.ndarray  # coordinate along the strips
    edge: np.ndarray  # distance to the nearest border

    @property
    def central(self) -> np.ndarray:
        """Pixels of the parcel that holds the survey, bool."""
        return self.ident == self.ident[CENTRE_INDEX]


def cut_parcels(
    random: np.random.Generator,
    angle: float | np.ndarray,
    width: float,
    length: float,
    *,
    spread: float,
    bend: np.ndarray | float = 0.0,
    at: np.ndarray | slice = _EVERYWHERE,
) -> Parcels:
    """Strips about `width` wide cut every `length` or so; `spread` is the relative variation of both.

    Only the pixels `at` are looked at. Among them `angle` may differ; `bend` shifts the lattice per pixel, so that
    old field patterns follow the land.
    """
    cos, sin = np.cos(angle, dtype=np.float32), np.sin(angle, dtype=np.float32)
    x, y = COLUMNS[at] - CENTRE, ROWS[at] - CENTRE
    across = cos * x + sin * y + bend
    along = cos * y - sin * x + 0.5 * bend
    borders = _borders(random, (1,), width, spread)[0]
    strip = np.searchsorted(borders, across)
    slant = 0.3 * spread * (random.random(len(borders) + 1, dtype=np.float32) - 0.5)
    along += slant.take(strip) * across
    cuts = _borders(random, (len(borders) + 1,), length, spread)
    lanes = (cuts + _LANE * np.arange(len(cuts), dtype=np.float32)[:, None]).ravel()
    lane = along + _LANE * strip.astype(np.float32)
    cell = np.searchsorted(lanes, lane)
    edge = np.minimum(_gap(borders, strip, across), _gap(lanes, cell, lane))
    return Parcels(*_renumber(cell), across, along, edge)


def cut_blocks(
    random: np.random.Generator,
    size: float,
    width: float,
    length: float,
    bend: np.ndarray | float,
    at: np.ndarray | slice = _EVERYWHERE,
) -> Parcels:
    """Blocks about `size` wide, each cut into parcels in a direction of its own, as between country lanes."""
    base = random.uniform(0.0, np.pi)
    blocks = cut_parcels(random, base, size, 1.3 * size, spread=0.5, bend=bend, at=at)
    turn = np.pi / 2 * (random.random(blocks.count) < 0.4) + random.normal(0.0, 0.12, blocks.count)
    inner = cut_parcels(random, base + turn[blocks.ident], width, length, spread=0.6, bend=bend, at=at)
    both = _renumber(blocks.ident * inner.count + inner.ident)
    return Parcels(*both, inner.across, inner.along, np.minimum(blocks.edge, inner.edge))


def _renumber(cell: np.ndarray) -> tuple[np.ndarray, int]:
    """Cell numbers without gaps, and how many there are."""
    used = np.bincount(cell) > 0
    return (np.cumsum(used) - 1).take(cell), int(used.sum())


def _borders(random: np.random.Generator, rows: tuple[int, ...], step: float, spread: float) -> np.ndarray:
    """Increasing positions about `step` apart that cover the patch, rows + (count,)."""
    count = int(2 * _REACH / step / (1.0 - 0.4 * spread)) + 4
    steps = step * (1.0 + spread * (2.0 * random.random((*rows, count), dtype=np.float32) - 1.0))
    start = -_REACH - step * random.random((*rows, 1), dtype=np.float32)
    return np.clip(start + np.cumsum(steps, axis=-1), -_LANE / 2.1, _LANE / 2.1)


def _gap(borders: np.ndarray, index: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Distance of each position to the nearer of the two borders around it."""
    below = borders.take(index - 1, mode="clip")
    above = borders.take(index, mode="clip")
    return np.minimum(np.abs(position - below), np.abs(above - position))
