"""Positions and years of surveys, as unevenly sampled as the real ones; a pure function of (seed, source, number).

Survey `i` of a source is the same whatever the size of the tree: smaller trees are prefixes of larger ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST, is_land
from sdm.geo.gazetteer import OUTSIDE, towns
from sdm.geo.hashing import combine, stream, uniform
from sdm.geo.regions import country
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.place import COVERS, Places

SOURCES = ("train", "near", "far", "po")
"""PA training, PA test in the countries of training, PA test in other countries, presence-only."""

# Share of surveys by country. Denmark and the Netherlands hold 72 % of training, as in GeoLifeCLEF 2025; Bulgaria,
# Ukraine and Switzerland most of the far test.
TRAIN_SHARES = {
    "Denmark": 0.47, "Netherlands": 0.25, "France": 0.075, "United Kingdom": 0.040, "Italy": 0.035,
    "Austria": 0.025, "Germany": 0.020, "Spain": 0.015, "Sweden": 0.015, "Poland": 0.012, "Belgium": 0.010,
    "Croatia": 0.008, "Czech Republic": 0.007, "Finland": 0.006, "Slovenia": 0.004, "Norway": 0.004,
    "Latvia": 0.002, "Greece": 0.002,
}  # fmt: skip
FAR_SHARES = {
    "Bulgaria": 0.34, "Ukraine": 0.30, "Switzerland": 0.20, "Belarus": 0.03, "Albania": 0.025, "Turkey": 0.02,
    "Montenegro": 0.015, "Russia": 0.015, "Serbia": 0.015, "Bosnia and Herzegovina": 0.012, "Slovakia": 0.012,
    "Lithuania": 0.006, "Portugal": 0.006, "Kosovo": 0.004,
}  # fmt: skip
YEARS, YEAR_SHARES = (
    (2012, 2015, 2016, 2017, 2018, 2019, 2020, 2021),
    (0.01, 0.015, 0.02, 0.295, 0.235, 0.27, 0.065, 0.09),
)
# How much more often botanists lay a plot on a cover than its area asks for, in the order of COVERS.
_DRAWN_TO = np.array([1.0, 0.7, 1.2, 3.0, 1.6, 0.16, 0.12, 3.0, 3.2, 2.0, 0.9, 0.15, 3.5, 0.10, 0.12])
# How many records a country gives for its population, against the others.
_EAGER = {
    "France": 3.0, "Germany": 2.5, "Netherlands": 3.5, "Denmark": 3.0, "Sweden": 2.5, "United Kingdom": 2.0,
    "Switzerland": 2.5, "Austria": 2.0, "Belgium": 3.0, "Russia": 0.4, "Turkey": 0.4,
}  # fmt: skip
_TRIES = 4  # candidate plots of a survey
_PA_SPREAD, _PO_SPREAD = 3.0, 9.0  # km: mean distance of plots from their cluster, of records from their town


@dataclass(frozen=True)
class Surveys:
    """Surveys `number` (N,) of one `source`: where, when and in which country."""

    source: str
    number: np.ndarray
    places: Places
    country: np.ndarray


def clusters_of(share: float) -> int:
    """Number of study areas of a country with this share of surveys."""
    return int(np.clip(900 * share, 12, 260))


@lru_cache(maxsize=8)
def _study_areas(kind: str, seed: int) -> dict[str, np.ndarray]:
    """(clusters, 2) degrees of each country's study areas."""
    shares = FAR_SHARES if kind == "far" else TRAIN_SHARES
    return {name: _scatter(name, clusters_of(share), seed) for name, share in shares.items()}


def _scatter(name: str, count: int, seed: int) -> np.ndarray:
    """`count` points on the land of country `name`, (count, 2) degrees."""
    home = [(t.lon, t.lat) for t in towns() if t.country == name]
    (west, south), (east, north) = np.min(home, axis=0) - 0.6, np.max(home, axis=0) + 0.6
    west, east = max(west, WEST), min(east, EAST)
    south, north = max(south, SOUTH), min(north, NORTH)
    key = combine(seed, stream(name), np.arange(count * 25))
    lon = west + uniform(key, "lon") * (east - west)
    lat = south + uniform(key, "lat") * (north - south)
    inside = is_land(lon, lat) & (country(lon, lat) == name)
    return np.column_stack([lon, lat])[inside][:count]


def _pick(u: np.ndarray, shares: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.cumsum(shares) / np.sum(shares), u, side="right").clip(0, len(shares) - 1)


