"""Europe where it is: coast, mountains, climate, countries; and places as pure functions."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError
from sdm.geo.coastline import is_land
from sdm.geo.countries import canonical_country, canonical_region
from sdm.geo.gazetteer import REGIONS
from sdm.geo.regions import country, region
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.place import COVERS, Places
from tests.datasets import REAL


def at(lon: float, lat: float) -> Places:
    return places(np.array([lon]), np.array([lat]), 2019, 0)


def scattered(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.uniform(-9, 40, count), rng.uniform(36, 70, count)


@pytest.mark.parametrize(
    ("lon", "lat", "temperature", "rain"),
    [
        pytest.param(4.90, 52.37, 10.1, 850, id="Amsterdam"),
        pytest.param(-3.70, 40.42, 14.7, 440, id="Madrid"),
        pytest.param(10.75, 59.91, 6.3, 800, id="Oslo"),
        pytest.param(30.52, 50.45, 8.4, 620, id="Kyiv"),
        pytest.param(5.32, 60.39, 7.9, 2200, id="Bergen"),
        pytest.param(13.40, 52.52, 9.7, 580, id="Berlin"),
        pytest.param(23.73, 37.98, 18.2, 400, id="Athens"),
    ],
)
def test_climate_of_known_places(lon: float, lat: float, temperature: float, rain: float) -> None:
    place = at(lon, lat)
    assert place.temperature[0] == pytest.approx(temperature, abs=0.9)
    assert place.precipitation[0] == pytest.approx(rain, rel=0.2)


def test_zermatt_is_high_and_cold() -> None:
    place = at(7.75, 46.02)
    assert place.elevation[0] > 1400
    assert place.temperature[0] < 5


def test_summer_is_dry_in_the_mediterranean_only() -> None:
    assert at(23.73, 37.98).summer_rain[0] < 0.3
    assert at(11.5, 48.1).summer_rain[0] > 0.55


def test_mountains_stand_where_they_do() -> None:
    lon = np.array([7.8, 0.7, 8.3, 20.1, 24.6, 43.0, 5.5, 33.5])
    lat = np.array([46.0, 42.65, 61.5, 49.17, 45.6, 43.1, 52.2, 47.0])
    around = [places(lon + dx, lat + dy, 2019, 0).elevation for dx in (-0.15, 0, 0.15) for dy in (-0.1, 0, 0.1)]
    highest = np.max(around, axis=0)
    assert (highest[:6] > 1300).all()
    assert (highest[6:] < 250).all()


def test_places_are_within_their_units() -> None:
    p = places(*scattered(800), 2018, 0)
    np.testing.assert_allclose(p.cover.sum(axis=1), 1, rtol=1e-6)
    assert p.cover.shape == (800, len(COVERS))
    assert ((p.centre >= 0) & (p.centre < len(COVERS))).all()
    for name in ("moisture", "clay", "sand", "nutrients", "disturbance", "roads", "summer_rain"):
        assert np.all((getattr(p, name) >= 0) & (getattr(p, name) <= 1)), name
    assert ((p.reaction > 3) & (p.reaction < 9)).all()
    assert (p.clay + p.sand <= 1).all()
    assert ((p.parcel >= 40) & (p.parcel <= 600)).all()


def test_places_depend_on_themselves_alone() -> None:
    lon, lat = scattered(60)
    whole = places(lon, lat, 2019, 3)
    order = np.random.default_rng(0).permutation(60)
    shuffled = places(lon[order], lat[order], 2019, 3)
    alone = places(lon[7], lat[7], 2019, 3)
    for field in fields(Places):
        values = getattr(whole, field.name)
        if field.name == "seed":
            continue
        np.testing.assert_allclose(getattr(shuffled, field.name), values[order], rtol=1e-9, err_msg=field.name)
        np.testing.assert_allclose(getattr(alone, field.name), values[7:8], rtol=1e-9, err_msg=field.name)


def test_a_long_batch_is_the_sum_of_short_ones() -> None:
    lon, lat = scattered(4200)
    whole, end = places(lon, lat, 2019, 0), places(lon[4090:], lat[4090:], 2019, 0)
    np.testing.assert_allclose(whole.elevation[4090:], end.elevation)
    np.testing.assert_array_equal(whole.key[4090:], end.key)


def test_key_changes_with_seed_place_and_year() -> None:
    keys = [
        places(10.0, 50.0, 2019, 0).key[0], places(10.0, 50.0, 2019, 1).key[0], places(10.0, 50.0, 2018, 0).key[0],
        places(10.000001, 50.0, 2019, 0).key[0],
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_neighbouring_plots_differ() -> None:
    lon = 10 + np.arange(40) * 0.0015
    p = places(lon, np.full(40, 51.0), 2019, 0)
    assert np.std(p.moisture) > 0.01
    assert len(set(p.centre.tolist())) > 1


def test_outside_the_window_is_refused() -> None:
    with pytest.raises(DataError, match=r"outside the virtual Europe.*longitude -25\.\.45.*Choose a place"):
        places(120.0, 50.0, 2019, 0)
    with pytest.raises(DataError):
        places(np.nan, 50.0, 2019, 0)


def test_all_regions_occur() -> None:
    lon, lat = scattered(6000)
    lon, lat = np.append(lon, -18.0), np.append(lat, 65.0)
    land = is_land(lon, lat)
    p = places(lon[land], lat[land], 2019, 0)
    assert set(region(p.lon, p.lat, p.elevation)) == set(REGIONS)


@pytest.mark.real
def test_country_and_region_of_real_surveys() -> None:
    path = REAL / "glc25" / "GLC25_PA_metadata_test.csv"
    if not path.exists():
        pytest.skip("the real samples are not here")
    real = pd.read_csv(path)
    p = places(real["lon"].to_numpy(), real["lat"].to_numpy(), real["year"].to_numpy(), 0)
    right_country = country(p.lon, p.lat) == real["country"].map(canonical_country).to_numpy()
    right_region = region(p.lon, p.lat, p.elevation) == real["region"].map(canonical_region).to_numpy()
    assert right_country.mean() > 0.93
    assert right_region.mean() > 0.85
