"""The land of Europe as a grid, and the truth on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.geo.coastline import is_land
from sdm.virtual_europe import flora
from sdm.virtual_europe.description import World, world_of
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.grid import land_grid, true_probability
from sdm.virtual_europe.occurrence import probabilities
from tests.datasets import multilabel

STEP = 4.0


def test_cells_are_land_by_their_centre() -> None:
    grid = land_grid(0, STEP)
    assert grid.shape == (len(grid.lat_edges) - 1, len(grid.lon_edges) - 1)
    assert is_land(grid.places.lon, grid.places.lat).all()
    row, column = np.divmod(grid.cell, grid.shape[1])
    assert np.allclose(grid.places.lon, grid.lon_edges[column] + STEP / 2)
    assert np.allclose(grid.places.lat, grid.lat_edges[row] + STEP / 2)


def test_values_go_where_they_belong() -> None:
    grid = land_grid(0, STEP)
    whole = grid.spread(np.arange(len(grid), dtype=np.float32))
    assert np.isfinite(whole).sum() == len(grid)
    assert whole.ravel()[grid.cell].tolist() == list(range(len(grid)))


@pytest.mark.parametrize("count", [394, 420])
def test_the_truth_is_that_of_the_flora(count: int) -> None:
    grid = land_grid(0, STEP)
    every = probabilities(places(grid.places.lon, grid.places.lat, 2019, 0), count)
    for column in (0, 271, count - 1):
        species_id = int(flora.species_ids(count)[column])
        assert np.allclose(true_probability(grid, species_id, count), every[:, column], atol=1e-6)


def test_no_truth_for_a_stranger() -> None:
    assert true_probability(land_grid(0, STEP), int(flora.species_ids(395)[394]), 394) is None


def test_a_tree_tells_its_world(tiny_tree: Path) -> None:
    dataset = open_dataset(tiny_tree)
    assert world_of(dataset) == World(str(dataset.world_version), 0, 394, "tiny")
    assert world_of(replace(dataset, simulated=False)) is None


def test_other_data_tell_none(tmp_path: Path) -> None:
    assert world_of(multilabel()) is None
    dataset = replace(multilabel(), place=tmp_path, world_version="1")
    assert world_of(dataset) is None
    (tmp_path / "world.json").write_text("not json")
    with pytest.raises(DataError):
        world_of(dataset)
