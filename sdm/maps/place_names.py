"""Names on the map, from the gazetteer, more of them as one zooms in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.geo.coordinates import coordinates
from sdm.geo.distance import distance_km
from sdm.geo.gazetteer import countries, towns

# (population in thousands from which, zoom at which) a town's name is shown.
TOWN_ZOOM = ((2500, 4), (900, 5), (350, 6), (120, 7), (0, 8))
COUNTRY_ZOOM = 5
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
AT_KM, FAR_KM = 2.0, 1000.0  # nearer than this is in the town; farther it is no help


@dataclass(frozen=True)
class Name:
    """A name on the map, shown from zoom `since` on; `kind` is "country" or "town"."""

    text: str
    lon: float
    lat: float
    since: int
    kind: str


@lru_cache(maxsize=1)
def names() -> tuple[Name, ...]:
    """All names: towns where they are, countries amid their towns."""
    known = set(countries())
    inside = [town for town in towns() if town.country in known]
    cities = tuple(Name(t.name, t.lon, t.lat, _since(t.population), "town") for t in inside)
    lands = []
    for country in sorted(known):
        where = np.array([(t.lon, t.lat) for t in inside if t.country == country])
        lon, lat = np.median(where, axis=0)
        lands.append(Name(country, float(lon), float(lat), COUNTRY_ZOOM, "country"))
    return (*cities, *lands)


@lru_cache(maxsize=4096)
def describe(lon: float | None, lat: float | None) -> str:
    """A place in words, by its nearest town.

    >>> describe(4.9, 52.6), describe(125.1, 42.0), describe(None, None)
    ('26 km N of Amsterdam', '42.0000° N, 125.1000° E', 'Position unknown')
    """
    if lon is None or lat is None:
        return "Position unknown"
    narrowing = np.cos(np.radians(lat))
    known = [name for name in names() if name.kind == "town"]
    town = min(known, key=lambda t: (t.lat - lat) ** 2 + ((t.lon - lon) * narrowing) ** 2)
    km = distance_km(lon, lat, town.lon, town.lat)
    if km > FAR_KM:
        return coordinates(lon, lat)
    if km < AT_KM:
        return town.text
    bearing = np.degrees(np.arctan2((lon - town.lon) * narrowing, lat - town.lat))
    return f"{km:.0f} km {COMPASS[round(bearing / 45) % 8]} of {town.text}"


def _since(population: float) -> int:
    return next(zoom for least, zoom in TOWN_ZOOM if population >= least)
