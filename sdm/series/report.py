"""What reading found: files, rows and pixels, and every kind of trouble with how often and where it occurred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import numpy as np

from sdm.number_format import counted, whole

EXAMPLES = 5
KINDS: dict[str, tuple[str, str]] = {  # kind -> what is counted, what it is and what was done
    "repeated_file": ("file", "with the same bytes as another: left out"),
    "other_site": ("file", "far from the others of its site: a site of its own"),
    "lacks_bands": ("file", "without features that others have: missing there"),
    "surplus_bands": ("file", "with features that others lack: not used"),
    "unused_columns": ("file", "with columns that are not known: not used"),
    "ragged": ("row", "with another number of cells than the header: left out"),
    "no_position": ("row", "without a position on Earth: left out"),
    "broken_date": ("row", "without a readable date: left out"),
    "date_from_month": ("row", "without a readable date but with a month: the first of that month"),
    "masked": ("cell", "with the mark of masked values: missing"),
    "empty": ("cell", "without content: missing"),
    "not_number": ("cell", "without a number: missing"),
    "not_finite": ("cell", "without a finite number: missing"),
    "no_value": ("row", "without any value: left out"),
    "repeated_row": ("row", "alike another of its pixel and date: left out"),
    "other_values": ("row", "of the pixel and date of another but with other values: left out"),
    "month_twice": ("row", "later than another of its pixel and month: left out"),
    "cut": ("row", "beyond the steps of a series: left out"),
    "padded": ("pixel", "with fewer dates than steps: the last steps are missing"),
    "no_valid_month": ("pixel", "without a usable row: left out"),
    "class_of_some": ("pixel", "with a class on some rows only: it counts for all"),
    "two_classes": ("pixel", "with rows of different classes: without a class"),
    "no_class": ("pixel", "of a labelled file without a class"),
}


@dataclass(frozen=True)
class Problem:
    """`count` times something of `kind` (a key of KINDS), in the columns `detail`; where the first of it are."""

    kind: str
    detail: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileReport:
    """One file that was read: its site, rows, whether it has classes, its features."""

    name: str
    site: str
    rows: int
    labelled: bool
    bands: tuple[str, ...]


@dataclass(frozen=True)
class SeriesReport:
    """All files: those read, why others `failed`; rows read and used, pixels, their mean number of dates.

    `steps_missing`: steps of all series for which there is no date.
    """

    files: tuple[FileReport, ...]
    failed: Mapping[str, str]
    bands: tuple[str, ...]
    rows: int
    rows_used: int
    pixels: int
    labelled_pixels: int
    dates_mean: float
    steps_missing: int
    problems: tuple[Problem, ...]

    def count(self, kind: str, detail: str | None = None) -> int:
        """How often something of `kind` occurred."""
        if kind not in KINDS:
            raise KeyError(kind)
        return sum(one.count for one in self.problems if one.kind == kind and detail in (None, one.detail))

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Lines for a terminal."""
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The same, one by one."""
        used = f"{counted(self.rows, 'row')} ({whole(self.rows_used)} used)"
        pixels = f"{counted(self.pixels, 'pixel')} with {self.dates_mean:.1f} dates on average"
        yield f"  read: {counted(len(self.files), 'file')}, {used}, {pixels}"
        yield f"  features: {', '.join(self.bands)}"
        yield from (f"  not read: {name}: {reason}" for name, reason in self.failed.items())
        yield from (f"  {line}" for line in problem_lines(self.problems))


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """A line per kind: how often, what it is and what was done, in which columns, where it began."""
    for kind, same in groupby(problems, key=lambda problem: problem.kind):
        of_kind = list(same)
        unit, what = KINDS[kind]
        details = ", ".join(f"{one.detail} {whole(one.count)}" for one in of_kind if one.detail)
        places = [place for one in of_kind for place in one.examples][:EXAMPLES]
        parts = [part for part in (details, f"at {', '.join(places)}" if places else "") if part]
        total = sum(one.count for one in of_kind)
        yield f"{counted(total, unit)} {what}" + (f" ({'; '.join(parts)})" if parts else "")


class Tally:
    """Counts problems as they are met, with the first EXAMPLES places of each."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._examples: dict[tuple[str, str], list[str]] = {}

    def add(self, kind: str, count: int, examples: Iterable[str] = (), detail: str = "") -> None:
        """Note `count` more of `kind`; `examples` are looked at as far as they are needed."""
        if kind not in KINDS:
            raise KeyError(kind)
        if not count:
            return
        key = kind, detail
        self._counts[key] = self._counts.get(key, 0) + int(count)
        places = self._examples.setdefault(key, [])
        for place in examples:
            if len(places) >= EXAMPLES:
                break
            places.append(place)

    def lines(self, kind: str, file: str, lines: np.ndarray, detail: str = "") -> None:
        """Note one of `kind` at each of `lines` of `file`."""
        self.add(kind, len(lines), (f"{file}:{line}" for line in lines[:EXAMPLES].tolist()), detail)

    def join(self, other: Tally) -> None:
        """Add what `other` counted."""
        for problem in other.problems():
            self.add(problem.kind, problem.count, problem.examples, problem.detail)

    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order of KINDS."""
        order = list(KINDS)
        keys = sorted(self._counts, key=lambda key: order.index(key[0]))
        return tuple(Problem(*key, self._counts[key], tuple(self._examples[key])) for key in keys)