def _pa_centres(key: np.ndarray, kind: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Study area (N, 2) and country (N,) of each PA survey; a country's first areas are the crowded ones."""
    areas = _study_areas(kind, seed)
    names = np.array(list(areas))
    shares = np.array(list((FAR_SHARES if kind == "far" else TRAIN_SHARES).values()))
    chosen = _pick(uniform(key, "country"), shares)
    crowding = uniform(key, "area") ** 1.6
    centre = np.empty((len(key), 2))
    for i, name in enumerate(names):
        mine = chosen == i
        centre[mine] = areas[name][(crowding[mine] * len(areas[name])).astype(int)]
    return centre, names[chosen]


@lru_cache(maxsize=1)
def _observers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Towns (T, 2) in degrees, their countries and their weights: large towns and rich countries observe more."""
    table = [t for t in towns() if t.country not in OUTSIDE and is_land(t.lon, t.lat)]
    weight = np.array([(5 + t.population) ** 0.5 * _EAGER.get(t.country, 1.0) for t in table])
    return np.array([(t.lon, t.lat) for t in table]), np.array([t.country for t in table]), weight


def _po_centres(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Town (N, 2) and its country (N,) of each PO record."""
    position, home, weight = _observers()
    chosen = _pick(uniform(key, "town"), weight)
    return position[chosen], home[chosen]


def draw(source: str, number: np.ndarray, seed: int) -> Surveys:
    """Surveys `number` (any integers from 0) of `source`."""
    number = np.asarray(number, np.int64)
    key = combine(seed, stream(source), number)
    if source == "po":
        centre, home = _po_centres(key)
        spread = _PO_SPREAD
    else:
        centre, home = _pa_centres(key, "far" if source == "far" else "train", seed)
        spread = _PA_SPREAD
    year = np.array(YEARS)[_pick(uniform(key, "year"), np.array(YEAR_SHARES))]
    chosen = _best_candidate(key, centre, home, year, spread, source == "po", seed)
    return Surveys(source, number, chosen, home)


def _best_candidate(
    key: np.ndarray, centre: np.ndarray, home: np.ndarray, year: np.ndarray, spread: float, is_po: bool, seed: int
) -> Places:
    """The place each surveyor took: one of a few around the centre, by taste; the centre itself if all are off."""
    tries = _TRIES if not is_po else 2
    lon, lat = _around(key, centre, spread, tries)
    allowed = is_land(lon, lat) & (country(lon, lat) == np.tile(home, tries + 1))
    candidates = places(lon, lat, np.tile(year, tries + 1), seed)
    if is_po:
        taste = 0.1 + candidates.roads + 1.5 * candidates.cover[:, COVERS.index("built-up")]
        taste = taste * np.where(candidates.centre == COVERS.index("water"), 0.1, 1)
    else:
        taste = _DRAWN_TO[candidates.centre]
    luck = -np.log(
        -np.log(uniform(combine(_key_tile(key, tries), np.repeat(np.arange(tries + 1), len(key))), "luck"))
    )
    score = np.where(allowed, np.log(taste) + luck, -1e3).reshape(tries + 1, -1)
    score[tries] = -500  # the centre: the last resort
    best = score.argmax(axis=0)
    return candidates[best * len(key) + np.arange(len(key))]


def _key_tile(key: np.ndarray, tries: int) -> np.ndarray:
    """`key` once per candidate, as signed integers for `combine`."""
    return np.tile(key.view(np.int64), tries + 1)


def _around(key: np.ndarray, centre: np.ndarray, spread: float, tries: int) -> tuple[np.ndarray, np.ndarray]:
    """`tries` points around each centre and the centre itself, candidate by candidate, degrees to 1e-6."""
    lon, lat = [], []
    for j in range(tries + 1):
        radius = -np.log1p(-uniform(key, f"radius {j}")) * spread * (j < tries)
        angle = 2 * np.pi * uniform(key, f"angle {j}")
        lat_j = centre[:, 1] + radius * np.sin(angle) / 111.2
        lon.append(centre[:, 0] + radius * np.cos(angle) / (111.2 * np.cos(np.radians(centre[:, 1]))))
        lat.append(lat_j)
    east, north = np.concatenate(lon), np.concatenate(lat)
    return np.round(east.clip(WEST, EAST), 6), np.round(north.clip(SOUTH, NORTH), 6)
