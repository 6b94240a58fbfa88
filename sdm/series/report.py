"""What reading found: files, rows and pixels, and every kind of trouble with how often and where it occurred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sdm.number_format import counted, whole

EXAMPLES = 5
KINDS: dict[str, tuple[str, str]] = {  # kind -> what is counted, what it is and what was done
    "repeated_file": ("file", "holds the same bytes as another: left out"),
    "other_site": ("file", "lies far from the others of its site: a site of its own"),
    "lacks_bands": ("file", "lacks features that others have: they are missing there"),
    "surplus_bands": ("file", "has features that others lack: not used"),
    "unused_columns": ("file", "has columns that are not known: not used"),
    "ragged": ("row", "has another number of cells than the header: left out"),
    "no_position": ("row", "has no position on Earth: left out"),
    "broken_date": ("row", "has no readable date: left out"),
    "date_from_month": ("row", "has no readable date but a month: the first of that month"),
    "masked": ("cell", "holds the mark of masked values: missing"),
    "empty": ("cell", "is empty: missing"),
    "not_number": ("cell", "is no number: missing"),
    "not_finite": ("cell", "is infinite: missing"),
    "no_value": ("row", "has no value at all: left out"),
    "repeated_row": ("row", "repeats another of the same pixel and date: left out"),
    "other_values": ("row", "has the pixel and date of another but other values: left out"),
    "month_twice": ("row", "is a later one of the same pixel and month: left out"),
    "cut": ("row", "lies beyond the steps of a series: left out"),
    "padded": ("pixel", "has fewer dates than steps: the last steps are missing"),
    "no_valid_month": ("pixel", "has no usable row: left out"),
    "no_class": ("pixel", "of a labelled file has no class"),
    "class_of_some": ("pixel", "has its class on some rows only: it counts for all"),
    "two_classes": ("pixel", "has rows of different classes: it has none"),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """`count` times something of `kind` (a key of KINDS), in the column or of the sort `detail`; where it began."""

    kind: str
    detail: str
    count: int
    examples: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """One line."""
        unit, what = KINDS[self.kind]
        of = f" of {self.detail}" if self.detail else ""
        where = f" ({', '.join(self.examples)}{', …' if self.count > len(self.examples) else ''})"
        return f"{counted(self.count, unit)}{of}: {what}{where if self.examples else ''}"


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
    """All files: those read, those that could not be with the reason; rows read and used, pixels, mean number of dates.

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
        yield (
            f"  read: {counted(len(self.files), 'file')}, {whole(self.rows)} rows, of which {whole(self.rows_used)} "
            f"are used; {counted(self.pixels, 'pixel')} with {self.dates_mean:.1f} dates on average"
        )
        yield f"  features: {', '.join(self.bands)}"
        yield from (f"  not read: {name}: {reason}" for name, reason in self.failed.items())
        yield from (f"  {problem.text}" for problem in self.problems)


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

    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order of KINDS."""
        order = list(KINDS)
        keys = sorted(self._counts, key=lambda key: order.index(key[0]))
        return tuple(Problem(*key, self._counts[key], tuple(self._examples[key])) for key in keys)
