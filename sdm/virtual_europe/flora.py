"""The plants of the virtual Europe and where they grow.

A species' log-odds at a place are a linear form in features of the place: Gaussian niches (quadratic) in warmth,
continentality, soil water, reaction and nutrients, and affinities to the cover it stands on and to those around.
Niches are hand-set, after the Ellenberg numbers of central European floras; maps made of them are no source for
ecology. The intercepts in `tables/flora.csv` were fitted once (`python -m sdm.virtual_europe.calibrate`) to the
frequency class of each species.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from sdm.geo.hashing import combine, normal, stream, uniform
from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.geo.tables import read_rows
from sdm.virtual_europe.place import COVERS, Places

TABLES = Path(__file__).with_name("tables")
LABEL_SPACE = 11_255  # ids 0..11254, the official label space of GeoLifeCLEF 2025

# What an Ellenberg number means here, from 1 upwards.
WARMTH = (-1.5, 1.0, 3.5, 5.8, 7.8, 9.3, 11.0, 13.5, 16.5)  # annual mean, °C
CONTINENTALITY = (5.8, 6.7, 7.5, 8.3, 9.2, 10.2, 11.2, 12.0, 13.0)  # half the annual range, K
WETNESS = (0.05, 0.10, 0.18, 0.32, 0.46, 0.58, 0.70, 0.80, 0.90, 0.95, 0.97, 0.98)
REACTION = (3.7, 4.2, 4.7, 5.2, 5.7, 6.2, 6.7, 7.3, 7.9)  # pH
NUTRIENTS = (0.06, 0.12, 0.22, 0.33, 0.44, 0.55, 0.66, 0.78, 0.9)
GRADIENTS = ("warmth", "continentality", "moisture", "reaction", "nutrients")
# Niche widths of a species of middle frequency, in the same units; the frequent ones tolerate more.
WIDTHS = (2.9, 2.0, 0.20, 0.85, 0.24)
TOLERANCE = (0.72, 0.80, 0.92, 1.08, 1.25, 1.45)  # by frequency class
AFFINITY = (-3.4, -1.6, -0.5, 0.4, 1.1, 1.7, 2.3)  # log-odds by affinity 0 (avoids) .. 6 (needs)
_HARDY, _NARROW = (
    3,
    0.85,
)  # up to this warmth number niches of warmth are narrower: cold-loving plants fail in lowlands
_ENDS = (1.0, 15.0)  # °C: beyond, it makes no difference to plants how cold or warm it is
_EDGE = 10.0  # log-odds lost over one squared radius beyond the middle of a range
_SALT_KM = 1.5
_AROUND = 0.9  # weight of the covers around against the one underfoot
_HISTORY = 0.45  # standard deviation, log-odds, of what climate and soil do not tell: migration, chance
_HISTORY_FIELDS = 16
COVER_LETTERS = dict(zip("bcsdmavwhpriuot", range(len(COVERS)), strict=True))


@dataclass(frozen=True)
class Species:
    """One row of the flora. `ellenberg`: warmth, continentality, moisture, reaction, nutrients."""

    name: str
    family: str
    common_name: str
    ellenberg: tuple[int, int, int, int, int]
    affinity: tuple[int, ...]  # 0..6 for each of COVERS
    frequency: int  # class 0 rare .. 5 ubiquitous
    landscape: int  # +1 small fields and hedges, -1 large open ones, 0 indifferent
    coastal: bool
    centre: tuple[float, float] | None  # degrees: middle of an endemic's range
    radius: float  # km, of that range
    intercept: float

    @property
    def genus(self) -> str:
        """First word of the name."""
        return self.name.split()[0]


def _affinities(code: str) -> tuple[int, ...]:
    values = [0] * len(COVERS)
    for word in code.split():
        values[COVER_LETTERS[word[0]]] = int(word[1])
    return tuple(values)


@lru_cache(maxsize=1)
def flora() -> tuple[Species, ...]:
    """The named species; the order is fixed, it is that of the probabilities' columns."""
    return tuple(_species(row) for row in read_rows("flora", TABLES))


def _species(row: dict[str, str]) -> Species:
    warmth, continentality, moisture, reaction, nutrients = (int(row[k]) for k in GRADIENTS)
    endemic = row["range_lon"] != ""
    return Species(
        name=row["name"], family=row["family"], common_name=row["common_name"],
        ellenberg=(warmth, continentality, moisture, reaction, nutrients),
        affinity=_affinities(row["covers"]),
        frequency=int(row["frequency"]), landscape=int(row["landscape"]), coastal=row["coastal"] == "1",
        centre=(float(row["range_lon"]), float(row["range_lat"])) if endemic else None,
        radius=float(row["range_km"]) if endemic else np.inf, intercept=float(row["intercept"]),
    )  # fmt: skip


def species_ids(count: int) -> np.ndarray:
    """speciesId of the first `count` species: spread over 0..11254, int64; the first ones never change."""
    return (np.arange(count, dtype=np.int64) * 4_637 + 1_204) % LABEL_SPACE


