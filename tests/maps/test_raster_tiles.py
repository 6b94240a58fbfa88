"""Tiles of rasters and polygons: every pixel where it lies, gaps, neighbours that join, speed by construction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.errors import DataError, UnknownNameError
from sdm.geo.mercator import Tile
from sdm.maps.class_colours import class_colours, levels, value_colours
from sdm.maps.polygon_tiles import FILL, PolygonTiles
from sdm.maps.raster_tiles import RasterTiles
from sdm.rasters.scenes import read_scenes
from tests.rasters.coast import CODES, POLYGON, SITES, at, class_of, coast, write_rasters


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("scenes")
    write_rasters(place)
    return place


@pytest.mark.parametrize("zoom", [15, 17, 19])
@pytest.mark.parametrize("site", SITES)
def test_a_pixel_is_drawn_where_it_lies(folder: Path, site: str, zoom: int) -> None:
    scene = next(one for one in read_scenes(folder) if one.source == site)
    tiles = RasterTiles.build(scene.layers[0], folder)
    tiles._limits["B2"] = np.array([[0.0, 2550.0]])
    stored = tiles.overview[0]
    for row, column in ((5, 5), (30, 41), (59, 59), (20, 3)):
        tile, line, place = at(site, row, column, zoom)
        picture = tiles.draw(tile, "B2")
        assert picture is not None
        assert picture[line, place, 3] == 255
        assert abs(int(picture[line, place, 0]) - np.clip(stored[row, column] / 10, 0, 255)) <= 1


def test_gaps_and_what_lies_outside_are_transparent(folder: Path) -> None:
    tiles = RasterTiles.build(read_scenes(folder)[0].layers[0], folder)
    tile, line, column = at("Landsvik", 1, 1, 17)
    picture = tiles.draw(tile, "natural")
    assert picture is not None and picture[line, column, 3] == 0
    tile, line, column = at("Landsvik", -2, 30, 17)
    picture = tiles.draw(tile, "natural")
    assert picture is None or picture[line, column, 3] == 0
    assert tiles.draw(at("Vega", 30, 30, 12)[0], "natural") is None
    with pytest.raises(UnknownNameError):
        tiles.draw(at("Landsvik", 30, 30, 12)[0], "purple")


def test_neighbouring_tiles_join(folder: Path) -> None:
    tiles = RasterTiles.build(read_scenes(folder)[0].layers[1], folder)
    tile = at("Landsvik", 30, 30, 16)[0]
    for other in (Tile(16, tile.x + 1, tile.y), Tile(16, tile.x - 1, tile.y)):
        column, _ = tiles.grid.positions(tile)
        beyond, _ = tiles.grid.positions(other)
        step = column[0, 1] - column[0, 0]
        near = (beyond[0, 0] - column[0, -1]) if other.x > tile.x else (column[0, 0] - beyond[0, -1])
        assert near == pytest.approx(step, rel=0.02)


def test_polygons_have_the_colour_of_their_class_and_an_outline(folder: Path) -> None:
    mapped = PolygonTiles.read(folder / "scenes/Landsvik-A.gpkg")
    palette = class_colours(coast().targets).rgb(np.array(CODES, object))
    for row, column in ((5, 5), (25, 30), (55, 55)):
        tile, line, place = at("Landsvik", row, column, 18)
        picture = mapped.draw(tile, palette)
        code = CODES[int(class_of(POLYGON[row, column], "Landsvik"))]
        assert picture is not None and tuple(picture[line, place]) == (*palette[code], FILL)
    whole = mapped.draw(at("Landsvik", 30, 30, 15)[0], palette)
    assert whole is not None and len(np.unique(whole[..., 3])) == 3
    assert mapped.draw(at("Vega", 30, 30, 15)[0], palette) is None


def test_a_class_without_a_colour_is_left_out(folder: Path) -> None:
    mapped = PolygonTiles.read(folder / "scenes/Landsvik-A.gpkg")
    assert mapped.draw(at("Landsvik", 5, 5, 16)[0], {}) is None
    with pytest.raises(DataError):
        PolygonTiles.read(folder / "scenes.json")


def test_every_level_has_colours_that_tell_groups_apart() -> None:
    targets = coast().targets
    assert levels(targets) == ("class", "main_type", "group")
    for level, count in (("class", 5), ("main_type", 3), ("group", 2)):
        made = class_colours(targets, level)
        assert len(set(made.colour.values())) == len(made.colour) == count
        assert made.rgb(np.array(CODES, object)).keys() == set(CODES)
    with pytest.raises(UnknownNameError, match="main_type"):
        class_colours(targets, "colour")


def test_numbers_run_through_one_ramp_and_nothing_known_has_no_colour() -> None:
    made = value_colours({"a": 1.0, "b": 5.0, "c": 9.0, "d": float("nan")})
    assert set(made) == {"a", "b", "c"} and len(set(made.values())) == 3
    assert value_colours({}) == {} and len(value_colours({"a": 2.0})) == 1
