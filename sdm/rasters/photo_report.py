"""What an import of ground photographs did: points and photographs used and left out, classes, splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.number_format import counted, whole
from sdm.rasters.group_splits import intersections
from sdm.rasters.photo_points import PhotoPoints, names

REPORT = "photographs.json"


@dataclass(frozen=True)
class PhotoReport:
    """Points in the table and used, photographs used, crops.

    `left_out`: reason -> points; `classes`: type -> points;
    `splits`: scheme -> split -> crops; `common`: scheme -> points on two of its sides, added up.
    """

    name: str
    points: int
    points_used: int
    photographs: int
    crops: int
    left_out: Mapping[str, list[str]]
    classes: Mapping[str, int]
    splits: Mapping[str, Mapping[str, int]]
    common: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Lines for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield (
            f"{self.name}: {counted(self.crops, 'crop')} of {counted(self.photographs, 'photograph')}, "
            f"{whole(self.points_used)} of {counted(self.points, 'point')}"
        )
        yield from (f"  left out, {why}: {whole(len(who))} ({names(who)})" for why, who in self.left_out.items())
        yield f"  points per class: {_counts(self.classes)}"
        for scheme, splits in self.splits.items():
            yield f"  split {scheme}: {_counts(splits)}; points on two sides: {whole(self.common[scheme])}"


def photo_report(
    data: Dataset, points: PhotoPoints, found: pd.DataFrame, left_out: Mapping[str, list[str]]
) -> PhotoReport:
    """The report of `data`, made of the photographs `found`."""
    reasons = {
        why: [*points.left_out.get(why, []), *left_out.get(why, [])] for why in {**points.left_out, **left_out}
    }
    classes = found.drop_duplicates("point")["code"].value_counts()
    polygon = data.sites["polygon"].to_numpy()
    common = {
        scheme: sum(intersections(data.sites[f"split_{scheme}"].to_numpy(str), polygon).values())
        for scheme in data.schemes
    }
    return PhotoReport(
        data.name, points.points, int(found["point"].nunique()), len(found), len(data), reasons,
        {str(code): int(count) for code, count in classes.items()},
        {scheme: data.splits(scheme) for scheme in data.schemes}, common,
    )  # fmt: skip


def write_photo_report(folder: Path, report: PhotoReport) -> None:
    """Write it into the data set in `folder`."""
    write_json(folder / REPORT, report.to_json())


def read_photo_report(folder: Path | None) -> PhotoReport | None:
    """How the photographs in `folder` were imported, None where none were; DataError where the file is damaged."""
    if folder is None or not (folder / REPORT).exists():
        return None
    return from_json(PhotoReport, read_json(folder / REPORT, DataError), DataError, REPORT)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {whole(number)}" for name, number in counts.items()) or "none"
