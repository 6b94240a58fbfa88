"""What is asked of GBIF: a taxon, and where and when; and its parts that are small enough to be paged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sdm.gbif.client import Client, GbifError, Params

FIRST_YEAR = 1900
PAGE = 300  # records an answer holds at most
MOST = 10_000  # records of a part: further pages are slow, and beyond 100,000 there is none
LIMIT = 100_000
SMALLEST = 1e-3  # degrees: a box is not cut further, but its years are
WORLD = (-180.0, -90.0, 180.0, 90.0)
# Observed or collected in the wild; fossils and living collections (gardens, zoos) are left out.
BASES = (
    "OBSERVATION", "HUMAN_OBSERVATION", "MACHINE_OBSERVATION", "PRESERVED_SPECIMEN", "MATERIAL_SAMPLE",
    "MATERIAL_CITATION", "OCCURRENCE",
)  # fmt: skip
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Taxon:
    """A name as GBIF's backbone knows it: `key` (letters and digits), accepted `name`, `rank`."""

    key: str
    name: str
    rank: str


@dataclass(frozen=True)
class Query:
    """Records of the taxon `key` with a position and without a known geospatial issue.

    In `country` (two letters), in `box` (west, south, east, north; degrees), of `years` (first, last).
    """

    key: str
    country: str = ""
    box: Box = WORLD
    years: tuple[int, int] = (FIRST_YEAR, 0)

    def __post_init__(self) -> None:
        west, south, east, north = self.box
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise GbifError("no box of the world", expected="WEST,SOUTH,EAST,NORTH in degrees", got=self.box)
        if self.country and not (len(self.country) == 2 and self.country.isascii() and self.country.isalpha()):
            raise GbifError("no code of a country", expected="two letters, for instance CH", got=self.country)
        if not self.years[1]:
            object.__setattr__(self, "years", (self.years[0], datetime.now(UTC).year))
        if self.years[0] > self.years[1]:
            raise GbifError("no span of years", expected="the first before the last", got=self.years)

    def params(self) -> Params:
        """As GBIF's search takes it."""
        west, south, east, north = self.box
        fixed = [
            ("taxonKey", self.key), ("hasCoordinate", "true"), ("hasGeospatialIssue", "false"),
            ("occurrenceStatus", "PRESENT"), ("year", f"{self.years[0]},{self.years[1]}"),
            *(("basisOfRecord", basis) for basis in BASES),
        ]  # fmt: skip
        if self.country:
            fixed.append(("country", self.country.upper()))
        if self.box != WORLD:
            fixed += [("decimalLatitude", f"{south},{north}"), ("decimalLongitude", f"{west},{east}")]
        return fixed

    def halves(self) -> tuple[Query, ...]:
        """Two parts of about half of it, which share the records on their border; none where it is too small."""
        west, south, east, north = self.box
        if max(east - west, north - south) > SMALLEST:
            if east - west >= north - south:
                middle = (west + east) / 2
                boxes = ((west, south, middle, north), (middle, south, east, north))
            else:
                middle = (south + north) / 2
                boxes = ((west, south, east, middle), (west, middle, east, north))
            return tuple(replace(self, box=box) for box in boxes)
        first, last = self.years
        if first == last:
            return ()
        middle_year = (first + last) // 2
        return replace(self, years=(first, middle_year)), replace(self, years=(middle_year + 1, last))


def match(client: Client, name: str) -> Taxon:
    """The taxon of a scientific name; GbifError for a name GBIF does not know, with what it took it for."""
    answer = client.get("match", [("scientificName", name)])
    usage, diagnostics = answer.get("usage") or {}, answer.get("diagnostics") or {}
    kind = str(diagnostics.get("matchType", "NONE"))
    if not usage.get("key") or kind in ("NONE", "HIGHERRANK"):
        raise GbifError(
            f"GBIF knows no taxon of the name {name!r}", got=usage.get("name"),
            remedy="Check the spelling; a scientific name is asked for.",
        )  # fmt: skip
    accepted = answer.get("acceptedUsage") or usage
    return Taxon(str(accepted["key"]), str(accepted.get("name", name)), str(accepted.get("rank", "")))


def count(client: Client, query: Query) -> int:
    """How many records there are."""
    answer = client.get("search", [*query.params(), ("limit", "0")])
    number = answer.get("count")
    if not isinstance(number, int) or number < 0:
        raise GbifError("an answer without a count", where=client.address, expected="a whole number", got=number)
    return number


def parts(client: Client, query: Query) -> Iterator[tuple[Query, int]]:
    """Parts of `query` that together hold all its records, and the number of each.

    At most MOST, or more where a box of SMALLEST degrees has as many of a single year.
    """
    number = count(client, query)
    halves = query.halves() if number > MOST else ()
    if not halves and number:
        yield query, number
    for half in halves:
        yield from parts(client, half)
