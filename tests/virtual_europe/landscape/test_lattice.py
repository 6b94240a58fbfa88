"""Smooth fields on the lattice: the same in every window, unit variance, unlike in other years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.virtual_europe.landscape.lattice import Windows, child_key, field, high_bits, low_bits, windows_at

CELLS = [(64, 32, 16), (8, 4, 2, 1), (4,), (1,)]


def square(west: int, north: int, size: int) -> Windows:
    return Windows(np.array([west]), np.array([north]), size)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(-500_000, 500_000), st.integers(-500_000, 500_000), st.sampled_from(CELLS),
    st.integers(0, 15), st.integers(0, 15),
)  # fmt: skip
def test_windows_and_single_pixels_agree_to_the_bit(
    west: int, north: int, cells: tuple[int, ...], right: int, down: int
) -> None:
    here = field(square(west, north, 20), "test", 3, cells).reshape(20, 20)
    moved = field(square(west + right, north + down, 20), "test", 3, cells).reshape(20, 20)
    np.testing.assert_array_equal(here[down:, right:], moved[: 20 - down, : 20 - right])
    alone = field(Windows(np.array([west + right]), np.array([north + down])), "test", 3, cells)
    assert alone[0] == here[down, right]


@pytest.mark.parametrize("cells", CELLS)
def test_mean_and_variance(cells: tuple[int, ...]) -> None:
    values = field(square(0, 0, 1024), "test", 0, cells, 0.6)
    assert abs(float(values.mean())) < 0.1
    assert float(values.std()) == pytest.approx(1.0, abs=0.1)


def test_neighbours_are_alike_and_far_pixels_are_not() -> None:
    grid = field(square(0, 0, 512), "test", 0, (32,)).reshape(512, 512)
    assert np.corrcoef(grid[:, 1:].ravel(), grid[:, :-1].ravel())[0, 1] > 0.99
    assert abs(np.corrcoef(grid[:, 200:].ravel(), grid[:, :-200].ravel())[0, 1]) < 0.2


def test_each_window_has_the_field_of_its_year() -> None:
    twice = Windows(np.array([7, 7]), np.array([9, 9]), 8)
    first, second = field(twice, "haze", 0, (8,), year=np.array([2018, 2019])).reshape(2, -1)
    alone = field(square(7, 9, 8), "haze", 0, (8,), year=np.array([2019]))
    np.testing.assert_array_equal(second, alone)
    assert np.abs(first - second).max() > 0.1


def test_names_and_seeds_are_independent() -> None:
    fields = [field(square(0, 0, 512), name, seed, (8,)) for name, seed in (("a", 0), ("b", 0), ("a", 1))]
    assert np.abs(np.corrcoef(fields) - np.eye(3)).max() < 0.1


def test_the_two_halves_of_a_key_are_independent_and_uniform() -> None:
    key = child_key(np.arange(20_000, dtype=np.uint64), 5)
    low, high = low_bits(key), high_bits(key)
    assert abs(np.corrcoef(low, high)[0, 1]) < 0.03
    for part in (low, high):
        np.testing.assert_allclose(np.quantile(part, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.02)


def test_a_position_lies_in_the_middle_of_its_window() -> None:
    wide, alone = windows_at(np.array([9.5]), np.array([56.2]), 64), windows_at(np.array([9.5]), np.array([56.2]))
    assert (wide.west[0] + 32, wide.north[0] + 32) == (alone.west[0], alone.north[0])
