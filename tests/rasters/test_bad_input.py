"""Awkward rasters and polygons: reported, counted, and the rest used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.jobs import Cancelled
from sdm.rasters.build import build_dataset, import_polygons
from sdm.rasters.polygons import OUTSIDE
from sdm.rasters.report import ImportReport
from sdm.rasters.sources import ImportOptions, LayerFiles, SiteFiles
from tests.rasters.files import noise, one_site, write_polygons, write_raster

CODES = ("T4-C-5", "V1-C-1")
SHAPES = (shapely.box(0, 0, 10, 10), shapely.box(20, 20, 30, 30))


def raster(folder: Path, name: str = "a", names: tuple[str, ...] = ("B2", "B3"), seed: int = 0) -> Path:
    return write_raster(folder / f"{name}.tif", noise(len(names), 40, 40, seed), names)


def polygons(folder: Path, name: str = "mapper") -> Path:
    return write_polygons(folder / f"{name}.gpkg", CODES, SHAPES)


def report_of(*sites: SiteFiles, **options: object) -> ImportReport:
    return build_dataset(sites, "data", ImportOptions(**options)).report  # type: ignore[arg-type]


def test_polygons_outside_invalid_and_unknown(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(10, 30), (18, 38), (18, 30), (10, 38)])
    shapes = [*SHAPES, shapely.box(80, 80, 99, 99), bow_tie, shapely.box(30, 0, 40, 10)]
    path = write_polygons(tmp_path / "p.gpkg", [*CODES, "T4-C-5", "T4-C-5", "heath"], shapes)
    site = report_of(one_site(raster(tmp_path), path)).sites[0]
    mapper = site.polygons[0]
    assert (mapper.read, mapper.used, mapper.repaired) == (5, 3, 1)
    assert mapper.left_out == {OUTSIDE: 1, "no known ecosystem type": 1}
    assert site.inside > 200
    assert site.border > 0


def test_overlapping_polygons_share_no_pixel(tmp_path: Path) -> None:
    path = write_polygons(tmp_path / "p.gpkg", CODES, [shapely.box(0, 0, 10, 10), shapely.box(6, 0, 20, 10)])
    report = report_of(one_site(raster(tmp_path), path))
    assert report.sites[0].overlap == 40
    assert report.classes == {"V1-C-1": 100, "T4-C-5": 60}


def test_a_class_with_two_pixels_is_too_few(tmp_path: Path) -> None:
    path = write_polygons(tmp_path / "p.gpkg", CODES, [shapely.box(0, 0, 10, 10), shapely.box(20, 20, 22, 21)])
    report = report_of(one_site(raster(tmp_path), path))
    assert report.too_few == {"V1-C-1": 2}
    assert report.classes == {"T4-C-5": 100}


def test_missing_reference_systems_leave_their_file_out(tmp_path: Path) -> None:
    good = one_site(raster(tmp_path), polygons(tmp_path), name="good")
    nowhere = write_raster(tmp_path / "nowhere.tif", noise(2, 40, 40), ("B2", "B3"), crs=None)
    unplaced = write_polygons(tmp_path / "unplaced.shp", CODES, SHAPES, crs=None)
    report = report_of(good, one_site(nowhere, polygons(tmp_path), name="bad"))
    assert [site.name for site in report.sites] == ["good"]
    assert "reference system" in report.failed["bad"]
    second = report_of(one_site(raster(tmp_path), polygons(tmp_path), unplaced))
    assert "reference system" in second.failed["site, unplaced"]
    assert second.samples == 200
    with pytest.raises(DataError, match="reference system"):
        report_of(one_site(nowhere, polygons(tmp_path)))


def test_a_raster_without_values_is_an_error(tmp_path: Path) -> None:
    empty = write_raster(tmp_path / "empty.tif", np.zeros((2, 40, 40), np.uint16), ("B2", "B3"), nodata=0)
    with pytest.raises(DataError, match="no value"):
        report_of(one_site(empty, polygons(tmp_path)))
    report = report_of(
        one_site(raster(tmp_path), polygons(tmp_path), name="good"), one_site(empty, polygons(tmp_path))
    )
    assert "no value" in report.failed["site"]


def test_pixels_without_a_value_are_left_out(tmp_path: Path) -> None:
    values = noise(2, 40, 40)
    values[1, :5, :5] = 0
    path = write_raster(tmp_path / "a.tif", values, ("B2", "B3"), nodata=0)
    site = report_of(one_site(path, polygons(tmp_path))).sites[0]
    assert (site.inside, site.missing, site.samples) == (200, 25, 175)


def test_bands_in_another_order_are_brought_to_the_first(tmp_path: Path) -> None:
    values = noise(3, 40, 40, 5)
    one = write_raster(tmp_path / "one.tif", values, ("B2", "B3", "B4"))
    other = write_raster(tmp_path / "other.tif", values[[2, 0, 1]], ("B4", "B2", "B3"))
    sites = [one_site(path, polygons(tmp_path), name=path.stem) for path in (one, other)]
    made = build_dataset(sites, "data", ImportOptions())
    data = made.dataset
    assert data.modalities == ("pixel-B2-B3-B4",)
    values = data.reader.read(data.modalities[0], np.arange(len(data)))
    np.testing.assert_array_equal(values[:200], values[200:])
    assert any("order" in note for note in made.report.sites[1].notes)


def test_other_bands_are_one_error_that_names_both(tmp_path: Path) -> None:
    sites = [
        one_site(raster(tmp_path, "one"), polygons(tmp_path), name="one"),
        one_site(raster(tmp_path, "two", ("B2", "B8")), polygons(tmp_path), name="two"),
    ]
    problem = report_of(*sites).failed["two"]
    assert "B2, B3" in problem
    assert "B2, B8" in problem


def test_bands_are_taken_by_position_where_that_is_wanted(tmp_path: Path) -> None:
    sites = [
        one_site(raster(tmp_path, "one", ("NIR", "R", "G")), polygons(tmp_path), name="one"),
        one_site(raster(tmp_path, "two", ("R", "G", "B"), 1), polygons(tmp_path), name="two"),
    ]
    report = report_of(*sites, by_position=True)
    assert report.modalities == ("pixel-c1to3",)
    assert len(report.sites) == 2


def test_surplus_bands_are_not_used(tmp_path: Path) -> None:
    sites = [
        one_site(raster(tmp_path, "one"), polygons(tmp_path), name="one"),
        one_site(raster(tmp_path, "two", ("B2", "B3", "B4")), polygons(tmp_path), name="two"),
    ]
    assert any("B4" in note for note in report_of(*sites).sites[1].notes)


def test_resampled_bands_leave_one_pixel_of_four(tmp_path: Path) -> None:
    fine, coarse = noise(1, 40, 40), noise(2, 20, 20, 1).repeat(2, 1).repeat(2, 2)
    path = write_raster(tmp_path / "a.tif", np.concatenate([fine, coarse]), ("B2", "B5", "B11"))
    site = report_of(one_site(path, polygons(tmp_path))).sites[0]
    assert (site.equal, site.resampled, site.samples) == (0, 150, 50)
    assert site.duplicate_share == 0.75
    assert report_of(one_site(path, polygons(tmp_path)), drop_duplicates=False).samples == 200


def test_another_layer_on_another_grid(tmp_path: Path) -> None:
    radar = write_raster(tmp_path / "radar.tif", noise(1, 20, 20).repeat(4, 1).repeat(4, 2), ("VV",))
    layers = LayerFiles((raster(tmp_path),)), LayerFiles((radar,), "radar", "Radar")
    data = build_dataset([SiteFiles("site", layers, {"m": polygons(tmp_path)})], "data", ImportOptions()).dataset
    assert data.modalities == ("pixel-B2-B3", "pixel-VV")
    assert data.reader.read("pixel-VV", np.arange(3)).shape == (3, 1)


def test_codes_of_another_system_are_classes_as_they_stand(tmp_path: Path) -> None:
    path = write_polygons(tmp_path / "p.gpkg", ["pine", "birch"], SHAPES)
    targets = build_dataset([one_site(raster(tmp_path), path)], "data", ImportOptions()).dataset.targets
    assert list(targets.classes["name"]) == ["birch", "pine"]


@pytest.mark.parametrize(("level", "names"), [("main_type", ["T4", "V1"]), ("group", ["T", "V"])])
def test_coarser_levels(tmp_path: Path, level: str, names: list[str]) -> None:
    data = build_dataset([one_site(raster(tmp_path), polygons(tmp_path))], "d", ImportOptions(level=level)).dataset
    assert list(data.targets.classes["name"]) == names


def test_nothing_left_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no sample is left"):
        report_of(one_site(raster(tmp_path), polygons(tmp_path)), image=32)


def test_an_import_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    def cancel(_done: int, _total: int, what: str) -> None:
        if what.startswith("pixel"):
            raise Cancelled

    out = tmp_path / "made" / "data"
    with pytest.raises(Cancelled):
        import_polygons([one_site(raster(tmp_path), polygons(tmp_path))], out, report=cancel)
    assert [path.name for path in out.parent.iterdir() if path.suffix != ".lock"] == []
    import_polygons([one_site(raster(tmp_path), polygons(tmp_path))], out)
    assert len(open_dataset(out)) == 200
