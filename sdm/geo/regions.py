"""Countries and biogeographic regions, towns and roads, from the gazetteer and the climate.

The country of a place is that of the nearest town: borders are approximate, within about 20 km.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from sdm.geo.coastline import is_land
from sdm.geo.gazetteer import OUTSIDE, towns
from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.geo.tables import read_columns

ALPINE_ABOVE = ((38, 43, 46.5, 50, 60, 68), (2200, 1500, 880, 900, 800, 450))  # at these latitudes, above these m
_NEIGHBOURS = 4  # towns that shape a place's surroundings


@lru_cache(maxsize=1)
def _town_tree() -> tuple[cKDTree, np.ndarray, np.ndarray]:
    """Tree over towns in km, their countries, their populations in thousands."""
    table = towns()
    x, y = laea_km(np.array([t.lon for t in table]), np.array([t.lat for t in table]))
    countries = np.array([t.country for t in table])
    return cKDTree(np.column_stack([x, y])), countries, np.array([t.population for t in table])


def _xy(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.stack(laea_km(lon, lat), axis=-1)


def country(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Name of the country at degrees; the sea belongs to the nearest one."""
    tree, countries, _ = _town_tree()
    return np.asarray(countries[tree.query(_xy(lon, lat))[1]])


def european_country(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """int64 (n,): the country of Europe at degrees, by its place among the names that come with it; 0, whose
    name is "", at sea and beyond. For millions of places: one search, and no text a place."""
    tree, countries, _ = _town_tree()
    names, number = np.unique(countries, return_inverse=True)
    found = np.zeros(len(lon), np.int64)
    land = np.flatnonzero(is_land(lon, lat))
    found[land] = 1 + number[tree.query(_xy(lon[land], lat[land]), workers=-1)[1]]
    found[np.isin(found, 1 + np.flatnonzero(np.isin(names, OUTSIDE)))] = 0
    return found, ("", *map(str, names))


def town_density(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return urban density (0 remote, above 1 inside a city), and the same smoothed over the commuter belt."""
    tree, _, population = _town_tree()
    distance, nearest = tree.query(_xy(lon, lat), k=_NEIGHBOURS)
    size = (population[nearest] / 100) ** 0.45
    x, y = laea_km(lon, lat)
    ragged = np.exp(0.45 * fractal(x, y, "town edge", 4, 4, 0.8))[:, None]
    core = np.minimum(size, 4) ** 0.3 * np.exp(-((distance / (1.9 * size * ragged)) ** 1.5))
    belt = np.minimum(size, 4) * np.exp(-distance / (9 + 4 * size))
    return core.sum(axis=-1), belt.sum(axis=-1)


@lru_cache(maxsize=1)
def _region_tree() -> tuple[cKDTree, np.ndarray]:
    anchor = read_columns("regions")
    return cKDTree(_xy(anchor["lon"], anchor["lat"])), anchor["name"]


def region(lon: np.ndarray, lat: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    """Biogeographic region (see `sdm.geo.gazetteer.REGIONS`): nearest anchor, and high ground is ALPINE."""
    tree, names = _region_tree()
    points = _xy(lon, lat)
    ragged = [28 * fractal(points[:, 0], points[:, 1], f"region {axis}", 130, 3) for axis in "xy"]
    nearest = names[tree.query(points + np.stack(ragged, axis=-1))[1]]
    north_of = np.interp(lat, *ALPINE_ABOVE)
    high = (elevation > north_of) & ~np.isin(nearest, ("ANATOLIAN", "ARCTIC")) & ((lat < 50.2) | (lon > 4))
    return np.where(high, "ALPINE", nearest)


def in_europe(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """True on the land of a country of Europe, great lakes included."""
    return np.asarray(is_land(lon, lat) & ~np.isin(country(lon, lat), OUTSIDE))
