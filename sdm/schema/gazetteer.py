"""Countries, biogeographic regions and towns of Europe: names, spellings and positions.

Towns are approximate (0.01 degrees, populations of the urban area in thousands, rounded); several are there
because they lie near a border, so that the nearest town tells the country.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

REGIONS = (
    "ALPINE", "ANATOLIAN", "ARCTIC", "ATLANTIC", "BLACK SEA", "BOREAL", "CONTINENTAL", "MEDITERRANEAN",
    "PANNONIAN", "STEPPIC",
)  # fmt: skip
"""Biogeographic regions of Europe (European Environment Agency, 2016), as GeoLifeCLEF writes them."""

REGION_SPELLINGS = {"BLACKSEA": "BLACK SEA"}
"""Spelling found in GeoLifeCLEF 2025 metadata -> name used here."""

COUNTRY_SPELLINGS = {
    "Slovak Republic": "Slovakia",
    "Ukraina": "Ukraine",
    "Bosnia-Herzegovina": "Bosnia and Herzegovina",
    "Czechia": "Czech Republic",
    "Russia": "Russian Federation",
    "The Netherlands": "Netherlands",
}
"""Spelling found in GeoLifeCLEF 2024 and 2025 metadata -> name used here."""

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
    text = files("sdm.schema").joinpath("gazetteer.csv").read_text(encoding="utf-8")
    return tuple(
        Town(row["name"], row["country"], float(row["lon"]), float(row["lat"]), float(row["population"]))
        for row in csv.DictReader(text.splitlines())
    )


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Names of the countries of Europe, sorted; the index of a name is its code."""
    return tuple(sorted({town.country for town in towns()} - set(OUTSIDE)))


def canonical_country(name: str) -> str:
    """`name` in the one spelling used here; an unknown name comes back as it is, without outer blanks."""
    return COUNTRY_SPELLINGS.get(name.strip(), name.strip())


def canonical_region(name: str) -> str:
    """`name` of a biogeographic region in the one spelling used here; an unknown name comes back as it is."""
    name = name.strip().upper()
    return REGION_SPELLINGS.get(name, name)
