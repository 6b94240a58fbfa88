"""What of a file of polygons can be used, and how much of the rest is left out for which reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from sdm.errors import DataError
from sdm.rasters.labelling import labelling_of
from sdm.rasters.polygons import EMPTY, NOT_A_POLYGON, OUTSIDE, REPEATED, Polygons, read_polygons
from sdm.rasters.stack import RasterStack
from tests.rasters.files import noise, write_polygons, write_raster

BOW_TIE = shapely.Polygon([(20, 20), (24, 24), (24, 20), (20, 24)])


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RasterStack]:
    """40 x 40 pixels."""
    with RasterStack([write_raster(tmp_path / "raster.tif", noise(1, 40, 40))]) as opened:
        yield opened


def read(path: Path, stack: RasterStack) -> Polygons:
    return read_polygons(path, ["code"], stack, labelling_of(["T4-C-5"], "name").read)


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:4326"])
def test_formats_and_reference_systems_are_alike(
    tmp_path: Path, stack: RasterStack, suffix: str, crs: str
) -> None:
    path = write_polygons(
        tmp_path / f"p.{suffix}", ["t4-c5", "V1-C-1"], [shapely.box(1, 1, 9, 9), shapely.box(9, 1, 20, 9)], crs
    )
    polygons = read(path, stack)
    assert list(polygons.table["code"]) == ["T4-C-5", "V1-C-1"]
    assert list(polygons.table["polygon"]) == [1, 2]
    assert polygons.table.crs == stack.crs
    geometries, _ = polygons.on_grid(stack.transform)
    np.testing.assert_allclose(shapely.bounds(geometries)[:, 0], [1, 9], atol=1e-3)


def test_what_cannot_be_used_is_counted_by_reason(tmp_path: Path, stack: RasterStack) -> None:
    good = shapely.box(1, 1, 9, 9)
    shapes = [
        good,
        BOW_TIE,
        shapely.box(90, 90, 99, 99),
        None,
        shapely.Polygon(),
        good,
        shapely.box(9, 1, 12, 9),
        good,
    ]
    codes = ["T4-C-5", "T4-C-5", "T4-C-5", "T4-C-5", "V1-C-1", "heath", None, "T4-C-5"]
    polygons = read(write_polygons(tmp_path / "p.gpkg", codes, shapes), stack)
    assert polygons.read == 8
    assert polygons.repaired == 1
    assert polygons.left_out == {
        OUTSIDE: 1, EMPTY: 2, "no known ecosystem type": 1, "no code": 1, REPEATED: 1,
    }  # fmt: skip
    assert polygons.unread == {"heath": 1}
    assert shapely.is_valid(polygons.table.geometry.to_numpy()).all()
    assert len(polygons.table) == 2


def test_points_and_lines_are_no_polygons(tmp_path: Path, stack: RasterStack) -> None:
    path = write_polygons(tmp_path / "p.gpkg", ["T4-C-5"] * 2, [shapely.Point(3, 3), shapely.box(0, 0, 9, 9)])
    assert read(path, stack).left_out == {NOT_A_POLYGON: 1}


def test_what_overlaps_belongs_to_none(tmp_path: Path, stack: RasterStack) -> None:
    shapes = [shapely.box(0, 0, 10, 10), shapely.box(6, 0, 20, 10), shapely.box(20, 0, 30, 10)]
    polygons = read(write_polygons(tmp_path / "p.gpkg", ["T4-C-5", "V1-C-1", "T4-C-5"], shapes), stack)
    geometries, overlaps = polygons.on_grid(stack.transform)
    assert shapely.area(geometries).tolist() == [60, 100, 100]
    assert shapely.area(overlaps).tolist() == [40]
    assert polygons.table.geometry.area.tolist() == [10_000, 14_000, 10_000]  # as they were mapped


def test_codes_that_are_numbers_have_no_decimals(tmp_path: Path, stack: RasterStack) -> None:
    path = write_polygons(tmp_path / "p.gpkg", [1.0, 2.0, None], [shapely.box(i, 0, i + 1, 9) for i in range(3)])
    polygons = read_polygons(path, ["code"], stack, labelling_of(["1"], "name").read)
    assert list(polygons.table["code"]) == ["1", "2"]


def test_errors_name_what_is_there(tmp_path: Path, stack: RasterStack) -> None:
    path = write_polygons(tmp_path / "p.gpkg", ["T4-C-5"], [shapely.box(1, 1, 9, 9)])
    with pytest.raises(DataError) as problem:
        read_polygons(path, ["kode"], stack, lambda code: (code, ""))
    assert problem.value.got is not None
    assert "code" in problem.value.got
    nowhere = write_polygons(tmp_path / "n.shp", ["T4-C-5"], [shapely.box(1, 1, 9, 9)], crs=None)
    with pytest.raises(DataError, match="reference system") as problem:
        read(nowhere, stack)
    assert problem.value.remedy
    (tmp_path / "text.gpkg").write_text("no polygons")
    for name in ("text.gpkg", "absent.gpkg"):
        with pytest.raises(DataError):
            read(tmp_path / name, stack)
