"""Positions, years, plot sizes and observers of surveys, as unevenly sampled as the real ones.

A pure function of (seed, source, number): survey `i` of a source is the same whatever the size of the tree, and
smaller trees are prefixes of larger ones. Plots lie in sites (`sites.py`), sites in study regions of a country.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST, is_land
from sdm.geo.gazetteer import OUTSIDE, towns
from sdm.geo.hashing import combine, stream, uniform
from sdm.geo.regions import country
from sdm.virtual_europe.geography import places, places_on, standing
from sdm.virtual_europe.place import COVERS, Places
from sdm.virtual_europe.sites import Sites, sites, station
from sdm.virtual_europe.smooth_fields import road_density
from sdm.virtual_europe.visits import Visits, visits

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
DRAWN_TO = np.array([1.0, 0.7, 1.2, 3.0, 1.6, 0.16, 0.12, 3.0, 3.2, 2.0, 0.9, 0.15, 3.5, 0.10, 0.12])
# How many records a country gives for its population, against the others.
_EAGER = {
    "France": 3.0, "Germany": 2.5, "Netherlands": 3.5, "Denmark": 3.0, "Sweden": 2.5, "United Kingdom": 2.0,
    "Switzerland": 2.5, "Austria": 2.0, "Belgium": 3.0, "Russia": 0.4, "Turkey": 0.4,
}  # fmt: skip
_OTHER_YEAR = 0.1  # surveys of a site in another year than its first
_ANCHORS, _STATIONS, _RECORDS = 3, 2, 2  # candidates of a site, of a plot within it, of a presence-only record
_PA_SPREAD, PO_SPREAD = 3.1, 9.0  # km: of sites from their region's middle, of records from their town; means
_SITES = 45  # of a region, the first ones visited most


@dataclass(frozen=True)
class Surveys:
    """Surveys `number` (N,) of one `source`: where, when, how and in which country.

    `site` (N,) int64 is the study area a plot lies in, the same number in training and near test; -1 of
    presence-only records, which have none.
    """

    source: str
    number: np.ndarray
    places: Places
    country: np.ndarray
    site: np.ndarray
    visits: Visits


def regions_of(share: float) -> int:
    """Number of study regions of a country with this share of surveys."""
    return int(np.clip(900 * share, 12, 260))


@lru_cache(maxsize=8)
def _regions(kind: str, seed: int) -> dict[str, np.ndarray]:
    """(regions, 2) degrees of each country's study regions."""
    shares = FAR_SHARES if kind == "far" else TRAIN_SHARES
    return {name: _scatter(name, regions_of(share), seed) for name, share in shares.items()}


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


