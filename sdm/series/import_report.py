"""What became of exports of series: pixels of the data set, those left out by reason, splits, and scenes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.number_format import counted, whole
from sdm.series.report import SeriesReport

REPORT = "series.json"


@dataclass(frozen=True)
class SceneReport:
    """The raster of one site: reference system, size, cells with a pixel, pixels in the cell of another, file."""

    site: str
    crs: str
    width: int
    height: int
    pixels: int
    in_one_cell: int
    file: str


@dataclass(frozen=True)
class SeriesImport:
    """A whole import, in pixels where nothing else is said.

    `reading`: of the files. Left out: `no_class`; by name `unknown_classes`, which were not asked for, and classes
    with `too_few`; `over_limit` per class; `repeated` at the position of another. `points`: field points, of which
    the largest has `largest_point` pixels. `splits`: scheme -> split -> pixels; `common`: scheme -> field points
    on two of its sides. `block_m`: side of the blocks, metres. `scenes`, and `failed_scenes` with the reason.
    """

    name: str
    reading: SeriesReport
    modality: str
    samples: int
    classes: Mapping[str, int]
    no_class: int
    unknown_classes: Mapping[str, int]
    too_few: Mapping[str, int]
    over_limit: int
    points: int
    largest_point: int
    block_m: float
    splits: Mapping[str, Mapping[str, int]]
    common: Mapping[str, int]
    scenes: tuple[SceneReport, ...]
    failed_scenes: Mapping[str, str]
    repeated: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Lines for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.name}: {counted(self.samples, 'pixel')} of {counted(len(self.classes), 'class')}"
        yield from self.reading.lines()
        yield f"  classes: {_counts(self.classes)}"
        for what, counts in (("not asked for", self.unknown_classes), ("too few", self.too_few)):
            if counts:
                yield f"  classes left out, {what}: {_counts(counts)}"
        for what, count in (
            ("without a class", self.no_class), ("beyond the limit per class", self.over_limit),
            ("at the position of another", self.repeated),
        ):  # fmt: skip
            if count:
                yield f"  left out, {what}: {counted(count, 'pixel')}"
        yield f"  field points: {whole(self.points)}, the largest of {counted(self.largest_point, 'pixel')}"
        for scheme, splits in self.splits.items():
            yield f"  split {scheme}: {_counts(splits)}; field points on two sides: {whole(self.common[scheme])}"
        for one in self.scenes:
            more = f"; {whole(one.in_one_cell)} in the cell of another left out" if one.in_one_cell else ""
            size = f"{whole(one.width)} x {whole(one.height)} cells ({one.crs})"
            yield f"  scene {one.site}: {size}, {counted(one.pixels, 'pixel')}{more}"
        yield from (f"  no scene of {site}: {reason}" for site, reason in self.failed_scenes.items())


def write_report(folder: Path, report: SeriesImport) -> None:
    """Write it into the data set in `folder`."""
    write_json(folder / REPORT, report.to_json())


def read_report(folder: Path | None) -> SeriesImport | None:
    """How the data set in `folder` was imported, None where it was not; DataError where the file is damaged."""
    if folder is None or not (folder / REPORT).exists():
        return None
    return from_json(SeriesImport, read_json(folder / REPORT, DataError), DataError, REPORT)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {whole(number)}" for name, number in counts.items()) or "none"
