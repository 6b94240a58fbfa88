"""Which column of a table of occurrences holds what: known by name, whatever its case and separators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sdm.errors import DataError
from sdm.formats.table import read_header
from sdm.occurrences.options import ImportOptions

NAMES: dict[str, tuple[str, ...]] = {  # role -> spellings without case and separators, the first preferred
    "species": ("spid", "species", "scientificname", "acceptedscientificname", "taxon", "sp", "speciesid"),
    "x": ("decimallongitude", "longitude", "lon", "long", "lng", "x", "easting"),
    "y": ("decimallatitude", "latitude", "lat", "y", "northing"),
    "id": ("siteid", "site", "surveyid", "plotid", "gbifid", "occurrenceid", "id"),
    "group": ("group", "taxonomicgroup"),
    "year": ("year",),
}
GEOGRAPHIC = frozenset({*NAMES["x"][:5], *NAMES["y"][:3]})
"""Names of columns of degrees."""
NO_PREDICTOR = frozenset({"occ", "occurrence", "pa", "index", "unnamed0", "month", "day"})


@dataclass(frozen=True)
class TableColumns:
    """One table: role -> name of its column, and the other columns, which may be predictors or species."""

    path: Path
    roles: dict[str, str]
    others: tuple[str, ...]

    @property
    def in_degrees(self) -> bool:
        """Whether the names of its positions say that they are longitudes and latitudes."""
        return {plain(self.roles[role]) for role in "xy" if role in self.roles} <= GEOGRAPHIC


def plain(name: str) -> str:
    """A name without case and separators.

    >>> plain("Decimal_Longitude")
    'decimallongitude'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def table_columns(path: Path, options: ImportOptions, needed: Sequence[str]) -> TableColumns:
    """The columns of the table; DataError where one of the roles `needed` has none.

    `options` may name the column of the species and of the group.
    """
    header, _ = read_header(path)
    named = {"species": options.species, "group": options.group}
    roles: dict[str, str] = {}
    for role, usual in NAMES.items():
        wanted = (plain(named[role]),) if named.get(role) else usual
        place = next((name for want in wanted for name in header if name and plain(name) == want), None)
        if place is not None and place not in roles.values():
            roles[role] = place
    for role in needed:
        if role not in roles:
            raise DataError(
                f"no column of {_ROLES[role]}", where=path, expected=named.get(role) or " or ".join(NAMES[role]),
                got=", ".join(header[:30]), remedy=_REMEDIES.get(role),
            )  # fmt: skip
    others = [name for name in header if name and name not in roles.values() and plain(name) not in NO_PREDICTOR]
    return TableColumns(path, roles, tuple(dict.fromkeys(others)))


_ROLES = {"species": "the species", "x": "longitude or x", "y": "latitude or y", "id": "the site's id"}
_REMEDIES = {"species": "Name it with --species."}
