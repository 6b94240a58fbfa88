"""Canonical spellings of countries and biogeographic regions.

Countries: the common English names used in most rows of the GeoLifeCLEF metadata. Regions: the European
Environment Agency's biogeographic regions (eea.europa.eu, "Biogeographical regions in Europe"), written as in the
metadata. An unknown name stays as it is.
"""

from __future__ import annotations

COUNTRIES: dict[str, str] = {
    "Bosnia-Herzegovina": "Bosnia and Herzegovina",
    "Bosnia & Herzegovina": "Bosnia and Herzegovina",
    "Czechia": "Czech Republic",
    "Great Britain": "United Kingdom",
    "Holland": "Netherlands",
    "Macedonia": "North Macedonia",
    "Republic of Moldova": "Moldova",
    "Russian Federation": "Russia",
    "Slovak Republic": "Slovakia",
    "The Netherlands": "Netherlands",
    "Turkiye": "Turkey",
    "Türkiye": "Turkey",
    "UK": "United Kingdom",
    "Ukraina": "Ukraine",
}

REGIONS: dict[str, str] = {
    "BLACK SEA": "BLACKSEA",
    "BLACK-SEA": "BLACKSEA",
    "BLACK_SEA": "BLACKSEA",
    "STEPPE": "STEPPIC",
}


def canonical_country(name: str) -> str:
    """Return the canonical spelling of a country's name.

    >>> canonical_country(" Slovak Republic"), canonical_country("Atlantis")
    ('Slovakia', 'Atlantis')
    """
    stripped = name.strip()
    return COUNTRIES.get(stripped, stripped)


def canonical_region(name: str) -> str:
    """Return the canonical spelling of a biogeographic region, in capitals.

    >>> canonical_region("Black Sea"), canonical_region("ALPINE")
    ('BLACKSEA', 'ALPINE')
    """
    upper = name.strip().upper()
    return REGIONS.get(upper, upper)
