"""Places that stand for something else than the place of a record: capitals, middles of countries, institutions.

Middles of countries are those that gazetteers give for a country's name, by `source`: "factbook", the CIA's
World Factbook (public domain; degrees and minutes as printed under "Geographic coordinates"), and "google",
Google's list of countries (developers.google.com/public-data/docs/canonical/countries_csv). Capitals are those
of the gazetteer of this project, good to 0.01 degrees.

Institutions are large European herbaria, botanical gardens, natural history museums and the secretariat of
GBIF, by `source`: "wikipedia xx", the position on the institution's page in the Wikipedia of that language;
"list of herbaria", that of Wikipedia's list of the largest herbaria, as a script that cleans records repeats
it; "lists of sights", tables of sights of the city in public repositories (of Kraków and Helsinki several, from
all of which the page of Wikipedia that was found lies some 300 m; of Padua two; of Coimbra one); "by hand",
where none was found. They were set by hand before: the sources lie 2 to 483 m from that, 73 m in the median,
most of it the size of the gardens.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from sdm.geo.distance import chord, unit_vectors
from sdm.geo.gazetteer import towns
from sdm.geo.tables import read_rows

TABLES = Path(__file__).with_name("tables")
CAPITALS = frozenset({
    "Amsterdam", "Andorra la Vella", "Ankara", "Athens", "Belgrade", "Berlin", "Bern", "Bratislava",
    "Brussels", "Bucharest", "Budapest", "Chișinău", "Copenhagen", "Dublin", "Helsinki", "Kyiv", "Lisbon",
    "Ljubljana", "London", "Luxembourg", "Madrid", "Minsk", "Monaco", "Moscow", "Nicosia", "Oslo", "Paris",
    "Podgorica", "Prague", "Pristina", "Reykjavík", "Riga", "Rome", "San Marino", "Sarajevo", "Skopje",
    "Sofia", "Stockholm", "Tallinn", "Tbilisi", "Tirana", "Tórshavn", "Vaduz", "Valletta", "Vienna",
    "Vilnius", "Warsaw", "Zagreb",
})  # fmt: skip


def near(kind: str, lon: np.ndarray, lat: np.ndarray, km: float) -> np.ndarray:
    """bool (n,): which positions in degrees lie within `km` of a place of `kind`."""
    distance, _ = _tree(kind).query(unit_vectors(lon, lat), distance_upper_bound=chord(km))
    return np.isfinite(distance)


@lru_cache
def places(kind: str) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude of each "capitals", "country_centroids" or "institutions"."""
    if kind == "capitals":
        return tuple((town.lon, town.lat) for town in towns() if town.name in CAPITALS)
    return tuple((float(row["lon"]), float(row["lat"])) for row in read_rows(kind, TABLES))


@lru_cache
def _tree(kind: str) -> cKDTree:
    lon, lat = np.array(places(kind)).T
    return cKDTree(unit_vectors(lon, lat))
