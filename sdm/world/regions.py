"""Countries and biogeographic regions, towns and roads, from the gazetteer and the climate.

The country of a place is that of the nearest town: borders are approximate, within about 20 km.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from sdm.schema.gazetteer import OUTSIDE, towns
from sdm.world.land import is_land
from sdm.world.noise import fractal
from sdm.world.projection import laea_km

# Anchor points in degrees, by hand after the map of the European Environment Agency (2016).
REGION_ANCHORS = (
    ("ATLANTIC", ((-8.5, 43.1), (-5.8, 43.45), (-3.7, 43.35), (-2.2, 43.2), (-1.0, 43.6), (0.3, 43.5), (-0.4, 44.8),
                  (0.9, 44.9), (-1.0, 46.3), (0.8, 47.0), (-3.5, 48.2), (-0.5, 48.8), (2.3, 48.6), (2.3, 47.3), (3.6, 49.6),
                  (2.5, 50.5), (4.4, 51.0), (4.8, 52.4), (6.0, 51.9), (6.5, 53.0), (7.5, 51.9), (8.0, 53.3), (9.3, 53.4),
                  (8.6, 54.5), (8.7, 55.6), (8.6, 56.3), (8.7, 57.0), (-4.0, 50.5), (-1.5, 51.5), (0.8, 52.3), (-3.5, 52.3),
                  (-1.8, 53.5), (-3.2, 55.0), (-4.2, 56.8), (-5.0, 58.0), (-2.8, 59.1), (-1.2, 60.3), (-8.5, 52.2), (-7.5, 53.5),
                  (-8.0, 54.8), (-6.3, 54.6), (-8.5, 41.6), (-8.1, 42.5), (-6.8, 62.0))),
    ("CONTINENTAL", ((5.0, 47.2), (3.3, 46.6), (2.9, 45.7), (1.9, 46.1), (5.2, 45.9), (5.9, 48.5), (4.7, 48.3), (5.7, 49.9),
                     (7.3, 50.3), (7.8, 48.3), (9.0, 51.3), (9.6, 52.4), (10.2, 53.6), (9.9, 54.4), (9.6, 55.4), (9.6, 56.2), (10.0, 57.1),
                     (11.6, 55.4), (13.4, 55.7), (14.8, 55.2), (11.5, 53.0), (11.6, 50.5), (10.5, 49.0), (7.5, 47.1), (9.0, 47.5),
                     (11.5, 48.3), (14.0, 48.3), (15.6, 46.9), (14.5, 50.0), (15.3, 49.3), (17.0, 49.9), (14.0, 52.5), (17.0, 52.2),
                     (16.3, 54.0), (19.5, 53.8), (20.5, 51.5), (22.7, 52.0), (19.5, 50.2), (22.3, 50.2), (24.2, 50.0), (25.8, 49.5),
                     (26.5, 51.0), (28.5, 50.3), (30.6, 51.2), (29.0, 52.3), (25.5, 52.3), (33.0, 51.0), (36.0, 52.3), (39.3, 53.0), (42.0, 54.0),
                     (27.0, 48.3), (26.8, 47.0), (28.0, 47.6), (24.0, 46.5), (25.0, 44.9), (24.5, 43.4), (23.3, 42.8), (25.3, 42.4), (26.9, 42.5),
                     (27.0, 43.5), (26.0, 41.7), (20.8, 43.9), (21.5, 42.6), (22.0, 43.4), (18.2, 44.6), (16.5, 45.4), (15.5, 45.7), (20.6, 42.4),
                     (21.7, 41.8), (9.0, 45.4), (7.9, 44.9), (11.2, 45.0), (12.7, 45.8), (12.2, 44.2), (24.2, 41.9), (30.0, 49.6), (32.5, 49.9), (35.5, 50.6))),
    ("ALPINE", ((7.0, 45.5), (6.6, 44.7), (8.2, 46.5), (10.0, 46.7), (12.0, 47.0), (13.8, 47.1), (11.8, 46.3), (13.6, 46.4), (0.3, 42.6),
                (1.7, 42.5), (19.6, 49.2), (24.3, 48.2), (22.9, 49.0), (25.3, 47.2), (24.5, 45.55), (22.8, 45.3), (18.6, 43.3), (16.9, 43.9),
                (19.6, 42.6), (23.5, 41.9), (24.6, 41.6), (24.6, 42.77), (7.8, 60.6), (8.8, 61.8), (12.8, 63.4), (15.0, 65.3), (17.8, 67.7),
                (20.0, 68.7), (7.2, 59.3), (42.5, 43.3), (40.5, 43.8), (44.2, 42.7))),
    ("BOREAL", ((11.2, 59.9), (12.2, 58.4), (14.5, 57.5), (16.3, 58.3), (18.3, 57.5), (15.0, 60.5), (17.5, 62.5), (17.0, 64.0), (20.0, 65.5),
                (22.5, 67.3), (24.0, 61.0), (27.0, 63.0), (26.5, 66.5), (27.5, 68.7), (24.5, 58.8), (22.3, 57.2), (25.5, 56.8), (21.5, 55.6),
                (24.0, 55.2), (26.5, 54.7), (29.0, 53.9), (31.5, 54.0), (34.5, 54.8), (30.5, 57.5), (34.0, 61.0), (33.0, 65.0), (34.5, 67.3),
                (38.0, 56.2), (41.0, 59.0), (43.5, 56.5), (42.0, 63.0), (11.5, 61.3), (22.0, 59.9))),
    ("MEDITERRANEAN", ((-8.6, 40.4), (-7.9, 38.5), (-6.0, 41.4), (-4.7, 41.8), (-4.6, 42.4), (-3.0, 41.9), (-3.7, 40.3), (-5.5, 37.8), (-2.5, 38.5),
                       (-1.2, 41.8), (-1.6, 42.4), (0.3, 41.5), (2.0, 41.6), (2.8, 42.6), (3.5, 43.6), (4.6, 44.0), (5.8, 43.7), (6.9, 43.6), (9.1, 42.2),
                       (9.0, 40.0), (8.3, 44.1), (9.5, 44.3), (11.0, 43.4), (12.6, 42.3), (13.9, 41.3), (13.8, 42.9), (16.0, 41.1), (16.4, 39.3), (14.2, 37.5),
                       (14.4, 35.9), (13.9, 45.1), (15.4, 44.0), (16.6, 43.4), (18.2, 42.5), (19.6, 41.4), (19.9, 40.5), (21.0, 39.4), (22.4, 39.5), (22.9, 40.6),
                       (24.4, 41.0), (25.9, 40.9), (22.5, 37.7), (24.8, 35.3), (27.5, 39.5), (27.9, 37.8), (27.3, 41.3), (30.5, 37.1), (33.0, 35.0), (36.0, 36.8), (38.5, 36.8),
                       (1.4, 39.2), (3.0, 36.2), (-4.0, 35.0), (9.5, 36.6), (28.5, 36.5), (20.8, 41.2), (6.0, 44.2))),
    ("PANNONIAN", ((17.0, 48.6), (17.5, 47.7), (18.9, 46.7), (18.3, 46.0), (20.2, 47.3), (21.5, 47.7), (22.4, 48.4), (21.2, 46.5), (20.0, 45.4), (21.0, 45.3), (19.0, 45.2), (20.8, 48.3))),
    ("STEPPIC", ((28.0, 44.3), (28.0, 45.3), (29.0, 46.5), (30.5, 47.3), (32.0, 48.0), (34.5, 49.0), (36.5, 49.4), (39.5, 49.8), (41.5, 51.0), (34.0, 46.3), (34.0, 45.4),
                 (37.0, 47.5), (40.0, 46.5), (43.0, 46.5), (39.0, 45.4), (43.5, 44.6), (44.0, 49.0), (32.3, 46.7), (26.9, 44.6), (27.4, 45.0))),
    ("BLACKSEA", ((27.7, 42.3), (27.9, 42.9), (28.2, 43.5), (28.8, 44.2), (28.3, 41.6), (29.8, 41.1), (32.0, 41.4), (35.0, 41.7), (37.5, 41.0), (40.0, 41.0), (41.8, 42.2), (39.7, 43.6), (29.5, 45.2))),
    ("ANATOLIAN", ((30.3, 39.5), (32.8, 39.5), (34.5, 39.0), (37.0, 39.3), (39.5, 39.5), (41.5, 39.8), (43.0, 38.8), (32.5, 38.0), (35.0, 40.2), (40.0, 38.0), (42.5, 37.6))),
    ("ARCTIC", ((-21.5, 64.2), (-18.5, 65.0), (-15.5, 64.8), (-22.5, 65.8), (-16.5, 66.1), (29.5, 70.4), (26.0, 70.7), (36.0, 68.5), (40.0, 67.2), (44.0, 66.8), (-22.0, 70.5))),
)  # fmt: skip
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


@lru_cache(maxsize=1)
def _region_tree() -> tuple[cKDTree, np.ndarray]:
    lon, lat, names = zip(
        *((lon, lat, name) for name, points in REGION_ANCHORS for lon, lat in points), strict=True
    )
    return cKDTree(_xy(np.array(lon), np.array(lat))), np.array(names)


def region(lon: np.ndarray, lat: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    """Biogeographic region (see `sdm.schema.gazetteer.REGIONS`): nearest anchor, and high ground is ALPINE."""
    tree, names = _region_tree()
    points = _xy(lon, lat)
    ragged = [28 * fractal(points[:, 0], points[:, 1], f"region {axis}", 130, 3) for axis in "xy"]
    found = names[tree.query(points + np.stack(ragged, axis=-1))[1]]
    north_of = np.interp(lat, *ALPINE_ABOVE)
    high = (elevation > north_of) & ~np.isin(found, ("ANATOLIAN", "ARCTIC")) & ((lat < 50.2) | (lon > 4))
    return np.where(high, "ALPINE", found)


def in_europe(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """True on the land of a country of Europe, great lakes included."""
    return np.asarray(is_land(lon, lat) & ~np.isin(country(lon, lat), OUTSIDE))
