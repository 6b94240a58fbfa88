"""Countries, regions and towns agree with each other."""

from __future__ import annotations

import numpy as np

from sdm.geo.countries import canonical_country, canonical_region
from sdm.geo.gazetteer import OUTSIDE, REGIONS, countries, towns
from sdm.geo.regions import country, european_country, in_europe


def test_every_town_lies_in_its_country() -> None:
    table = towns()
    found = country(np.array([t.lon for t in table]), np.array([t.lat for t in table]))
    assert [t.country for t in table] == found.tolist()


def test_gazetteer_names_are_canonical() -> None:
    assert all(canonical_country(name) == name for name in countries())
    assert all(canonical_region(name) == name for name in REGIONS)
    assert not set(countries()) & set(OUTSIDE)


def test_europe_ends_somewhere() -> None:
    inside = in_europe(np.array([10.0, 3.0, 3.0]), np.array([50.0, 36.0, 55.0]))
    assert inside.tolist() == [True, False, False]


def test_many_places_have_the_countries_of_single_ones() -> None:
    random = np.random.default_rng(0)
    lon, lat = random.uniform(-30, 50, 4000), random.uniform(30, 75, 4000)
    codes, names = european_country(lon, lat)
    expected = np.where(in_europe(lon, lat), country(lon, lat), "")
    np.testing.assert_array_equal(np.array(names)[codes], expected)
