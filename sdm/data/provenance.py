"""Where the data come from, and under which licence their publishers give them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sdm.geo.tables import read_rows


@dataclass(frozen=True)
class Provenance:
    """One source: what of the data comes from it, who published it, its licence, and where both can be read."""

    part: str
    publisher: str
    licence: str
    source: str


def _sources(data: str) -> tuple[Provenance, ...]:
    """The rows of `provenance.csv` about `data`."""
    rows = (row for row in read_rows("provenance", Path(__file__).parent) if row.pop("data") == data)
    return tuple(Provenance(**row) for row in rows)


GEOLIFECLEF, VIRTUAL_EUROPE = _sources("GeoLifeCLEF"), _sources("virtual Europe")
