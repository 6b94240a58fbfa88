"""Images lie wholly inside one polygon and do not overlap."""

from __future__ import annotations

import numpy as np
import shapely

from sdm.rasters.images import find_images


def boxes(polygons: list[shapely.Geometry], side: int, stride: int) -> tuple[np.ndarray, np.ndarray]:
    row, column, number = find_images(np.array(polygons, object), side, stride)
    return shapely.box(column, row, column + side, row + side), number


def test_inside_and_apart() -> None:
    polygons = [shapely.Point(100, 90).buffer(80), shapely.box(200.5, 3, 264.9, 70)]
    images, number = boxes(polygons, 32, 32)
    assert set(number) == {0, 1}
    assert shapely.covers(np.array(polygons, object)[number], images).all()
    one, other = shapely.STRtree(images).query(images, predicate="overlaps")
    assert not len(one), (one, other)


def test_the_grid_begins_where_most_fit() -> None:
    images, _ = boxes([shapely.box(9, 9, 73, 73)], 32, 32)
    assert len(images) == 4  # a grid from the corner of the raster would hold one


def test_a_smaller_stride_gives_more() -> None:
    polygons = [shapely.box(0, 0, 64, 64)]
    assert len(boxes(polygons, 32, 16)[0]) == 9


def test_none_fits() -> None:
    assert not len(boxes([shapely.box(0, 0, 31, 400), shapely.Polygon()], 32, 32)[0])
