"""Every filter marks what it says, at known places, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.errors import UnknownNameError
from sdm.geo.distance import distance_km, great_circle_km, unit_vectors
from sdm.geo.gazetteer import countries, towns
from sdm.geo.tables import read_rows
from sdm.occurrences.cleaning.filters import FILTERS, USUAL, Positions, clean, known_filters
from sdm.occurrences.cleaning.outliers import NEIGHBOURS, outliers
from sdm.occurrences.cleaning.reference import CAPITALS, TABLES, places
from sdm.occurrences.cleaning.reference import near as near_places

GOOD = (8.3712, 47.2138)  # a slope in Switzerland


def at(lon: float, lat: float, uncertainty: float = np.nan) -> Positions:
    return positions([(lon, lat)], uncertainty=[uncertainty])


def positions(places: list[tuple[float, float]], species: object = 0, uncertainty: object = np.nan) -> Positions:
    lon, lat = np.array(places, float).reshape(-1, 2).T
    kind = np.broadcast_to(np.asarray(species, np.int64), len(lon))
    return Positions(lon, lat, kind, np.broadcast_to(np.asarray(uncertainty, float), len(lon)))


@pytest.mark.parametrize(
    ("where", "filters"),
    [
        (at(*GOOD), set()),
        (at(0.0, 51.2345), {"zeros"}),
        (at(0.2, 0.3), {"zeros"}),
        (at(44.1, 44.1), {"equal"}),
        (at(-40.5, 40.5), {"equal"}),
        (at(3.1, 56.2), {"sea"}),  # the North Sea
        (at(-30.0, 45.1), set()),  # the Atlantic, beyond the map
        (at(9.0, 51.0), {"centroids"}),
        (at(10.4515, 51.1657), {"centroids"}),
        (at(9.02, 51.0), set()),
        (at(13.40, 52.52), {"capitals"}),
        (at(-0.2956, 51.4787), {"institutions"}),  # Kew
        (at(*GOOD, uncertainty=10_001), {"uncertainty"}),
        (at(*GOOD, uncertainty=3036), {"uncertainty"}),
        (at(*GOOD, uncertainty=10_000), set()),
    ],
)
def test_a_filter_takes_what_it_says(where: Positions, filters: set[str]) -> None:
    assert {name for name, count in clean(where).alone.items() if count} == filters


def test_duplicates_are_of_a_species_at_a_place() -> None:
    where = positions([GOOD, GOOD, GOOD, (8.4, 47.2138)], species=[1, 1, 2, 1])
    assert clean(where, ["duplicates"]).marked["duplicates"].tolist() == [False, True, False, False]


def test_outliers_are_far_from_their_own_species() -> None:
    random = np.random.default_rng(0)
    cluster = [(8 + dx, 47 + dy) for dx, dy in random.normal(0, 0.2, (40, 2))]
    pair = [(20.0, 60.0), (20.05, 60.05)]  # two wrong records do not vouch for each other
    where = positions([*cluster, *pair, *pair[:1]], species=[0] * 42 + [1])
    assert np.flatnonzero(outliers(where.lon, where.lat, where.species)).tolist() == [40, 41]
    few = positions([GOOD] * 5 + [(20.0, 60.0)])
    assert not outliers(few.lon, few.lat, few.species).any()


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_outliers_as_by_every_distance(seed: int) -> None:
    random = np.random.default_rng(seed)
    species = random.integers(0, 3, 60)
    lon, lat = random.normal(8, 3, 60).round(1), random.normal(47, 3, 60).round(1)
    found = outliers(lon, lat, species)
    for kind in range(3):
        rows = np.flatnonzero(species == kind)
        sites = np.unique(np.column_stack([lon[rows], lat[rows]]), axis=0)
        if len(sites) < 7:
            assert not found[rows].any()
            continue
        points = unit_vectors(*sites.T)
        km = np.sort(great_circle_km(np.linalg.norm(points[:, None] - points, axis=2)), axis=1)[:, NEIGHBOURS]
        low, high = np.quantile(km, [0.25, 0.75])
        far = km > max(high + 5 * (high - low), 50)
        for row in rows:
            place = np.flatnonzero((sites == [lon[row], lat[row]]).all(axis=1))[0]
            if abs(km[place] - max(high + 5 * (high - low), 50)) > 1e-6:
                assert found[row] == far[place]


def test_counts_alone_in_turn_and_back() -> None:
    where = positions([(0.0, 0.0), (0.0, 0.0), GOOD, (9.0, 51.0)])
    cleaning = clean(where, ["duplicates", "equal", "zeros"])
    assert cleaning.alone == {"zeros": 2, "equal": 2, "duplicates": 1}
    assert cleaning.taken() == {"zeros": 2, "equal": 0, "duplicates": 0}
    assert cleaning.taken(["equal"]) == {"equal": 2}
    assert cleaning.kept(["duplicates"]).tolist() == [True, False, True, True]
    assert cleaning.kept([]).all()


def test_a_record_without_a_place_is_not_marked() -> None:
    where = positions([(np.nan, np.nan), (0.0, 0.0)])
    assert clean(where, ["zeros", "sea"]).marked["zeros"].tolist() == [False, True]
    assert not any(clean(positions([])).alone.values())


def test_an_unknown_filter_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match="zeros, equal"):
        known_filters(["zero"])
    assert set(USUAL) < set(FILTERS) and all(one.name == name and one.gloss for name, one in FILTERS.items())


def test_reference_places_are_where_their_names_say() -> None:
    names = {town.name for town in towns()}
    assert names >= CAPITALS and len(places("capitals")) == len(CAPITALS)
    assert len(countries()) - len(CAPITALS) < 3
    middles = {}
    for row in read_rows("country_centroids", TABLES):
        middles.setdefault(row["name"], []).append((float(row["lon"]), float(row["lat"])))
    assert len(middles) > 45 and set(middles) < {town.country for town in towns()}
    for name, found in middles.items():  # two gazetteers, and any town of the country
        assert max(distance_km(*found[0], *other) for other in found) < 420, name
        assert min(distance_km(*found[0], town.lon, town.lat) for town in towns() if town.country == name) < 250, (
            name
        )
    lon, lat = np.array(places("institutions")).T
    assert near_places("institutions", lon, lat, 0.01).all()
    cities = {town.name: town for town in towns()}
    told = [(cities.get(row["name"].split(", ")[-1]), row) for row in read_rows("institutions", TABLES)]
    assert sum(town is not None for town, _ in told) > 25
    for town, row in told:
        assert town is None or distance_km(float(row["lon"]), float(row["lat"]), town.lon, town.lat) < 12, row


def test_every_institution_names_its_source() -> None:
    sources = {row["name"]: row["source"] for row in read_rows("institutions", TABLES)}
    assert len(sources) == 38
    assert [name for name, source in sources.items() if source == "by hand"] == ["GBIF Secretariat, Copenhagen"]
    others = set(sources.values()) - {"by hand", "list of herbaria", "lists of sights"}
    assert all(source.startswith("wikipedia ") for source in others)
