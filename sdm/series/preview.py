"""What exports hold, told from the first lines of each file before all of them are read."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdm.errors import DataError
from sdm.formats.compressed import open_plain
from sdm.series.options import ReadOptions
from sdm.series.reader import read_series
from sdm.series.report import SeriesReport

HEAD_BYTES = 400_000  # of each file


@dataclass(frozen=True)
class SeriesPreview:
    """What the heads of the files hold: report, class -> pixels, first and last date, west, south, east and north.

    `complete`: the heads are all there is.
    """

    report: SeriesReport
    complete: bool
    classes: dict[str, int]
    dates: tuple[str, str]
    corners: tuple[float, float, float, float]


def preview_series(files: Sequence[Path], options: ReadOptions | None = None) -> SeriesPreview:
    """What an import of `files` of one folder would read; DataError where it cannot."""
    heads = files[0].parent / "heads"
    heads.mkdir(exist_ok=True)
    try:
        complete = [_head(path, heads / path.name) for path in files]
        table = read_series([heads / path.name for path in files], options=options)
    finally:
        shutil.rmtree(heads, ignore_errors=True)
    names, counts = np.unique(table.label[table.label != ""], return_counts=True)
    days = table.dates[~np.isnat(table.dates)]
    return SeriesPreview(
        table.report, all(complete), dict(zip(names.tolist(), counts.tolist(), strict=True)),
        (str(days.min()), str(days.max())),
        (float(table.lon.min()), float(table.lat.min()), float(table.lon.max()), float(table.lat.max())),
    )  # fmt: skip


def _head(path: Path, out: Path) -> bool:
    """Write the first whole lines of `path` as plain text; whether these are all.

    What cannot be opened is written as it is, for the reader to name.
    """
    try:
        with open_plain(path, "table") as file:
            start = file.read(HEAD_BYTES)
    except DataError:
        shutil.copyfile(path, out)
        return True
    complete = len(start) < HEAD_BYTES
    out.write_bytes(start if complete else start[: start.rfind(b"\n") + 1])
    return complete
