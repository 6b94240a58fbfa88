"""Tiles of a species' map: a ramp whose lightness tells the order, presence from a threshold on, hatching."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from sdm.errors import UnknownNameError
from sdm.geo.mercator import Tile
from sdm.inference.species_map import MAP, profile
from sdm.maps.intensity_ramp import RAMPS, bar_colours, intensity_ramp
from sdm.maps.species_map_tiles import OUTSIDE, PRESENCE, VALUE, draw, open_map, tags_of, top_of, value_at

TILE = Tile(10, 534, 358)  # about 7.7 to 8.1 degrees east


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """From 7.5 to 8.5 degrees east and 46 to 48 north: 0.2 in the west, 0.8 in the east, one row of sea."""
    place = tmp_path_factory.mktemp("map")
    values = np.where(np.arange(100) < 50, 0.2, 0.8).astype(np.float32) + np.zeros((200, 1), np.float32)
    values[0] = np.nan
    with rasterio.open(
        place / MAP, "w", **profile("EPSG:4326", from_origin(7.5, 48, 0.01, 0.01), 200, 100)
    ) as file:
        file.write(values, 1)
        file.update_tags(SPECIES="Abies")
    return place


@pytest.mark.parametrize("theme", list(RAMPS))
def test_values_presence_and_hatching_are_drawn(folder: Path, theme: str) -> None:
    tiles = open_map(folder)
    assert top_of(tiles) == pytest.approx(0.8)
    value = draw(tiles, TILE, VALUE, theme, 1.0)
    present = draw(tiles, TILE, PRESENCE, theme, 0.5)
    hatched = draw(tiles, TILE, OUTSIDE, theme, 0.5)
    assert value is not None and present is not None and hatched is not None
    assert (value[..., 3] > 0).all()
    there = present[..., 3] > 0
    assert 0 < there.mean() < 1 and there[:, -1].all() and not there[:, 0].any()
    assert not (hatched[..., 3] > 0)[~there].any()
    assert (hatched[..., 3] > 0)[there].mean() == pytest.approx(0.25, abs=0.02)


def test_a_look_that_is_none_is_refused_and_a_tile_elsewhere_is_empty(folder: Path) -> None:
    tiles = open_map(folder)
    assert draw(tiles, Tile(10, 0, 0), VALUE, "light", 1.0) is None
    for look, theme in (("shade", "light"), (VALUE, "sepia")):
        with pytest.raises(UnknownNameError):
            draw(tiles, TILE, look, theme, 1.0)


def test_a_place_is_read(folder: Path) -> None:
    assert value_at(folder, 7.6, 47) == pytest.approx(0.2)
    assert value_at(folder, 8.4, 47) == pytest.approx(0.8)
    assert np.isnan(value_at(folder, 0, 0)) and np.isnan(value_at(folder, 7.6, 47.999))
    assert tags_of(folder)["SPECIES"] == "Abies"


@pytest.mark.parametrize(("theme", "sign"), [("light", -1), ("dark", 1)])
def test_lightness_tells_the_order(theme: str, sign: int) -> None:
    drawn = intensity_ramp(np.append(np.linspace(0.1, 1, 20), np.nan)[None], 1.0, theme)[0].astype(float)
    assert drawn[-1, 3] == 0
    assert (sign * np.diff(drawn[:-1, :3] @ [0.299, 0.587, 0.114]) > 0).all()
    assert len(bar_colours(theme)) == 9
