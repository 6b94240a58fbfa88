"""The files of a small simulated mountain."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

from sdm.virtual_mountain.features import FEATURES, MASKED
from sdm.virtual_mountain.land import make_land
from sdm.virtual_mountain.parameters import (
    LABELLED,
    SITES,
    UNSEEN,
    Mountain,
    acquisitions,
    classes,
    covers,
    spectra,
)
from sdm.virtual_mountain.scenes import make_scene
from sdm.virtual_mountain.write import LABELLED_FILE, TRUTH, tile_file, truth_file, write_mountain


@pytest.fixture(scope="module")
def labelled(mountain: Path) -> pd.DataFrame:
    return pd.read_csv(mountain / LABELLED_FILE)


def test_the_labelled_export_has_24_columns_and_integer_bands(labelled: pd.DataFrame) -> None:
    assert sorted(labelled.columns) == sorted([*FEATURES, "Class", "image_date", "longitude", "latitude"])
    assert set(labelled["Class"]) == set(classes())
    assert all(labelled[name].dtype.kind == "i" for name in ("B1", "B8A", "AOT", "TCI_R"))
    seen = labelled[labelled["B8"] != MASKED]
    ndwi = (seen["B3"] - seen["B8"]) / (seen["B3"] + seen["B8"])
    assert seen["NDWI"].to_numpy() == pytest.approx(ndwi.to_numpy(), abs=1e-6)
    assert (labelled.loc[labelled["B8"] == MASKED, list(FEATURES)] == MASKED).all(axis=None)


def test_a_date_that_is_there_twice_has_almost_the_same_values(labelled: pd.DataFrame) -> None:
    key = ["longitude", "latitude", "image_date"]
    twice = labelled[labelled.duplicated(key, keep=False) & (labelled["B8"] != MASKED)]
    assert len(twice) > 10
    pairs = twice.groupby(key)["B8"].agg(["min", "max", "size"])
    assert (pairs["size"] == 2).all()
    assert 0 < (pairs["max"] / pairs["min"] - 1).mean() < 0.03


def test_a_tile_is_a_raw_export_of_its_own_pixels(mountain: Path, small: Mountain) -> None:
    tiles = [pd.read_csv(mountain / tile_file(0, column)) for column in range(2)]
    first = tiles[0]
    assert list(first.columns[[0, -1]]) == ["system:index", ".geo"]
    assert {"month", "patch_id", "image_date"} <= set(first.columns)
    assert first["system:index"].is_unique
    assert set(json.loads(first[".geo"][0])) == {"geodesic", "type", "coordinates"}
    assert (first["image_date"].str[5:7].astype(int) == first["month"]).all()
    places = [set(tile[".geo"]) for tile in tiles]
    assert not places[0] & places[1]
    assert len(places[0]) == pytest.approx(small.tile**2, abs=small.tile)


def test_the_truth_is_a_raster_of_each_site(mountain: Path) -> None:
    for site in SITES:
        with rasterio.open(mountain / truth_file(site)) as file:
            assert (file.descriptions, file.crs.to_epsg(), file.res) == (TRUTH, 32651, (10, 10))
            assert set(np.unique(file.read(1))) <= set(range(len(classes()) + 1))


def test_a_mountain_is_a_function_of_its_seed(tiny: Mountain) -> None:
    image = acquisitions(UNSEEN.name)[5]
    one, again, other = (make_scene(make_land(UNSEEN, 60, seed, tiny), image) for seed in (3, 3, 4))
    assert np.array_equal(one.reflectance, again.reflectance)
    assert np.array_equal(one.clear, again.clear)
    assert not np.array_equal(one.reflectance, other.reflectance)


def test_files_are_the_same_whenever_they_are_written(tmp_path: Path, tiny: Mountain) -> None:
    for name in ("one", "again"):
        write_mountain(tmp_path / name, mountain=tiny)
    files = [(tmp_path / name / LABELLED_FILE).read_bytes() for name in ("one", "again")]
    assert files[0] == files[1]
    assert gzip.decompress(files[0]).startswith(b"AOT,B1,")


def test_tables_are_whole() -> None:
    assert spectra().shape == (len(covers()), 3, 12)
    assert np.isfinite(spectra()).all()
    assert len(classes()) == 5
    for site in SITES:
        assert sum(cover.shares[site.name] for cover in covers()) == 100
        assert [image.day.month for image in acquisitions(site.name)] == list(range(1, 13))
    assert sum(image.clear for image in acquisitions(LABELLED.name)) == pytest.approx(7.75)
