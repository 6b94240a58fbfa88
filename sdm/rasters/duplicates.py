"""Near-duplicate pixels: equal in every band, or pieces of one coarser pixel whose bands were resampled.

Bands of 20 m on a grid of 10 m hold every value four times. Such neighbours, one in training and one in
validation, make a model look better than it is: of each group one is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from sdm.geo.hashing import combine, mix
from sdm.modalities.raster_bands import BANDS

RESAMPLED_METRES = 20


@dataclass(frozen=True)
class CoarseBands:
    """Positions of the bands of RESAMPLED_METRES, and how many pixels of the grid lie along one of theirs."""

    positions: tuple[int, ...]
    factor: int


def coarse_bands(names: Sequence[str], pixel_metres: float) -> CoarseBands:
    """The bands that were resampled to pixels of `pixel_metres`; none where the grid is not finer than they are.

    >>> coarse_bands(["B2", "B5", "B11"], 10.0)
    CoarseBands(positions=(1, 2), factor=2)
    """
    factor = round(RESAMPLED_METRES / pixel_metres) if pixel_metres > 0 else 1
    metres = [re.search(r"at (\d+) m", BANDS[name].meaning) if name in BANDS else None for name in names]
    positions = tuple(i for i, match in enumerate(metres) if match and int(match[1]) == RESAMPLED_METRES)
    return CoarseBands(positions if factor > 1 else (), max(factor, 1))


def digests(values: np.ndarray) -> np.ndarray:
    """uint64 (n,): a hash of each row of `values` (float32 (n, ...)); equal rows have equal hashes.

    >>> one, other, again = digests(np.array([[1, 2], [2, 1], [1, 2]], np.float32))
    >>> bool(one == again), bool(one == other)
    (True, False)
    """
    rows = values.reshape(len(values), int(np.prod(values.shape[1:])))
    words = (np.ascontiguousarray(rows, np.float32) + np.float32(0)).view(np.uint32)  # no negative zero
    place = combine(np.arange(words.shape[1]))  # all at once: an image has thousands of words
    return mix(mix(words ^ place).sum(axis=1, dtype=np.uint64))


def equal_rows(digest: np.ndarray, label: np.ndarray) -> np.ndarray:
    """bool (n,): rows that repeat an earlier one of the same label."""
    keys = combine(digest.view(np.int64), label)
    repeated = np.ones(len(keys), bool)
    repeated[np.unique(keys, return_index=True)[1]] = False
    return repeated


def resampled(
    row: np.ndarray, column: np.ndarray, label: np.ndarray, values: np.ndarray, factor: int, tolerance: float = 0.0
) -> np.ndarray:
    """bool (n,): pixels that lie in one coarse pixel with an earlier one of the same label, and are equal to it.

    `values` (n, coarse bands); those that differ by `tolerance` or less are equal. Where the coarse pixels begin
    is not known: of the factor x factor possibilities the one that explains most pixels is taken.
    """
    repeated = np.zeros(len(row), bool)
    if not len(row) or not values.shape[1]:
        return repeated
    for down, right in product(range(factor), repeat=2):
        found = _repeated(combine((row + down) // factor, (column + right) // factor, label), values, tolerance)
        if found.sum() > repeated.sum():
            repeated = found
    return repeated


def _repeated(cell: np.ndarray, values: np.ndarray, tolerance: float) -> np.ndarray:
    """bool (n,): rows that equal the first row of their cell, and are not it."""
    _, first, member = np.unique(cell, return_index=True, return_inverse=True)
    first = first[member.ravel()]
    equal = (np.abs(values - values[first]) <= tolerance).all(axis=1)
    return equal & (first != np.arange(len(cell)))
