"""The picture of Europe under the figures."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.geo.coastline import EAST, WEST
from sdm.geo.mercator import Tile, mercator_y
from sdm.maps.point_tiles import PointTiles
from sdm.maps.stitched_tiles import extent, picture

PALETTE = np.array([[255, 0, 0, 255]], np.uint8)


@pytest.mark.parametrize("zoom", [3, 4])
def test_a_point_is_where_the_figure_puts_it(zoom: int) -> None:
    lon, lat = 12.5, 55.7
    points = PointTiles.build(np.array([lon]), np.array([lat]))
    image = picture(lambda tile: points.draw(tile, PALETTE), zoom)
    line, column = np.unravel_index(image[..., 3].argmax(), image.shape[:2])
    west, east, south, north = extent()
    assert column == pytest.approx((lon - west) / (east - west) * image.shape[1], abs=1)
    assert line == pytest.approx((north - float(mercator_y(lat))) / (north - south) * image.shape[0], abs=1)


def test_it_is_cut_to_the_mapped_window() -> None:
    asked: list[Tile] = []

    def draw(tile: Tile) -> np.ndarray:
        asked.append(tile)
        return np.zeros((256, 256, 3), np.uint8)

    height, width, _ = picture(draw, 4).shape
    assert width == round((EAST - WEST) / 360 * 4096)
    assert abs(height - width) < 30
    assert len(asked) == 16
