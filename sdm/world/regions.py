"""Countries and biogeographic regions, towns and roads, from the gazetteer and the climate.

The country of a place is that of the nearest town: borders are approximate, within about 20 km.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from sdm.schema.gazetteer import towns
from sdm.world.land import is_land
from sdm.world.noise import fractal
from sdm.world.projection import laea_km

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


def town_density(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How urban a place is (0 remote, above 1 inside a city), and the same blurred to the commuter belt."""
    tree, _, population = _town_tree()
    distance, nearest = tree.query(_xy(lon, lat), k=_NEIGHBOURS)
    size = (population[nearest] / 100) ** 0.45
    x, y = laea_km(lon, lat)
    ragged = np.exp(0.45 * fractal(x, y, "town edge", 4, 4, 0.8))[:, None]
    core = np.minimum(size, 4) ** 0.3 * np.exp(-((distance / (1.9 * size * ragged)) ** 1.5))
    belt = np.minimum(size, 4) * np.exp(-distance / (9 + 4 * size))
    return core.sum(axis=-1), belt.sum(axis=-1)


def region(
    lon: np.ndarray, lat: np.ndarray, elevation: np.ndarray, temperature: np.ndarray, seasonality: np.ndarray,
    summer_rain: np.ndarray, coast: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Biogeographic region after the map of the European Environment Agency, in rough strokes."""
    sea_level = temperature + 5.6e-3 * elevation
    summer = temperature + seasonality
    name = np.full(len(lon), "CONTINENTAL", dtype="<U13")
    rules = (
        ("ATLANTIC", (lon < 8.6 - 0.62 * np.abs(lat - 53.5)) & (lat > 43.0) | (lon < -9.3) | _jutland_west(lon, lat)
         | (lon < 2.0) & (lat > 48.2) | (lon < 6.5) & (lat > 58.3) & (lat < 63)),
        ("BOREAL", (sea_level < 7.2) & (lat > 52.6) & (lon > 10) & (summer > 10.5) | (lat > 57.2) & (lon > 11.2)),
        ("STEPPIC", (lon > 27.6) & (lat < 49.6 + 0.08 * (lon - 30)) & (lat > 44.2) & (seasonality > 11)
         & (summer > 20.5)),
        ("PANNONIAN", _pannonian(lon, lat) & (elevation < 400)),
        ("MEDITERRANEAN", (summer_rain < 0.44) & (sea_level > 13.2) & (lat < 45.3) & (lon > -9.6)
         & ~((lat > 42.8) & (lon < -1.5))),
        ("BLACKSEA", (lon > 27.2) & (lat > 40.9) & (lat < 44.6) & (coast < 45) & (summer_rain > 0.38)
         & ~((lon < 28.9) & (lat < 41.4))),
        ("ANATOLIAN", (lon > 30.2) & (lat < 41) & (lat > 36.8) & (elevation > 700) & (summer_rain < 0.6)),
        ("ALPINE", (elevation > np.interp(lat, [38, 43, 46.5, 50, 60, 68], [1900, 1350, 850, 780, 700, 350]))
         & ((lat < 50.0) | (lon > 4) & (lat > 58))),
        ("ARCTIC", (lat > 62.5) & (lon < -12) | (summer < 10.5) & (lat > 69.5)),
    )  # fmt: skip
    for label, where in rules:
        name[where] = label
    return name


def _jutland_west(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.asarray((lon > 8) & (lon < 9.2) & (lat > 53.5) & (lat < 57.2))


def _pannonian(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.asarray(((lon - 19.9) / 3.1) ** 2 + ((lat - 46.8) / 1.75) ** 2 < 1)


def in_europe(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """True on the land of a country of Europe, great lakes included."""
    from sdm.schema.gazetteer import OUTSIDE

    return np.asarray(is_land(lon, lat) & ~np.isin(country(lon, lat), OUTSIDE))
