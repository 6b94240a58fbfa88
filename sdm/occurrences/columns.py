"""Which column of a table of occurrences holds what: known by name, whatever its case and separators."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.formats.table import Kind
from sdm.occurrences.options import ImportOptions

# role -> spellings as `plain` leaves them, the first preferred; the last of a role are German, French, Spanish,
# Italian and Dutch.
NAMES: dict[str, tuple[str, ...]] = {
    "species": (
        "spid",
        "species",
        "scientificname",
        "acceptedscientificname",
        "speciesname",
        "taxonname",
        "binomial",
        "latinname",
        "taxon",
        "sp",
        "speciesid",
        *("art", "artname", "wissenschaftlichername", "lateinischername", "deutschername"),
        *("espece", "nomscientifique", "nom", "especie", "nombrecientifico", "specie", "nomescientifico"),
        *("soort", "soortnaam", "wetenschappelijkenaam"),
    ),
    "x": ("geometryx", "decimallongitude", "longitude", "lon", "long", "lng", "x", "easting", "xcoord", "coordx",
          "langengrad", "laengengrad", "lange", "laenge", "xkoordinate", "rechtswert",
          "longitud", "longitudine", "lengtegraad"),
    "y": ("geometryy", "decimallatitude", "latitude", "lat", "y", "northing", "ycoord", "coordy",
          "breitengrad", "breite", "ykoordinate", "hochwert",
          "latitud", "latitudine", "breedtegraad"),
    "id": ("siteid", "site", "surveyid", "plotid", "gbifid", "occurrenceid", "id"),
    "group": ("group", "taxonomicgroup"),
    "year": ("year", "jahr", "annee", "ano", "anno", "jaar"),
    "date": ("eventdate", "date", "observedon", "dateobserved", "datum", "funddatum", "fecha"),
    "uncertainty": ("coordinateuncertaintyinmeters", "coordinateuncertainty", "uncertainty", "positionalaccuracy",
                    "unscharfe", "unschaerfe", "genauigkeit", "lagegenauigkeit", "incertitude", "incertidumbre",
                    "incertezza", "onzekerheid"),
    "crs": ("geodeticdatum", "crs", "epsg", "srid", "verbatimsrs"),
}  # fmt: skip
ROLES = {"species": "the species", "x": "longitude or x", "y": "latitude or y", "id": "the site's id",
         "group": "the species' group", "year": "the year", "date": "the date",
         "uncertainty": "the position's uncertainty in metres", "crs": "the reference system"}  # fmt: skip
GEOGRAPHIC = frozenset({*NAMES["x"][1:6], *NAMES["y"][1:4]})
"""Names of columns of degrees."""
PLACES = ("x", "y", "id", "year", "uncertainty")
TEXTS = frozenset({"species", "group", "date", "crs"})
NO_PREDICTOR = frozenset({"occ", "occurrence", "pa", "index", "unnamed0", "month", "day"})
# Terms of Darwin Core (dwc.tdwg.org/terms) and columns of GBIF's downloads that hold numbers and are no
# predictors; # those of the second line only where a table is one of Darwin Core, as `basisofrecord` tells.
DARWIN_CORE_MARK = "basisofrecord"
DARWIN_CORE = frozenset({
    "gbifid", "taxonkey", "specieskey", "genuskey", "familykey", "orderkey", "classkey", "phylumkey", "kingdomkey",
    "acceptedtaxonkey", "individualcount", "startdayofyear", "enddayofyear", "catalognumber", "recordnumber",
    "coordinateprecision", "decimallatitude", "decimallongitude", "coordinateuncertaintyinmeters",
})  # fmt: skip
DARWIN_CORE_HEIGHTS = frozenset({
    "elevation", "elevationaccuracy", "depth", "depthaccuracy", "minimumelevationinmeters",
    "maximumelevationinmeters", "minimumdepthinmeters", "maximumdepthinmeters",
})  # fmt: skip
GEOMETRY = ("geometry: x", "geometry: y")
"""What the position of a layer's points is called among its columns."""
FEW_NAMES = 8  # usual names of a role that an error lists
DOUBT = re.compile("uncertain|unscharf|unschaerf|genauigkeit|accura|precision|incert|onzekerheid")
"""In the name, as `plain` leaves it, of a column that tells how well something is known."""
_METRES = re.compile(r"[(\[]\s*(m|meters?|metres?|meter)\s*[)\]]|[\s_.](m|meters?|metres?)$", re.IGNORECASE)


