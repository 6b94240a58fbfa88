"""Exports of series read and gathered: a series of features per pixel, whatever the form and order of files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdm.errors import DataError
from sdm.jobs import Report, no_report
from sdm.modalities.raster_bands import MONTHS, band_label
from sdm.series.columns import UNUSED, FileColumns, common_bands, file_columns, site_name
from sdm.series.dates import UNKNOWN
from sdm.series.gather import Gathered, gather
from sdm.series.options import ReadOptions
from sdm.series.report import FileReport, SeriesReport, Tally, problem_lines
from sdm.series.rows import Names, Rows, joined, read_rows
from sdm.series.sites import sites_of_files


@dataclass(frozen=True)
class SeriesTable:
    """Series of N pixels.

    `values`: float32 (N, bands, MONTHS) as stored in the export, NaN where masked or without a date; steps are
    dates in their order. `dates`: datetime64[D] (N, MONTHS), NaT without one; `months`: how many there are.
    `source`: site; `labelled`: of a file with classes; `label`: the class, "" for none; `point`: field point where
    a column tells it, else "".
    """

    bands: tuple[str, ...]
    source: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    values: np.ndarray
    dates: np.ndarray
    months: np.ndarray
    labelled: np.ndarray
    label: np.ndarray
    point: np.ndarray
    report: SeriesReport

    def __len__(self) -> int:
        return len(self.lon)

    def take(self, rows: np.ndarray) -> SeriesTable:
        """The pixels `rows` (positions or a mask)."""
        columns = ("source", "lon", "lat", "values", "dates", "months", "labelled", "label", "point")
        parts = {name: getattr(self, name)[rows] for name in columns}
        return SeriesTable(self.bands, report=self.report, **parts)


def read_series(
    files: Sequence[Path], report: Report = no_report, options: ReadOptions | None = None
) -> SeriesTable:
    """The series in `files`, from north to south within a site. What cannot be used is left out and reported.

    DataError where no file can be read, or no pixel has a value at any date.
    """
    chosen = options or ReadOptions()
    tally, failed = Tally(), dict[str, str]()
    known = _columns(sorted(set(files)), chosen, tally, failed)
    bands = chosen.bands or common_bands(known)
    names = {"class": Names(), "point": Names()}
    read: list[FileColumns] = []
    parts: list[Rows] = []
    totals: list[int] = []
    for i, file in enumerate(known):
        report(i, len(known), "files")
        try:
            rows, total = read_rows(len(read), file, bands, names, chosen, tally)
        except DataError as problem:
            failed[file.path.name] = str(problem)
            continue
        read, parts, totals = [*read, file], [*parts, rows], [*totals, total]
    _note_bands(read, bands, tally)
    rows = joined(parts, bands)
    del parts
    if not len(rows):
        _refuse(files, failed, tally)
    sites = _sites(read, rows, chosen, tally)
    labelled = np.array([file.labelled for file in read])
    groups = sorted({*zip(sites, labelled.tolist(), strict=True)})
    group_of = np.array([groups.index(key) for key in zip(sites, labelled.tolist(), strict=True)])
    exact = labelled if chosen.position == "auto" else np.full(len(read), chosen.position == "exact")
    made = gather(rows, group_of[rows.file], exact[rows.file], chosen, tally, [file.path.name for file in read])
    if not len(made.lon):
        _refuse(files, failed, tally)
    files_read = [
        FileReport(file.path.name, site, total, file.labelled, tuple(file.bands))
        for file, site, total in zip(read, sites, totals, strict=True)
    ]
    return _table(made, groups, names, bands, files_read, failed, tally)


def _columns(
    files: Sequence[Path], options: ReadOptions, tally: Tally, failed: dict[str, str]
) -> list[FileColumns]:
    """The columns of the files that can be read, each content once."""
    known: list[FileColumns] = []
    sizes: dict[int, list[Path]] = {}
    for path in files:
        try:
            columns = file_columns(path, options.columns, options.bands or ())
        except DataError as problem:
            failed[path.name] = str(problem)
            continue
        alike = sizes.setdefault(path.stat().st_size, [])
        if any(_digest(path) == _digest(other) for other in alike):
            tally.add("repeated_file", 1, [path.name])
            continue
        alike.append(path)
        known.append(columns)
    return known


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _note_bands(files: Sequence[FileColumns], bands: Sequence[str], tally: Tally) -> None:
    for file in files:
        lacking = [band for band in bands if band not in file.bands]
        surplus = [band for band in file.bands if band not in bands]
        taken = {*file.roles.values(), *file.bands.values()}
        unused = [name for i, name in enumerate(file.header) if i not in taken and _unknown(name)]
        for kind, which in (("lacks_bands", lacking), ("surplus_bands", surplus), ("unused_columns", unused)):
            tally.add(kind, bool(which), [file.path.name], ", ".join(which))


def _unknown(name: str) -> bool:
    return band_label(name, 0).lower() not in ("c0", *UNUSED)


def _sites(files: Sequence[FileColumns], rows: Rows, options: ReadOptions, tally: Tally) -> list[str]:
    """The site of each file; files with classes and others are told apart."""
    boxes = np.full((len(files), 4), np.nan)
    for i in np.unique(rows.file):
        lon, lat = rows.lon[rows.file == i], rows.lat[rows.file == i]
        boxes[i] = lon.min(), lat.min(), lon.max(), lat.max()
    sites = [""] * len(files)
    for labelled in (True, False):
        own = [i for i, file in enumerate(files) if file.labelled is labelled and np.isfinite(boxes[i]).all()]
        named = [options.site or site_name(files[i].path) for i in own]
        called = sites_of_files(named, [files[i].path.name for i in own], boxes[own], tally)
        for i, site in zip(own, called, strict=True):
            sites[i] = site
    return sites


def _refuse(files: Sequence[Path], failed: dict[str, str], tally: Tally) -> None:
    """Say why nothing is left."""
    reasons = [*(f"{name}: {reason}" for name, reason in failed.items()), *problem_lines(tally.problems())]
    raise DataError(
        "no series can be read", where=", ".join(path.name for path in files[:5]) or None,
        expected="a row per pixel and month with position, date and features", got="; ".join(reasons) or "no row",
        remedy="docs/earth-engine.md has a script that exports what is read.",
    )  # fmt: skip


def _table(
    made: Gathered, groups: Sequence[tuple[str, bool]], names: dict[str, Names], bands: tuple[str, ...],
    files: Sequence[FileReport], failed: dict[str, str], tally: Tally,
) -> SeriesTable:  # fmt: skip
    texts = {role: np.array([*names[role], ""]) for role in names}
    labelled = np.array([labelled for _, labelled in groups])[made.group]
    days = made.day.astype("datetime64[D]")
    days[made.day == UNKNOWN] = np.datetime64("NaT")
    bare = np.flatnonzero(labelled & (made.label < 0))
    tally.add("no_class", len(bare), (f"{made.lon[i]:.6f} {made.lat[i]:.6f}" for i in bare))
    report = SeriesReport(
        tuple(files), failed, bands, sum(file.rows for file in files), made.rows, len(made.lon),
        int((made.label >= 0).sum()), float(made.dates.mean()),
        len(made.lon) * MONTHS - int(made.dates.sum()), tally.problems(),
    )  # fmt: skip
    return SeriesTable(
        bands, np.array([site for site, _ in groups])[made.group], made.lon, made.lat, made.values, days,
        made.dates, labelled, texts["class"][made.label], texts["point"][made.point], report,
    )  # fmt: skip
