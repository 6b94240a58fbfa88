"""Rasters and polygons become a data set that is opened, shown and trained on like any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import rowcol

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.open import open_dataset
from sdm.rasters.build import import_polygons
from sdm.rasters.report import read_report
from sdm.rasters.scenes import read_scenes
from sdm.rasters.sources import ImportOptions, LayerFiles, SiteFiles
from tests.rasters.coast import PIXEL, SITES, write_rasters


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[SiteFiles, ...]:
    """Two sites with two mappers each."""
    folder = tmp_path_factory.mktemp("coast")
    write_rasters(folder)
    return tuple(
        SiteFiles(
            site,
            (LayerFiles((folder / f"scenes/{site}-sentinel2.tif",), "sentinel2", "Sentinel-2"),),
            {mapper: folder / f"scenes/{site}-{mapper}.gpkg" for mapper in "AB"},
            year=2021,
        )
        for site in SITES
    )


@pytest.fixture(scope="module")
def made(sites: tuple[SiteFiles, ...], tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Their pixels as a store."""
    out = tmp_path_factory.mktemp("made") / "types"
    import_polygons(sites, out)
    return open_dataset(out)


def test_pixels_hold_what_the_raster_holds(made: Dataset) -> None:
    assert made.modalities == (PIXEL,)
    assert made.place is not None
    values = made.reader.read(PIXEL, np.arange(len(made)))
    for scene in read_scenes(made.place):
        rows = np.flatnonzero(made.sites["source"] == scene.source)
        with rasterio.open(made.place / scene.layers[0].files[0]) as file:
            row, column = rowcol(file.transform, made.sites["x"][rows], made.sites["y"][rows])
            assert np.array_equal(file.read()[:, np.array(row, int), np.array(column, int)].T, values[rows])


def test_classes_have_their_hierarchy_and_every_split_trains(made: Dataset) -> None:
    assert made.targets.kind is TargetKind.MULTICLASS
    assert made.targets.hierarchy == ("group", "main_type", "name")
    assert list(made.targets.classes["name"][made.targets.values]) == list(made.sites["code"])
    assert set(made.schemes) == {"random", "polygon", "block", "site"}
    assert all(set(made.splits(scheme)) == {"train", "validation", "test"} for scheme in made.schemes)
    assert set(made.sites["country"]) == {"Norway"}
    assert set(made.sites["year"]) == {2021}


def test_the_report_counts_every_pixel(made: Dataset) -> None:
    report = read_report(made.place)
    assert report is not None
    assert report.samples == len(made) == sum(report.classes.values())
    for site in report.sites:
        assert (site.inside, site.missing, site.border) == (3600, 12, 0)
        assert [mapper.used for mapper in site.polygons] == [30, 30]


def test_lime_is_a_number_with_its_own_split(sites: tuple[SiteFiles, ...], tmp_path: Path) -> None:
    report = import_polygons(sites, tmp_path / "lime", ImportOptions(target="lime", most=50))
    made = open_dataset(tmp_path / "lime")
    assert made.targets.kind is TargetKind.REGRESSION
    assert made.targets.values.min() >= 1
    assert made.targets.values.max() <= 9
    assert made.sites.groupby("main_type")["split_main_type"].nunique().max() == 1
    assert set(report.classes.values()) == {50}
    assert report.over_limit > 0
