"""Tiles: positions, colours, borders, speed by construction."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from sdm.errors import UnknownNameError
from sdm.geo.mercator import TILE_PIXELS, Tile, project, unproject
from sdm.maps.basemap import THEMES, basemap_tile, draw
from sdm.maps.png import encode, shrunk
from sdm.maps.point_tiles import MARGIN, PointTiles, morton

PALETTE = np.array([[255, 0, 0, 255], [0, 0, 255, 255]], np.uint8)


def tile_of(lon: float, lat: float, zoom: int) -> tuple[Tile, int, int]:
    """The tile a place lies in, and its pixel (column, row) there."""
    x, y = (float(v) * 2**zoom for v in project(np.array(lon), np.array(lat)))
    return Tile(zoom, int(x), int(y)), int(x % 1 * TILE_PIXELS), int(y % 1 * TILE_PIXELS)


@given(some.integers(0, 2**16 - 1), some.integers(0, 2**16 - 1))
def test_morton_interleaves_bits(x: int, y: int) -> None:
    expected = sum((x >> i & 1) << 2 * i | (y >> i & 1) << 2 * i + 1 for i in range(16))
    assert int(morton(np.array([x]), np.array([y]))[0]) == expected


@pytest.mark.parametrize("zoom", [3, 6, 11, 16])
def test_a_point_is_drawn_where_it_is(zoom: int) -> None:
    lon, lat = 9.9312, 57.0481
    tile, column, row = tile_of(lon, lat, zoom)
    image = PointTiles.build(np.array([lon]), np.array([lat])).coloured(np.array([1])).draw(tile, PALETTE)
    assert image[row, column, 2] == 255
    assert image[row, column, 3] > 150
    assert image[(row + 40) % TILE_PIXELS, column, 3] == 0


def test_a_disc_reaches_over_the_border_of_its_tile() -> None:
    lon, lat = unproject(np.array(34.001 / 64), np.array(22.5 / 64))
    points = PointTiles.build(lon[None], lat[None]).coloured(np.array([0]))
    assert points.draw(Tile(6, 33, 22), PALETTE)[:, -1, 3].any()


def test_tiles_hold_every_point_of_a_crowd() -> None:
    random = np.random.default_rng(0)
    lon, lat = random.uniform(4, 12, 5000), random.uniform(48, 56, 5000)
    points = PointTiles.build(lon, lat).coloured(random.integers(0, 2, 5000))
    for place in range(0, 5000, 500):
        tile, column, row = tile_of(lon[place], lat[place], 9)
        assert points.draw(tile, PALETTE)[row, column, 3] > 0


def test_higher_codes_lie_on_top() -> None:
    tile, column, row = tile_of(10, 50, 8)
    image = (
        PointTiles.build(np.array([10.0, 10.0]), np.array([50.0, 50.0]))
        .coloured(np.array([1, 0]))
        .draw(tile, PALETTE)
    )
    assert image[row, column, 2] > image[row, column, 0]


def test_points_without_a_position_are_left_out() -> None:
    points = PointTiles.build(np.array([np.nan, 10.0]), np.array([50.0, np.inf])).coloured(np.array([0, 0]))
    assert len(points.row) == 0
    assert not points.draw(Tile(4, 8, 5), PALETTE).any()


def test_a_filter_draws_the_points_of_its_rows_alone() -> None:
    random = np.random.default_rng(1)
    lon, lat, code = random.uniform(4, 12, 500), random.uniform(48, 56, 500), random.integers(0, 2, 500)
    keep = random.random(500) < 0.3
    chosen = PointTiles.build(lon, lat).coloured(code).where(keep)
    alone = PointTiles.build(lon[keep], lat[keep]).coloured(code[keep])
    for tile in (Tile(4, 8, 5), Tile(6, 33, 21), Tile(9, 268, 170)):
        np.testing.assert_array_equal(chosen.draw(tile, PALETTE), alone.draw(tile, PALETTE))
        np.testing.assert_array_equal(chosen.where(~keep).draw(tile, PALETTE), 0)


@pytest.mark.parametrize("zoom", [0, 3, 8, 12, 15, 16])
def test_points_near_a_tile_are_those_that_reach_it(zoom: int) -> None:
    random = np.random.default_rng(zoom)
    east, north = project(np.array([9.9]), np.array([57.0]))
    spread = 1.5 / 2**zoom
    x, y = (axis[0] + random.uniform(-spread, spread, 3000) for axis in (east, north))
    points = PointTiles.build(*unproject(x, y))
    tile = Tile(zoom, int(east[0] * 2**zoom), int(north[0] * 2**zoom))
    across, down = (axis.astype(np.float64) * 2**zoom for axis in (points.x, points.y))
    edge = MARGIN / TILE_PIXELS
    reach = (np.abs(across - tile.x - 0.5) < 0.5 + edge) & (np.abs(down - tile.y - 0.5) < 0.5 + edge)
    near = points.near(tile)
    assert len(near) == len(set(near.tolist()))
    assert set(np.flatnonzero(reach)) <= set(near.tolist())


def test_png_round_trip() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (TILE_PIXELS, TILE_PIXELS, 4)).astype(np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encode(pixels)))), pixels)


def test_the_base_map_knows_land_sea_and_lakes() -> None:
    theme = THEMES["light"]

    def colour(lon: float, lat: float, zoom: int = 8) -> np.ndarray:
        tile, column, row = tile_of(lon, lat, zoom)
        return draw(tile, theme)[row, column].astype(int)

    north_sea, lake, plain, alps = colour(3, 56), colour(31.4, 60.85), colour(10.0, 53.0), colour(10.5, 46.8)
    assert abs(north_sea - theme.sea).max() < 8
    assert north_sea[2] > north_sea[0]
    assert lake[2] > lake[0]
    assert plain[0] > plain[2]
    assert abs(plain - theme.land[0]).max() < 40
    assert abs(alps - plain).max() > 10


def test_the_base_map_ends_softly_outside_europe() -> None:
    image = draw(Tile(4, 2, 5), THEMES["light"])
    assert (image == np.array(THEMES["light"].beyond)).all()


def test_neighbouring_tiles_join() -> None:
    left, right = draw(Tile(6, 33, 21), THEMES["light"]), draw(Tile(6, 34, 21), THEMES["light"])
    jump = np.abs(left[:, -1].astype(int) - right[:, 0].astype(int)).mean()
    within = np.abs(left[:, -1].astype(int) - left[:, -2].astype(int)).mean()
    assert jump < 3 * within + 2


def test_an_unknown_theme_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match="light, dark"):
        basemap_tile(Tile(4, 8, 5), "pink")


def test_the_margin_holds_the_largest_disc() -> None:
    assert MARGIN >= 5


def test_a_shrunk_picture_keeps_its_shape_and_colours() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, :40] = 200
    small = np.asarray(Image.open(io.BytesIO(shrunk(encode(pixels), 20))))
    assert small.shape == (10, 20, 3)
    assert (small[:, :8] == 200).all() and (small[:, 12:] == 0).all()