class Source(Protocol):
    """One table: its file, a word for its kind, the names of its columns, its reference system ("" unknown), and
    whether numbers may have a decimal comma."""

    path: Path
    kind: str
    header: list[str]
    crs: str
    decimal_comma: bool

    def read(self, columns: Mapping[str, Kind]) -> pd.DataFrame:
        """The named columns, each as its kind says."""
        ...

    def first(self, columns: Sequence[str], rows: int) -> pd.DataFrame:
        """The first `rows` of the named columns as text, "" where a cell is empty."""
        ...

    def row_names(self, count: int, rows: np.ndarray) -> list[str]:
        """What a report calls `rows`, numbers from 0, of the `count` that `read` gives."""
        ...

    def count(self) -> int:
        """Rows in all; of a table in text its lines, of which a cell with line breaks takes several."""
        ...


@dataclass(frozen=True)
class TableColumns:
    """One table: role -> name of its column, and the other columns, which may be predictors or species."""

    source: Source = field(compare=False)
    roles: dict[str, str]
    others: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Its file."""
        return self.source.path

    @property
    def in_degrees(self) -> bool:
        """Whether the names of its positions say that they are longitudes and latitudes."""
        return {plain(self.roles[role]) for role in "xy" if role in self.roles} <= GEOGRAPHIC

    @property
    def from_geometry(self) -> bool:
        """Whether its positions are those of a layer, in the layer's reference system."""
        return self.roles.get("x") == GEOMETRY[0]

    def kinds(self, predictors: Sequence[str], *, joined: bool) -> dict[str, Kind]:
        """Column -> how it is read: roles and `predictors`; ids as text where they join tables."""
        kinds = {
            name: Kind.TEXT if role in TEXTS or (role == "id" and joined) else Kind.CELL
            for role, name in self.roles.items()
        }
        return {**kinds, **{name: Kind.CELL for name in predictors if name not in kinds}}


def plain(name: str) -> str:
    """A name without case, accents and separators.

    >>> plain("Decimal_Longitude"), plain("Längengrad")
    ('decimallongitude', 'langengrad')
    """
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name.casefold()))


def table_columns(source: Source, options: ImportOptions, needed: Sequence[str]) -> TableColumns:
    """The columns of the table; DataError, which tells all of them, where roles `needed` have none.

    `options` may name the columns of roles.
    """
    header = source.header
    named = {"species": options.species, "group": options.group, **options.roles}
    roles: dict[str, str] = {}
    for role, usual in NAMES.items():
        if role in options.roles and not options.roles[role]:
            continue
        place = _place(header, named.get(role) or "", usual)
        if place is None and role == "uncertainty" and not named.get(role):
            place = next((name for name in header if DOUBT.search(plain(name)) and _METRES.search(name)), None)
        if place is not None and place not in roles.values():
            roles[role] = place
    _require(source, {role: named.get(role) or "" for role in needed if role not in roles})
    aside = _asides(header) | set(roles.values())
    others = [name for name in header if name and name not in aside]
    return TableColumns(source, roles, tuple(dict.fromkeys(others)))


def _require(source: Source, missing: Mapping[str, str]) -> None:
    """DataError for `missing` roles -> the column that was asked for, "" for the usual names."""
    if missing:
        raise DataError(
            f"no column of {', and none of '.join(ROLES[role] for role in missing)}", where=source.path,
            expected="; ".join(name or " or ".join(NAMES[role][:FEW_NAMES]) for role, name in missing.items()),
            got=", ".join(source.header[:30]),
            remedy=f"Name each: {' '.join(f'--column {role}=NAME' for role in missing)}",
        )  # fmt: skip


def _place(header: list[str], wanted: str, usual: Sequence[str]) -> str | None:
    """The column that is `wanted`, by its very name before any spelling of it; else the first of the `usual`."""
    if wanted and wanted in header:
        return wanted
    spellings = (plain(wanted),) if wanted else usual
    return next((name for want in spellings for name in header if name and plain(name) == want), None)


def _asides(header: list[str]) -> set[str]:
    """The columns that are no predictors whatever they hold: of Darwin Core, and a second position, id or year
    beside that which is read."""
    plains = {name: plain(name) for name in header}
    known = NO_PREDICTOR | DARWIN_CORE | {word for role in PLACES for word in NAMES[role]}
    if DARWIN_CORE_MARK in plains.values():
        known |= DARWIN_CORE_HEIGHTS
    return {name for name, word in plains.items() if word in known or name in GEOMETRY}
