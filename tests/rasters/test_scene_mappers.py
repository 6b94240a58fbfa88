"""Mappers of a scene stand on the grid of its raster, and damaged files are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.rasters.agreement import agreement_table
from sdm.rasters.mapped_types import combinations_of_types, distinct_types
from sdm.rasters.scene_mappers import common_part, scene_mappings
from sdm.rasters.scenes import read_scenes
from tests.rasters.coast import SIDE, write_rasters


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mapped")
    write_rasters(made)
    return made


def test_a_third_of_the_polygons_differ(folder: Path) -> None:
    mappings, grid = scene_mappings(folder, read_scenes(folder)[0])
    assert list(mappings) == ["A", "B"]
    assert (grid.width, grid.height) == (SIDE, SIDE)
    table = agreement_table(combinations_of_types(mappings, grid))
    assert table.loc[table["level"] == "name", "share"].item() == pytest.approx(2 / 3)
    assert distinct_types(mappings, common_part(mappings, grid)).min() == 1


def test_the_common_part_is_of_whole_pixels(folder: Path) -> None:
    mappings, grid = scene_mappings(folder, read_scenes(folder)[0])
    corner = {mapper: table.iloc[[6]] for mapper, table in mappings.items()}
    part = common_part(corner, grid)
    assert part.width < grid.width
    assert (distinct_types(corner, part) > 0).any()
    assert part.transform.c == grid.transform.c + 120


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    write_rasters(tmp_path)
    scene = read_scenes(tmp_path)[0]
    (tmp_path / scene.mappings[1].file).write_bytes(b"no polygons")
    with pytest.raises(DataError, match="cannot be read"):
        scene_mappings(tmp_path, scene)
