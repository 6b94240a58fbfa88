"""Strips are those that the borders of each pixel's own lattice make."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.virtual_europe.landscape.lattice import child_key, high_bits
from sdm.virtual_europe.landscape.parcels import cut_strips


def interval(position: np.ndarray, step: np.ndarray, key: np.ndarray, spread: float) -> tuple[np.ndarray, ...]:
    """Number of the interval of each position, and its ends, pixel by pixel."""

    def border(number: np.ndarray) -> np.ndarray:
        drawn = high_bits(child_key(key, number)) - np.float32(0.5)
        return number.astype(np.float32) + np.float32(0.8 * spread) * drawn

    scaled = position / step
    number = np.floor(scaled).astype(np.int64)
    number += (scaled >= border(number + 1)).astype(np.int64) - (scaled < border(number))
    lower, upper = border(number), border(number + 1)
    return number, np.minimum(scaled - lower, upper - scaled) * step, np.float32(0.5) * (lower + upper) * step


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.floats(0.0, 0.9))
def test_pieces_are_those_of_each_pixel_alone(seed: int, lattices: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    key = random.integers(0, 2**63, lattices).astype(np.uint64)
    angle, width, length = random.uniform(3.0, 20.0, (3, lattices)).astype(np.float32)
    of = random.integers(0, lattices, 200)
    east, south, bend = random.uniform(-90.0, 90.0, (3, 200)).astype(np.float32)
    cut = cut_strips(key, of, angle, width, length, (east, south, bend), spread)
    cos, sin = np.cos(angle)[of], np.sin(angle)[of]
    np.testing.assert_array_equal(cut.across, cos * east + sin * south + bend)
    strip, off, middle = interval(cut.across, width[of], key[of], spread)
    own = child_key(key[of], strip)
    piece, off_end, middle_along = interval(cut.along, length[of], own, spread)
    np.testing.assert_array_equal(cut.key[cut.of], child_key(own, piece))
    np.testing.assert_array_equal(cut.edge, np.minimum(off, off_end))
    np.testing.assert_array_equal(cut.middle_east[cut.of], cos * middle - sin * middle_along)
    np.testing.assert_array_equal(cut.whole[cut.of], of)
    assert len(np.unique(cut.key)) == len(cut.key) == len(np.unique(cut.of))
