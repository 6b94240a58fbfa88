"""How a place is surveyed: size of the plot, programme and person; what is overlooked depends on them.

An observer's number is `programme * PERSONS + person`. Number 0 is the standard observer, without peculiarities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.hashing import combine, normal, stream, uniform
from sdm.virtual_europe.sites import Sites

STANDARD_AREA, STANDARD_OBSERVER = 100.0, 0
PERSONS = 1_000
# m² of plots and how many of the PA test surveys of GeoLifeCLEF 2025 have them.
AREAS = (
    (16.0, 3039), (10.0, 2471), (79.0, 1226), (25.0, 1138), (1.0, 934), (225.0, 868), (100.0, 605), (4.0, 575),
    (400.0, 346), (20.0, 249), (9.0, 231), (707.0, 227), (8.0, 214), (200.0, 211), (50.0, 169), (1000.0, 167),
    (64.0, 157), (15.0, 117), (30.0, 91), (706.86, 39), (0.1, 8),
)  # fmt: skip
_OWN_AREA, _OWN_OBSERVER = 0.13, 0.35  # surveys that keep to neither the plot size nor the person of their site
_PROGRAMMES = 4  # of a country
PROGRAMME_SPREAD, PERSON_SPREAD = 0.5, 0.4  # log-odds of noticing a plant


@dataclass(frozen=True)
class Visits:
    """N visits: `area` in m², `observer` as a number."""

    area: np.ndarray
    observer: np.ndarray

    @classmethod
    def standard(cls, count: int, area: float = STANDARD_AREA, observer: int = STANDARD_OBSERVER) -> Visits:
        """`count` equal visits."""
        return cls(np.full(count, area), np.full(count, observer, np.int64))

    def __getitem__(self, rows: slice | np.ndarray) -> Visits:
        return Visits(self.area[rows], self.observer[rows])


def visits(key: np.ndarray, of: Sites, home: np.ndarray, seed: int) -> Visits:
    """The visits of surveys `key` to their sites in the countries `home`, mostly as the site always is."""
    area = np.where(uniform(key, "own area") < _OWN_AREA, _area(key), _area(of.key))
    country = np.array([stream(str(name)) for name in home], np.int64)
    programme = (uniform(of.key, "programme") * _PROGRAMMES).astype(np.int64)
    number = combine(seed, country, programme) >> np.uint64(44)
    own = uniform(key, "own observer") < _OWN_OBSERVER
    person = np.where(own, uniform(key, "person"), uniform(of.key, "person"))
    # Few persons make most visits.
    return Visits(area, number.astype(np.int64) * PERSONS + 1 + (person**2 * 40).astype(np.int64))


def _area(key: np.ndarray) -> np.ndarray:
    values, counts = np.array(AREAS).T
    return values[np.searchsorted(np.cumsum(counts) / counts.sum(), uniform(key, "area"), side="right")]


def attention(observer: np.ndarray) -> np.ndarray:
    """(N,) log-odds by which each observer notices plants more often than the standard one."""
    programme, person = (combine(part) for part in (observer // PERSONS, observer))
    peculiar = PROGRAMME_SPREAD * normal(programme, "programme") + PERSON_SPREAD * normal(person, "person")
    return np.where(observer == STANDARD_OBSERVER, 0.0, peculiar)
