"""Countries, biogeographic regions and towns of Europe, in the spellings of `sdm.geo.countries`.

Towns are approximate (0.01 degrees, populations of the urban area in thousands, rounded); several are there
because they lie near a border, so that the nearest town tells the country.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sdm.geo.tables import read_rows

REGIONS = (
    "ALPINE", "ANATOLIAN", "ARCTIC", "ATLANTIC", "BLACKSEA", "BOREAL", "CONTINENTAL", "MEDITERRANEAN",
    "PANNONIAN", "STEPPIC",
)  # fmt: skip
"""Biogeographic regions of Europe (European Environment Agency, 2016), as GeoLifeCLEF writes them."""

OUTSIDE = (
    "Algeria", "Armenia", "Azerbaijan", "Greenland", "Iran", "Iraq", "Lebanon", "Morocco", "Syria", "Tunisia",
)  # fmt: skip
"""Countries of the gazetteer that are no part of this Europe; they only bound it."""


@dataclass(frozen=True)
class Town:
    """A town: position in degrees (WGS 84), population in thousands."""

    name: str
    country: str
    lon: float
    lat: float
    population: float


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """All towns of the gazetteer, by country."""
    return tuple(
        Town(row["name"], row["country"], float(row["lon"]), float(row["lat"]), float(row["population"]))
        for row in read_rows("gazetteer", Path(__file__).parent)
    )


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Names of the countries of Europe, sorted; the index of a name is its code."""
    return tuple(sorted({town.country for town in towns()} - set(OUTSIDE)))
