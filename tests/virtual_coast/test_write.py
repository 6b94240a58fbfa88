"""The files of a small simulated coast."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from PIL import Image

from sdm.modalities.raster_bands import SENTINEL2_BANDS
from sdm.rasters.ecosystem_types import known_codes
from sdm.virtual_coast.land import make_land
from sdm.virtual_coast.mappers import mapped
from sdm.virtual_coast.parameters import SITES, Coast, ground_types
from sdm.virtual_coast.photographs import photograph
from sdm.virtual_coast.sentinel import fractions, sentinel2
from sdm.virtual_coast.write import POINTS


def test_sentinel_bands_are_named_and_20_m_bands_are_repeated(coast: Path) -> None:
    with rasterio.open(coast / "vega-sentinel2.tif") as file:
        values = file.read()
        assert file.descriptions == SENTINEL2_BANDS
        assert (file.nodata, file.crs.to_epsg(), file.res, file.dtypes[0]) == (0, 32633, (10, 10), "uint16")
    pairs = values[:, :, 0::2] == values[:, :, 1::2]
    assert pairs[4:, :50].all()  # away from the corner without values
    assert pairs[:4, :50].mean() < 0.2
    assert not values[:, -1, 0].any()
    assert values[:, 0, -1].all()


def test_rasters_of_a_site_lie_on_one_grid(coast: Path) -> None:
    grids = set()
    for what in ("sentinel2", "sentinel1", "terrain"):
        with rasterio.open(coast / f"landsvik-{what}.tif") as file:
            grids.add((file.transform, file.shape, file.crs.to_epsg()))
    assert len(grids) == 1


def test_orthophoto_channels_have_no_names_but_differ_between_sites(coast: Path) -> None:
    means = {}
    for site in SITES:
        with rasterio.open(coast / f"{site.name.lower()}-orthophoto.tif") as file:
            assert file.descriptions == (None, None, None)
            means[site.name] = file.read().astype(float).mean(axis=(1, 2))
    assert {site.aerial for site in SITES} == {("B8", "B4", "B3"), ("B4", "B3", "B2")}
    assert np.abs(means["Landsvik"] - means["Vega"]).max() > 5


def test_polygons_of_a_mapper_share_boundaries_and_do_not_overlap(coast: Path) -> None:
    polygons = gpd.read_file(coast / "vega-mapper-1.gpkg")
    assert polygons.geometry.is_valid.all()
    assert set(polygons["code"]) <= set(known_codes())
    assert polygons.union_all().area == pytest.approx(polygons.area.sum(), rel=1e-6)


def test_mappers_disagree(coast: Path) -> None:
    one, other = (gpd.read_file(coast / f"landsvik-mapper-{i}.gpkg") for i in (1, 2))
    both = gpd.overlay(one, other, keep_geom_type=True)
    same = both.area[both["code_1"] == both["code_2"]].sum() / both.area.sum()
    assert 0.2 < same < 0.8


def test_points_have_photographs_and_lie_in_their_site(coast: Path, small: Coast) -> None:
    points = pd.read_csv(coast / POINTS)
    assert list(points["point_id"]) == list(range(1, len(points) + 1))
    assert points.loc[points["site"] == "Vega", "lat"].between(65, 66).all()
    assert Image.open(coast / points["photo"].iloc[0]).size == small.photo_size


def test_a_coast_is_a_function_of_its_seed(coast: Path, small: Coast) -> None:
    land = make_land(SITES[1], 3, small)
    with rasterio.open(coast / "vega-sentinel2.tif") as file:
        assert np.array_equal(file.read(), sentinel2(land, fractions(land)))
    stored = gpd.read_file(coast / "vega-mapper-1.gpkg")
    assert stored["code"].tolist() == mapped(land, 1)["code"].tolist()
    point = pd.read_csv(coast / POINTS).iloc[0]
    kind = next(kind for kind in ground_types() if kind.code == point["code"])
    assert (coast / point["photo"]).read_bytes() == photograph(kind, 1, 3, small.photo_size)
    assert not np.array_equal(land.mosaic.cover, make_land(SITES[1], 4, small).mosaic.cover)


def test_the_table_holds_what_the_source_reports() -> None:
    kinds = {kind.code: kind for kind in ground_types()}
    assert sum(kind.points for kind in kinds.values()) == 286
    assert {code for code, kind in kinds.items() if kind.points > 30} == {"T31-C-2", "T4-C-5", "V1-C-5", "T1-C-2"}
    assert [kinds[code].points for code in ("T4-C-5", "T4-C-2", "T4-C-1")] == [53, 7, 9]
    assert sum(all(kind.shares.values()) for kind in kinds.values()) == 5
    assert set(kinds) <= set(known_codes())
