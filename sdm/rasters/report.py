"""What an import did: what was read, left out by reason, repaired, dropped as duplicate, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.number_format import counted, percent, whole

REPORT = "import.json"


@dataclass(frozen=True)
class PolygonReport:
    """One mapper's file: polygons read, used, left out by reason; codes without a class; geometries repaired."""

    mapper: str
    read: int
    used: int
    left_out: Mapping[str, int]
    unread_codes: Mapping[str, int]
    repaired: int


@dataclass(frozen=True)
class SiteReport:
    """One site, in samples (pixels or images).

    `inside`: wholly in one polygon. `border`: with their centre in a polygon, but not all of it; `overlap`: with
    their centre where polygons overlap. Of those inside: `missing` lack a value, `equal` repeat another one,
    `resampled` are pieces of one coarser pixel. `samples`: what is left of them in the data set.
    """

    name: str
    bands: tuple[str, ...]
    polygons: tuple[PolygonReport, ...]
    inside: int
    border: int
    overlap: int
    missing: int
    equal: int
    resampled: int
    samples: int
    notes: tuple[str, ...] = ()

    @property
    def duplicate_share(self) -> float:
        """Of the samples with all values, the share that repeats another one; NaN where there are none."""
        whole = self.inside - self.missing
        return (self.equal + self.resampled) / whole if whole else float("nan")


@dataclass(frozen=True)
class ImportReport:
    """A whole import.

    `failed`: what could not be used, with the reason. `too_few`: samples of classes left out for having too few;
    `unlabelled`: samples whose class has no number (lime); `over_limit`: those beyond the limit per class.
    `splits`: scheme -> split -> samples; `block_m`: side of the blocks, metres.
    """

    name: str
    sample: str
    modalities: tuple[str, ...]
    sites: tuple[SiteReport, ...]
    failed: Mapping[str, str]
    classes: Mapping[str, int]
    too_few: Mapping[str, int]
    unlabelled: int
    over_limit: int
    splits: Mapping[str, Mapping[str, int]]
    block_m: float
    notes: tuple[str, ...] = field(default=())

    @property
    def samples(self) -> int:
        """Samples in the data set."""
        return sum(site.samples for site in self.sites)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Lines for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.name}: {counted(self.samples, self.sample)} of {counted(len(self.classes), 'class')}"
        yield f"  inputs: {', '.join(self.modalities)}"
        for site in self.sites:
            yield from _site_lines(site, self.sample)
        yield from (f"  not used: {what}: {reason}" for what, reason in self.failed.items())
        yield f"  classes: {_counts(self.classes)}"
        if self.too_few:
            yield f"  too few, left out: {_counts(self.too_few)}"
        if self.unlabelled:
            yield f"  without a number, left out: {whole(self.unlabelled)}"
        if self.over_limit:
            yield f"  beyond the limit per class, left out: {whole(self.over_limit)}"
        for scheme, splits in self.splits.items():
            yield f"  split {scheme}: {_counts(splits)}"
        yield from (f"  note: {note}" for note in self.notes)


def write_report(folder: Path, report: ImportReport) -> None:
    """Write it into the data set in `folder`."""
    write_json(folder / REPORT, report.to_json())


def read_report(folder: Path | None) -> ImportReport | None:
    """How the data set in `folder` was imported, None where it was not; DataError where the file is damaged."""
    if folder is None or not (folder / REPORT).exists():
        return None
    return from_json(ImportReport, read_json(folder / REPORT, DataError), DataError, REPORT)


def _site_lines(site: SiteReport, sample: str) -> Iterator[str]:
    yield f"  {site.name}: bands {', '.join(site.bands)}"
    for polygons in site.polygons:
        left_out = f"; left out: {_counts(polygons.left_out)}" if polygons.left_out else ""
        repaired = f"; repaired: {polygons.repaired}" if polygons.repaired else ""
        used = f"{whole(polygons.used)} of {whole(polygons.read)} polygons"
        yield f"    {polygons.mapper}: {used}{left_out}{repaired}"
        if polygons.unread_codes:
            yield f"      codes not read: {_counts(polygons.unread_codes)}"
    yield (
        f"    {sample}s wholly in one polygon: {whole(site.inside)}; across a border: {whole(site.border)}; "
        f"where polygons overlap: {whole(site.overlap)}; without a value: {whole(site.missing)}"
    )
    if site.equal + site.resampled:
        yield (
            f"    near-duplicates dropped: {percent(site.duplicate_share)} "
            f"({whole(site.equal)} equal in every band, {whole(site.resampled)} of resampled bands)"
        )
    yield f"    in the data set: {whole(site.samples)}"
    yield from (f"    note: {note}" for note in site.notes)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {whole(number)}" for name, number in counts.items()) or "none"
