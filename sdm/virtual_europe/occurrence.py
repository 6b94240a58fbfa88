"""What grows and is recorded on a plot beyond what its place foretells: history, chance, plot size, observer.

Whether a species occurs follows from its chance (`flora.log_odds`, of a plot of `STANDARD_AREA`) and a latent
number of unit variance. Parts of that vary over 10 km down to 0.1 km, alike for species of one habitat (dispersal,
land use of the past; the finest is the effect of the site); the rest belongs to the plot's pixel and to the
year. So chances stay what they are, and near plots share species. What occurs is detected or not, as the observer
is attentive.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from sdm.geo.hashing import combine, mix, normal, stream, uniform
from sdm.virtual_europe import flora
from sdm.virtual_europe.landscape.lattice import child_key, combine_salt, low_bits, node_key, windows_at
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.soil import sigmoid
from sdm.virtual_europe.visits import (
    PERSON_SPREAD,
    PROGRAMME_SPREAD,
    STANDARD_AREA,
    Visits,
    attention,
)  # fmt: skip

# Cells (pixels of 10 m) of the shared fields and their part of the variance; the finest is the site effect.
# Splines reach two cells.
FIELDS = ((512, 0.13), (128, 0.14), (32, 0.16), (8, 0.16))
FACTORS = 24  # independent fields of each size
_ALIKE = 0.5  # part of a species' variance that it shares with its habitat's species
_RICH = 0.05  # part that all species share: rich and poor sites
_PLOT, _YEAR = 0.30, 0.06  # parts of the pixel and of the visit
AREA_EXPONENT = 0.27  # of the expected number of individuals
_NOTICED, _NOTICED_SPREAD = 2.5, 0.6  # log-odds that a plant is noticed by the standard observer, over species
_QUANTILES = ndtri((np.arange(24) + 0.5) / 24)  # observers, by quantiles
_ATTENTION = float(np.hypot(PROGRAMME_SPREAD, PERSON_SPREAD))


@lru_cache(maxsize=4)
def loadings(count: int) -> np.ndarray:
    """(len(FIELDS) * FACTORS + 1, count): how each of the first species follows the shared fields."""
    number = np.arange(count)
    habitat = flora.habitats(count)
    blocks = []
    for cell, part in FIELDS:
        own, group = (
            np.stack([normal(combine(stream(f"{name} {cell} {k}"), which), "loading") for k in range(FACTORS)])
            for name, which in (("own", number), ("habitat", habitat))
        )
        own, group = (block / np.linalg.norm(block, axis=0) for block in (own, group))
        mixed = np.sqrt(_ALIKE) * group + np.sqrt(1 - _ALIKE) * own
        blocks.append(np.sqrt(part) * mixed / np.linalg.norm(mixed, axis=0))
    return np.concatenate([*blocks, np.full((1, count), np.sqrt(_RICH))])


def fields_at(places: Places) -> np.ndarray:
    """(N, len(FIELDS) * FACTORS + 1) shared fields at the places, each of unit variance, low where much grows."""
    pixels = windows_at(places.lon, places.lat)
    columns = [_field(pixels.column, pixels.row, cell, FACTORS, places.seed) for cell, _ in FIELDS]
    columns.append(_field(pixels.column, pixels.row, 64, 1, places.seed + 1))
    return np.concatenate(columns, axis=1)


def _field(column: np.ndarray, row: np.ndarray, cell: int, count: int, seed: int) -> np.ndarray:
    """(N, count) smooth fields by cubic B-splines through nodes `cell` pixels apart, float64."""
    west, u = _spline(column, cell)
    north, v = _spline(row, cell)
    weight = (v[:, :, None] * u[:, None, :]).reshape(len(column), 16)
    weight /= np.linalg.norm(weight, axis=1, keepdims=True)
    reach = np.arange(4)
    salt = combine_salt(seed, f"species {cell}")
    nodes = node_key((west[:, None] + reach)[:, None, :], (north[:, None] + reach)[:, :, None], salt)
    values = low_bits(child_key(nodes.reshape(len(column), 16, 1), np.arange(count)))
    return np.einsum("np,npk->nk", weight, np.sqrt(12) * (values.astype(float) - 0.5))


def _spline(position: np.ndarray, cell: int) -> tuple[np.ndarray, np.ndarray]:
    """First of the four nodes around each position, and their weights (N, 4)."""
    node = position // cell
    t = (position - node * cell + 0.5) / cell
    s = 1 - t
    weights = [s**3, 3 * t**3 - 6 * t**2 + 4, 3 * s**3 - 6 * s**2 + 4, t**3]
    return node - 1, np.stack(weights, axis=1) / 6


def occurrence(places: Places, count: int | None = None, area: np.ndarray | float = STANDARD_AREA) -> np.ndarray:
    """(N, S) chance that each species occurs on a plot of `area` m², whatever has happened there."""
    chance = sigmoid(flora.log_odds(places, count))
    size = (np.broadcast_to(np.asarray(area, float), len(places)) / STANDARD_AREA) ** AREA_EXPONENT
    return np.asarray(-np.expm1(size[:, None] * np.log1p(-np.minimum(chance, 1 - 1e-9))))


def detection(count: int, attention_of: np.ndarray) -> np.ndarray:
    """(N, count) chance that observers of this `attention_of` (N,) record each species where it occurs."""
    plain = _NOTICED + _NOTICED_SPREAD * normal(combine(stream("noticed"), np.arange(count)), "plain")
    return sigmoid(plain + attention_of[:, None])


@lru_cache(maxsize=4)
def mean_detection(count: int) -> np.ndarray:
    """(count,) the same, the mean of all observers."""
    return np.asarray(detection(count, _ATTENTION * _QUANTILES).mean(axis=0))


def attentions(rng: np.random.Generator, count: int) -> np.ndarray:
    """The attention of `count` observers drawn at random."""
    return np.asarray(_ATTENTION * rng.standard_normal(count))


def probabilities(
    places: Places, count: int | None = None, area: np.ndarray | float = STANDARD_AREA
) -> np.ndarray:
    """(N, S) probability that each species is recorded on `area` m², given place, year, area and nothing else.

    History, site and observer are averaged over; this is the most that inputs can tell.
    """
    chance = occurrence(places, count, area)
    return np.asarray(chance * mean_detection(chance.shape[1]))


def known_probabilities(places: Places, visits: Visits, chance: np.ndarray) -> np.ndarray:
    """(N, S) the same with the shared fields, the site effect and the observer known; `chance` of `occurrence`."""
    count = chance.shape[1]
    level = ndtri(np.clip(chance, 1e-12, 1 - 1e-12)) - fields_at(places) @ loadings(count)
    return np.asarray(ndtr(level / np.sqrt(_PLOT + _YEAR)) * detection(count, attention(visits.observer)))


def record(places: Places, visits: Visits, chance: np.ndarray) -> np.ndarray:
    """(N, S) bool: what each visit records, a pure function of (seed, place, year, area, observer).

    `chance` is that of `occurrence` with the visits' areas. A survey that would be empty records its likeliest.
    """
    count = chance.shape[1]
    latent = fields_at(places) @ loadings(count)
    pixels = windows_at(places.lon, places.lat)
    plot = node_key(pixels.column, pixels.row, combine_salt(places.seed, "plot"))
    number = mix(np.arange(count, dtype=np.uint64))
    visit = combine(places.key.view(np.int64), visits.observer)
    level, seen = ndtri(chance), detection(count, attention(visits.observer))
    present = np.empty(chance.shape, bool)
    for i in range(len(places)):
        latent[i] += np.sqrt(_PLOT) * ndtri(_open(uniform(plot[i] ^ number, "plot")))
        latent[i] += np.sqrt(_YEAR) * ndtri(_open(uniform(places.key[i] ^ number, "year")))
        present[i] = latent[i] < level[i]
        present[i] &= uniform(visit[i] ^ number, "noticed") < seen[i]
    empty = ~present.any(axis=1)
    present[empty, chance[empty].argmax(axis=1)] = True
    return present


def _open(u: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(u, 1e-16))