def features(places: Places) -> np.ndarray:
    """(N, F) float64: what the log-odds are linear in."""
    warmth = places.temperature.clip(*_ENDS)
    gradients = [
        warmth / 10, places.seasonality / 10, places.moisture, places.reaction / 10, places.nutrients
    ]  # fmt: skip
    columns = [np.ones(len(places)), *gradients, *(g**2 for g in gradients)]
    share = np.maximum(places.cover, 1e-9)
    columns += [
        places.summer_rain - 0.45, np.exp(-places.coast / 2.5), np.log(places.parcel / 150),
        -(share * np.log(share)).sum(axis=1) - 1.5, places.roads,
        np.where(places.centre == COVERS.index("wetland"), np.exp(-places.coast / _SALT_KM), 0.0),  # salt marsh
    ]  # fmt: skip
    x, y = laea_km(places.lon, places.lat)
    columns += [
        fractal(x, y, f"history {k}", 150 + 60 * k, 2, 0.7) / np.sqrt(_HISTORY_FIELDS)
        for k in range(_HISTORY_FIELDS)
    ]
    standing = np.eye(len(COVERS))[places.centre]
    return np.column_stack([*columns, standing, places.cover])


def coefficients(species: Species) -> np.ndarray:
    """(F,) weights of `features` for one species."""
    tables = (WARMTH, CONTINENTALITY, WETNESS, REACTION, NUTRIENTS)
    scales = (10.0, 10.0, 1.0, 10.0, 1.0)
    constant, linear, square = species.intercept, [], []
    narrow = _NARROW if species.ellenberg[0] <= _HARDY else 1.0
    widths = (narrow * WIDTHS[0], *WIDTHS[1:])
    for number, table, scale, width in zip(species.ellenberg, tables, scales, widths, strict=True):
        optimum = table[number - 1] / scale
        sharp = 0.5 / (width * TOLERANCE[species.frequency] / scale) ** 2
        constant -= sharp * optimum**2
        linear.append(2 * sharp * optimum)
        square.append(-sharp)
    drought = -7.0 if species.ellenberg[0] == 9 else -2.0 if species.ellenberg[0] == 8 else 1.5
    coast = 8.0 if species.coastal else -0.5
    salt = 4.0 if species.coastal else -7.0
    town = 0.8 if species.affinity[COVERS.index("built-up")] >= 3 else -0.3
    landscape = [drought, coast, -0.7 * species.landscape, 0.9 * species.landscape, town, salt]
    key = combine(stream(species.name), np.arange(_HISTORY_FIELDS))
    history = _HISTORY * normal(key, "history")
    affinity = np.array(AFFINITY)[list(species.affinity)]
    return np.concatenate([[constant], linear, square, landscape, history, affinity, _AROUND * affinity])


@lru_cache(maxsize=4)
def habitats(count: int) -> np.ndarray:
    """(count,) index into COVERS of what each of the first species likes best."""
    named = flora()
    own = [int(np.argmax(species.affinity)) for species in named[:count]]
    parents = [_parent(i, len(named)) for i in range(len(named), count)]
    return np.array([*own, *(own[parent] for parent in parents)])


@lru_cache(maxsize=2)
def weights(count: int) -> np.ndarray:
    """(F, count) coefficients of the first `count` species: the named ones, then simulated relatives of them."""
    named = flora()
    columns = [coefficients(species) for species in named[:count]]
    columns += [_relative(i, named) for i in range(len(named), count)]
    return np.stack(columns, axis=1)


def _parent(index: int, named: int) -> int:
    key = combine(stream("relative"), np.arange(index, index + 1))
    return int(uniform(key, "parent")[0] * named)


def _relative(index: int, named: tuple[Species, ...]) -> np.ndarray:
    """Coefficients of simulated species `index`: a named one's niche, moved, and much rarer."""
    key = combine(stream("relative"), np.arange(index, index + 1))
    parent = named[_parent(index, len(named))]
    steps = [round(1.2 * float(normal(key, f"axis {axis}")[0])) for axis in range(len(GRADIENTS))]
    moved = [min(max(n + step, 1), 9) for n, step in zip(parent.ellenberg, steps, strict=True)]
    rarity = -4.3 + 0.9 * float(normal(key, "rarity")[0]) - 0.9 * parent.frequency
    return coefficients(
        replace(
            parent,
            name=f"simulated {index + 1:04d}",
            ellenberg=(moved[0], moved[1], moved[2], moved[3], moved[4]),
            intercept=parent.intercept + rarity,
        )
    )


def log_odds(places: Places, count: int | None = None) -> np.ndarray:
    """(N, S) float64 log-odds of presence of the first `count` species, all named ones by default."""
    named = flora()
    total = len(named) if count is None else count
    result = features(places) @ weights(total)
    x, y = laea_km(places.lon, places.lat)
    column, cx, cy, radius2 = _ranges(min(total, len(named)))
    away = ((x[:, None] - cx) ** 2 + (y[:, None] - cy) ** 2) / radius2
    result[:, column] -= np.maximum(away - 0.5, 0) * _EDGE
    return result


@lru_cache(maxsize=4)
def _ranges(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of those of the first `count` species that have a range: column, centre x and y in km, radius squared."""
    found = [(i, s.centre, s.radius**2) for i, s in enumerate(flora()[:count]) if s.centre is not None]
    lon, lat = np.array([centre for _, centre, _ in found]).reshape(-1, 2).T
    x, y = laea_km(lon, lat)
    return np.array([i for i, _, _ in found], int), x, y, np.array([radius2 for _, _, radius2 in found])
