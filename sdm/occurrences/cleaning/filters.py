"""The filters of doubtful records, in the manner of CoordinateCleaner (Zizka et al. 2019,
doi:10.1111/2041-210X.13152).

A filter marks rows; none removes any. Which of the marked are left out is for the options of an import to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.errors import UnknownNameError
from sdm.gbif.records import DUBIOUS_METRES, MOST_METRES
from sdm.geo.coastline import land_distance
from sdm.occurrences.cleaning.outliers import outliers
from sdm.occurrences.cleaning.reference import near

SEA_KM = 5.0
"""Tolerance at the coast, whose cells are 0.02 degrees wide: of 14,784 vegetation surveys of Europe (the test
surveys of
GeoLifeCLEF 2025) 3.2 % lie outside the cells of land, 0.03 % more than 3 km and none more than 5 km away."""
ZERO_DEGREES, CENTROID_KM, CAPITAL_KM, INSTITUTION_KM = 0.5, 1.0, 2.0, 0.5


@dataclass(frozen=True)
class Positions:
    """N records: `lon`, `lat` float64 in degrees, `species` int (N,), `uncertainty` float64 in m, NaN unknown."""

    lon: np.ndarray
    lat: np.ndarray
    species: np.ndarray
    uncertainty: np.ndarray

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Filter:
    """One filter: its `name`, the standard `term`, a plain `gloss`, whether it is `usual` (on by default), and the
    rows of positions it `takes`."""

    name: str
    term: str
    gloss: str
    usual: bool
    takes: Callable[[Positions], np.ndarray]


def _zeros(at: Positions) -> np.ndarray:
    return (at.lon == 0) | (at.lat == 0) | (np.hypot(at.lon, at.lat) <= ZERO_DEGREES)


def _sea(at: Positions) -> np.ndarray:
    return land_distance(at.lon, at.lat) > SEA_KM


def _uncertain(at: Positions) -> np.ndarray:
    return (at.uncertainty > MOST_METRES) | np.isin(at.uncertainty, DUBIOUS_METRES)


def _duplicates(at: Positions) -> np.ndarray:
    return pd.DataFrame({"s": at.species, "x": at.lon, "y": at.lat}).duplicated().to_numpy()


def _near(kind: str, km: float) -> Callable[[Positions], np.ndarray]:
    return lambda at: near(kind, at.lon, at.lat, km)


FILTERS: dict[str, Filter] = {
    one.name: one
    for one in (
        Filter("zeros", "Zero coordinates",
               "longitude or latitude is exactly 0, or the place lies within half a degree of 0, 0", True, _zeros),
        Filter("equal", "Equal coordinates", "longitude and latitude are the same number, but for the sign", True,
               lambda at: np.abs(at.lon) == np.abs(at.lat)),
        Filter("sea", "Sea", f"more than {SEA_KM:g} km from land, where the map of Europe reaches", True, _sea),
        Filter("centroids", "Country centroids",
               f"within {CENTROID_KM:g} km of the middle of a country, which stands for the country", True,
               _near("country_centroids", CENTROID_KM)),
        Filter("capitals", "Capitals",
               f"within {CAPITAL_KM:g} km of the middle of a capital, which may stand for the country", False,
               _near("capitals", CAPITAL_KM)),
        Filter("institutions", "Biodiversity institutions",
               f"within {INSTITUTION_KM * 1000:g} m of a large herbarium, botanical garden or museum, or of GBIF",
               True, _near("institutions", INSTITUTION_KM)),
        Filter("uncertainty", "Coordinate uncertainty",
               f"uncertain by more than {MOST_METRES / 1000:g} km, or by a number that stands for something else "
               f"({', '.join(f'{metres:g}' for metres in DUBIOUS_METRES)} m)", True, _uncertain),
        Filter("outliers", "Geographic outliers", "far from all other places of the species", False,
               lambda at: outliers(at.lon, at.lat, at.species)),
        Filter("duplicates", "Duplicates", "the species has a record at exactly this place already", True,
               _duplicates),
    )
}  # fmt: skip
USUAL = tuple(name for name, one in FILTERS.items() if one.usual)


@dataclass(frozen=True)
class Cleaning:
    """What filters take of N rows: `marked`, bool (N,) per filter, in the order in which they are applied."""

    marked: dict[str, np.ndarray]
    count: int

    @property
    def alone(self) -> dict[str, int]:
        """How many rows each filter takes, whatever the others do."""
        return {name: int(rows.sum()) for name, rows in self.marked.items()}

    def taken(self, filters: Sequence[str] | None = None) -> dict[str, int]:
        """How many rows each of `filters` (all of them) takes of what those before it have left."""
        left, counts = np.ones(self.count, bool), {}
        for name in self._names(filters):
            counts[name] = int((left & self.marked[name]).sum())
            left &= ~self.marked[name]
        return counts

    def kept(self, filters: Sequence[str] | None = None) -> np.ndarray:
        """bool (N,): the rows that none of `filters` (all of them) takes."""
        return ~np.logical_or.reduce(
            [self.marked[name] for name in self._names(filters)] or [np.zeros(self.count, bool)]
        )

    def _names(self, filters: Sequence[str] | None) -> list[str]:
        return [name for name in self.marked if filters is None or name in filters]


def known_filters(names: Sequence[str]) -> tuple[str, ...]:
    """The names in the order of FILTERS; UnknownNameError for one that is none."""
    for name in names:
        if name not in FILTERS:
            raise UnknownNameError("no such filter", expected=", ".join(FILTERS), got=name)
    return tuple(name for name in FILTERS if name in names)


def clean(at: Positions, filters: Sequence[str] = tuple(FILTERS)) -> Cleaning:
    """What each of `filters` takes. A row without a position is marked by none that asks for it."""
    known = np.isfinite(at.lon) & np.isfinite(at.lat)
    rows = np.flatnonzero(known)
    there = at if known.all() else Positions(at.lon[rows], at.lat[rows], at.species[rows], at.uncertainty[rows])
    marked = {}
    for name in known_filters(filters):
        marked[name] = np.zeros(len(at), bool)
        if len(rows):
            marked[name][rows] = FILTERS[name].takes(there)
    return Cleaning(marked, len(at))
