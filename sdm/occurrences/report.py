"""What became of tables of occurrences: sites and species, what was left out and why, splits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.number_format import counted, whole

REPORT = "occurrences.json"
EXAMPLES, LONGEST, MOST_MERGED = 5, 200, 12
KINDS: dict[str, tuple[str, str]] = {  # kind -> what is counted, what it is and what was done
    "no_species": ("record", "without a species: left out"),
    "no_position": ("row", "without a position, or with one off the globe: left out"),
    "filtered": ("record", "taken by a filter of doubtful records: left out"),
    "unfiltered": ("record", "that no filter looked at: the reference system of the positions is not known"),
    "markup": ("name", "with markup: taken without it"),
    "formula": ("name", "that a spreadsheet would run as a formula: kept, and defused in tables that are saved"),
    "similar_names": (
        "group",
        "of names that differ in case, spacing or authorship alone: kept apart without --merge-names",
    ),
    "merged": ("name", "that is another spelling of one: taken for it"),
    "homonyms": ("group", "of names alike but for authors who differ: kept apart"),
    "spelling": ("species", "of the plots spelt otherwise than in the records: not taken for them"),
    "swapped": (
        "record",
        "that would lie on land, or on the globe, with longitude and latitude swapped: --swap-xy",
    ),
    "empty_band": ("predictor", "without a value at any of them"),
    "far_from_surveys": ("site", "further from every survey than --nearest-km: without predictors"),
    "nearest_survey": ("site", "with the environment of the nearest survey"),
    "few_background": ("site", "of the background in all: fewer places with predictors were found than wanted"),
    "no_predictor": ("row", "without any predictor, in the sea or beyond the rasters: left out"),
    "some_predictors": ("row", "without some of the predictors: kept, they are missing there"),
    "not_number": ("cell", "that should be a number and is none: missing"),
    "repeated": ("record", "of a species at a place that has it already: counted once"),
    "other_predictors": ("place", "whose records differ in their predictors: those of the first count"),
    "repeated_plot": ("plot", "with the id of another: left out"),
    "no_plot_predictors": ("plot", "whose id is not among the predictors of plots: left out"),
    "unused_plot_predictors": ("row", "of predictors of plots whose id is not among the plots: not used"),
    "not_recorded_cell": ("cell", "of plots that is neither 0 nor a positive number: taken for absent"),
    "single_record": ("species", "with one record: it trains, or validates, never both"),
    "no_record_left": ("species", "without a usable record: left out"),
    "unknown_in_plots": ("species", "of the plots without a record: left out"),
    "not_in_plots": ("species", "that the plots do not tell of: never tested"),
    "small_group": ("group", "with one species: its background is the records of all groups"),
    "two_groups": ("species", "with records in several groups: that of most records counts"),
    "few_values": ("column", "with few whole values, taken for numbers: name class codes with --category"),
    "taken_for_degrees": (
        "table",
        "whose positions name no reference system: taken for degrees, as their values fit",
    ),
    "set_aside": (
        "column",
        "of running numbers, ids, dates or doubts: no predictor, unless --predictors names it",
    ),
    "unused_column": ("column", "that is not in every table, or no number: not used"),
}


@dataclass(frozen=True)
class Problem:
    """`count` times something of `kind` (a key of KINDS) in `table`, and the first of it."""

    kind: str
    table: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class MergedName:
    """A name that became another, and the records that had it; 0 for a column of plots."""

    name: str
    becomes: str
    records: int


@dataclass
class Tally:
    """Problems as they are found."""

    found: list[Problem] = field(default_factory=list)

    def add(self, kind: str, table: str, count: int, examples: Iterable[object] = ()) -> None:
        """Note `count` of `kind`; nothing where there is none."""
        if count:
            few = [str(example)[:LONGEST] for _, example in zip(range(EXAMPLES), examples, strict=False)]
            self.found.append(Problem(kind, table, int(count), tuple(few)))


@dataclass(frozen=True)
class OccurrenceImport:
    """A whole import. `sites`: source -> sites; `records`: (site, species) pairs of the records.

    `groups`: group -> species, empty without groups; `codes`: predictors that are class codes; `levels`: class
    codes of text -> the number of each; `placed`: whether longitudes and latitudes are known; `block`: side of
    a block in the unit of the positions; `splits`: scheme -> split -> sites; `environment`: where predictors come
    from; `background`: how its sites were drawn, "" for those of a table; `filters`: each that was applied ->
    how many records it takes "alone", and how many it has "taken" after those before it; `merged`: names that
    became another; `world`: version and
    seed of the simulated Europe whose environment it is, empty elsewhere.
    """

    name: str
    sites: Mapping[str, int]
    records: int
    species: int
    groups: Mapping[str, int]
    predictors: tuple[str, ...]
    codes: tuple[str, ...]
    levels: Mapping[str, Mapping[str, int]]
    placed: bool
    block: float
    splits: Mapping[str, Mapping[str, int]]
    problems: tuple[Problem, ...]
    environment: str = ""
    background: str = ""
    filters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    world: Mapping[str, str | int] = field(default_factory=dict)
    merged: tuple[MergedName, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Lines for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.name}: {counted(self.records, 'record')} of {whole(self.species)} species"
        yield f"  sites: {_counts(self.sites)}"
        if self.groups:
            yield f"  species per group: {_counts(self.groups)}"
        yield f"  predictors: {', '.join(self.predictors) or 'none'}"
        if self.codes:
            yield f"  of these class codes: {', '.join(self.codes)}"
        if not self.placed:
            yield "  positions are in a system that is not known: no maps; name it with --crs"
        if self.environment:
            yield f"  predictors from: {self.environment}"
        if self.background:
            yield f"  background: {self.background}"
        for name, counts in self.filters.items():
            taken, alone = counted(counts["taken"], "record"), whole(counts["alone"])
            yield f"  filter {name}: {taken} left out ({alone} alone)"
        for spelling in self.merged[:MOST_MERGED]:
            yield f"  taken for {spelling.becomes}: {spelling.name} ({counted(spelling.records, 'record')})"
        if len(self.merged) > MOST_MERGED:
            yield f"  and {whole(len(self.merged) - MOST_MERGED)} more names, all in {REPORT}"
        yield f"  blocks of {self.block:g} a side"
        yield from (f"  split {scheme}: {_counts(splits)}" for scheme, splits in self.splits.items())
        for one in self.problems:
            noun, what = KINDS[one.kind]
            first = f" ({', '.join(one.examples)}{', …' if one.count > len(one.examples) else ''})"
            yield f"  {one.table}: {counted(one.count, noun)} {what}{first if one.examples else ''}"


def write_report(folder: Path, report: OccurrenceImport) -> None:
    """Write it into the data set in `folder`."""
    write_json(folder / REPORT, report.to_json())


def read_report(folder: Path | None) -> OccurrenceImport | None:
    """How the data set in `folder` was imported, None where it was not; DataError where the file is damaged."""
    if folder is None or not (folder / REPORT).exists():
        return None
    return from_json(OccurrenceImport, read_json(folder / REPORT, DataError), DataError, REPORT)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {whole(number)}" for name, number in counts.items()) or "none"