def _pa_sites(key: np.ndarray, kind: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Site number (N,), middle of its region (N, 2) and country (N,); the first of each are the crowded ones."""
    regions = _regions(kind, seed)
    names = np.array(list(regions))
    shares = np.array(list((FAR_SHARES if kind == "far" else TRAIN_SHARES).values()))
    chosen = _pick(uniform(key, "country"), shares)
    counts = np.array([len(regions[name]) for name in names])
    region = (uniform(key, "region") ** 1.6 * counts[chosen]).astype(np.int64)
    region += np.cumsum(np.r_[0, counts])[chosen]
    number = region * _SITES + (uniform(key, "site") ** 8 * _SITES).astype(np.int64)
    number += stream(kind) << 20
    return number, np.concatenate(list(regions.values()))[region], names[chosen]


@lru_cache(maxsize=1)
def observers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Towns (T, 2) in degrees, their countries and their weights: large towns and rich countries observe more."""
    table = [t for t in towns() if t.country not in OUTSIDE and is_land(t.lon, t.lat)]
    weight = np.array([(5 + t.population) ** 0.5 * _EAGER.get(t.country, 1.0) for t in table])
    return np.array([(t.lon, t.lat) for t in table]), np.array([t.country for t in table]), weight


def _po_centres(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Town (N, 2) and its country (N,) of each PO record."""
    position, home, weight = observers()
    chosen = _pick(uniform(key, "town"), weight)
    return position[chosen], home[chosen]


def draw(source: str, number: np.ndarray, seed: int) -> Surveys:
    """Surveys `number` (any integers from 0) of `source`."""
    number = np.asarray(number, np.int64)
    key = combine(seed, stream(source), number)
    if source == "po":
        return _draw_records(key, number, seed)
    kind = "far" if source == "far" else "train"
    site, middle, home = _pa_sites(key, kind, seed)
    of = _sites_at(site, middle, home, seed)
    other = uniform(key, "other year") < _OTHER_YEAR
    year = np.where(other, _years(key), _years(of.key))
    lon, lat = _plots(key, of, home, seed)
    return Surveys(source, number, places(lon, lat, year, seed), home, site, visits(key, of, home, seed))


def _years(key: np.ndarray) -> np.ndarray:
    return np.array(YEARS)[_pick(uniform(key, "year"), np.array(YEAR_SHARES))]


def _draw_records(key: np.ndarray, number: np.ndarray, seed: int) -> Surveys:
    """Presence-only records: around a town, the likelier taken of a few places (see `effort.py`)."""
    centre, home = _po_centres(key)
    lon, lat = _around(key, centre, PO_SPREAD, _RECORDS)
    roads = road_density(lon, lat)
    underfoot, cover = np.zeros(len(lon), np.int64), np.zeros((len(lon), len(COVERS)))

    def appeal(at: np.ndarray) -> np.ndarray:
        underfoot[at], cover[at] = standing(lon[at], lat[at], seed)
        return attraction(roads[at], underfoot[at], cover[at])

    best = _chosen(_luck(key, home, lon, lat), _most_attractive(roads), appeal)
    last_resort = best[best >= _RECORDS * len(key)]
    if last_resort.size:
        appeal(last_resort)
    chosen = places_on(lon[best], lat[best], _years(key), seed, underfoot[best], cover[best])
    nowhere = np.full(len(number), -1, np.int64)
    return Surveys("po", number, chosen, home, nowhere, Visits.standard(len(number)))


def attraction(roads: np.ndarray, centre: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """How likely places are to give a presence-only record, against others as far from town; as in `Places`."""
    pull = 0.1 + roads + 1.5 * cover[:, COVERS.index("built-up")]
    return np.asarray(pull * np.where(centre == COVERS.index("water"), 0.1, 1))


def _most_attractive(roads: np.ndarray) -> np.ndarray:
    """What `attraction` cannot exceed, whatever the cover."""
    return 1.7 + roads


def _sites_at(number: np.ndarray, middle: np.ndarray, home: np.ndarray, seed: int) -> Sites:
    """The site of each survey; of a few candidates around the region's middle each took one by taste."""
    own, first, back = np.unique(number, return_index=True, return_inverse=True)
    key, known = combine(seed, stream("site"), own), _known_sites(seed)
    new = np.flatnonzero([n not in known for n in own.tolist()])
    if new.size:
        lon, lat = _around(key[new], middle[first[new]], _PA_SPREAD, _ANCHORS)
        best = _by_taste(key[new], home[first[new]], lon, lat, seed)
        known.update(zip(own[new].tolist(), zip(lon[best], lat[best], strict=True), strict=True))
    lon, lat = np.array([known[n] for n in own.tolist()]).T
    return sites(key, lon, lat)[back]


@lru_cache(maxsize=2)
def _known_sites(seed: int) -> dict[int, tuple[float, float]]:  # noqa: ARG001 (the cache's key)
    """Degrees of the sites that were placed already, by number."""
    return {}


def _plots(key: np.ndarray, of: Sites, home: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of each plot: one of a few stations of its site, by taste; the first station if all are off."""
    drawn = [station(of, uniform(key, f"station {j}"), key) for j in range(_STATIONS)]
    lon, lat = (np.concatenate([*(d[axis] for d in drawn), own]) for axis, own in enumerate((of.lon, of.lat)))
    best = _by_taste(key, home, lon, lat, seed)
    return lon[best], lat[best]


def _by_taste(key: np.ndarray, home: np.ndarray, lon: np.ndarray, lat: np.ndarray, seed: int) -> np.ndarray:
    """Which of the candidates each takes, as botanists like their covers."""

    def appeal(at: np.ndarray) -> np.ndarray:
        return np.asarray(DRAWN_TO[standing(lon[at], lat[at], seed)[0]])

    return _chosen(_luck(key, home, lon, lat), np.full(len(lon), DRAWN_TO.max()), appeal)


def _luck(key: np.ndarray, home: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(rounds, N) what chance adds to each candidate; they come one round after the other. -inf: not allowed."""
    rounds = len(lon) // max(len(key), 1)
    allowed = is_land(lon, lat) & (country(lon, lat) == np.tile(home, rounds))
    tiled = np.tile(key.view(np.int64), rounds)
    luck = -np.log(-np.log(uniform(combine(tiled, np.repeat(np.arange(rounds), len(key))), "luck")))
    return np.where(allowed, luck, -np.inf).reshape(rounds, -1)


def _chosen(luck: np.ndarray, most: np.ndarray, appeal: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Number of the candidate each takes, (N,): that of the highest luck + log(appeal), else its last one.

    `appeal` of candidates, by their numbers, is at most `most`. It is costly, so only asked of those that may win.
    """
    count = luck.shape[1]
    best, score = np.arange(count) + (len(luck) - 1) * count, np.full(count, -500.0)
    bound = luck[:-1] + np.log(most[:-count]).reshape(-1, count)
    for turn in (-bound).argsort(axis=0, kind="stable"):
        at = np.flatnonzero(bound[turn, np.arange(count)] > score)
        if at.size:
            candidate = turn[at] * count + at
            value = np.log(appeal(candidate)) + luck[turn[at], at]
            better = value > score[at]
            best[at[better]], score[at[better]] = candidate[better], value[better]
    return best


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
