"""A pixel counts where its whole square lies in one polygon: compared with shapely's own answer."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from sdm.rasters.pixels import NONE, PixelFinder

SIZE = 16
NOTHING = np.empty(0, object)
SQUARES = shapely.box(
    *(np.indices((SIZE, SIZE))[i] for i in (1, 0)), *(np.indices((SIZE, SIZE))[i] + 1 for i in (1, 0))
)


def found(polygons: np.ndarray, overlaps: np.ndarray = NOTHING, side: int = SIZE) -> np.ndarray:
    """The polygon of each pixel, by windows of `side`."""
    finder = PixelFinder(polygons, overlaps)
    whole = np.full((SIZE, SIZE), NONE - 1)
    for row in range(0, SIZE, side):
        for column in range(0, SIZE, side):
            window = Window(column, row, min(side, SIZE - column), min(side, SIZE - row))
            whole[window.toslices()] = finder.find(window).polygon
    return whole


@st.composite
def polygon(draw: st.DrawFn) -> shapely.Geometry:
    """A star-shaped polygon about some pixel, its corners on quarters of a pixel, so that some are on edges."""
    count = draw(st.integers(3, 9))
    radii = draw(st.lists(st.floats(0.5, 12), min_size=count, max_size=count))
    x, y = draw(st.floats(-2, SIZE + 2)), draw(st.floats(-2, SIZE + 2))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    corners = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], axis=1)
    return shapely.make_valid(shapely.Polygon(np.round(corners * 4) / 4))


@settings(max_examples=50)
@given(polygon(), st.sampled_from([3, 5, SIZE]))
def test_exactly_the_pixels_shapely_contains(shape: shapely.Geometry, side: int) -> None:
    expected = shapely.contains(shape, SQUARES)
    np.testing.assert_array_equal(found(np.array([shape], object), side=side) == 0, expected)


def test_neighbours_that_share_an_edge_lose_no_pixel() -> None:
    polygons = np.array([shapely.box(0, 0, 8, SIZE), shapely.box(8, 0, SIZE, SIZE)], object)
    expected = np.repeat([[0] * 8 + [1] * 8], SIZE, axis=0)
    np.testing.assert_array_equal(found(polygons), expected)
    np.testing.assert_array_equal(found(polygons, side=5), expected)


def test_a_hole_and_a_border_are_not_inside() -> None:
    ring = shapely.box(0.5, 0.5, 12, 12) - shapely.box(4, 4, 6, 6)
    pixels = PixelFinder(np.array([ring], object), NOTHING).find(Window(0, 0, SIZE, SIZE))
    inside = pixels.polygon == 0
    assert inside.sum() == 11 * 11 - 4
    assert not inside[4:6, 4:6].any()
    assert not inside[0].any()


def test_pixels_across_a_border_and_in_overlaps_are_counted() -> None:
    polygons, shared = np.array([shapely.box(0, 0, 3.6, 3)], object), np.array([shapely.box(8, 8, 10, 10)], object)
    pixels = PixelFinder(polygons, shared).find(Window(0, 0, SIZE, SIZE))
    assert (pixels.polygon == 0).sum() == 9
    assert (pixels.border, pixels.overlap) == (3, 4)
    nothing_left = np.array([shapely.Polygon()], object)
    assert PixelFinder(nothing_left, shared).find(Window(0, 0, SIZE, SIZE)).overlap == 4
