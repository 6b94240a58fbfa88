"""Exports of series read and gathered: a series of features per pixel, whatever the form and order of files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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
from sdm.series.rows import LONGEST, Names, Rows, joined, read_rows
from sdm.series.sites import names_of_places, sites_of_files


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
        """The pixels `rows` (positions or a mask); itself where the mask leaves none out."""
        if rows.dtype == bool and rows.all():
            return self
        columns = ("source", "lon", "lat", "values", "dates", "months", "labelled", "label", "point")
        parts = {name: getattr(self, name)[rows] for name in columns}
        return SeriesTable(self.bands, report=self.report, **parts)


@dataclass(frozen=True)
class _Read:
    """Files that were read, the rows each has, whether it tells classes, and all rows that have a position."""

    files: Sequence[FileColumns]
    totals: Sequence[int]
    labelled: np.ndarray
    rows: Rows
    names: Mapping[str, Names]


def read_series(
    files: Sequence[Path], report: Report = no_report, options: ReadOptions | None = None
) -> SeriesTable:
    """The series in `files`, from north to south within a site. What cannot be used is left out and reported.

    DataError where no file can be read, or no pixel has a value at any date.
    """
    chosen = options or ReadOptions()
    tally, failed = Tally(), dict[str, str]()
    known = _columns(sorted(set(files)), chosen, tally, failed)
    _check_columns(known, chosen)
    bands = chosen.bands or common_bands(known)
    read = _read(known, bands, chosen, report, tally, failed)
    if not len(read.rows):
        _refuse(files, failed, tally)
    _note_bands(read.files, bands, tally)
    sites = _sites(read, chosen, tally)
    of_file = list(zip(sites, read.labelled.tolist(), strict=True))
    groups = sorted(set(of_file))
    group = np.array([groups.index(key) for key in of_file])
    exact = read.labelled if chosen.position == "auto" else np.full(len(sites), chosen.position == "exact")
    names, of_row = [file.path.name for file in read.files], read.rows.file
    made = gather(read.rows, group[of_row], exact[of_row], chosen, tally, names)
    if not len(made.lon):
        _refuse(files, failed, tally)
    return _table(made, groups, read, sites, bands, failed, tally)


def _read(
    files: Sequence[FileColumns], bands: Sequence[str], options: ReadOptions, report: Report, tally: Tally,
    failed: dict[str, str],
) -> _Read:  # fmt: skip
    """The rows of `files`; a damaged one counts as if it were not there."""
    names = {"class": Names(LONGEST), "point": Names(LONGEST)}
    read: list[tuple[FileColumns, Rows, int]] = []
    for i, file in enumerate(files):
        report(i, len(files), "files")
        own = Tally()
        try:
            read.append((file, *read_rows(len(read), file, bands, names, options, own)))
        except DataError as problem:
            failed[file.path.name] = str(problem)
            continue
        tally.join(own)
    rows = joined([part for _, part, _ in read], bands)
    labelled = np.bincount(rows.file, rows.label >= 0, minlength=len(read)) > 0
    return _Read([file for file, _, _ in read], [total for _, _, total in read], labelled, rows, names)


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


def _check_columns(files: Sequence[FileColumns], options: ReadOptions) -> None:
    """DataError where a column that was named is in no file."""
    for role, name in options.columns.items():
        if files and not any(role in file.roles for file in files):
            raise DataError(
                f"no file has the column {name}", where=", ".join(file.path.name for file in files[:5]),
                got=", ".join(files[0].header[:30]),
            )  # fmt: skip


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


def _sites(read: _Read, options: ReadOptions, tally: Tally) -> list[str]:
    """The site of each file; files with classes and others are told apart."""
    boxes = np.full((len(read.files), 4), np.nan)
    for i in np.unique(read.rows.file):
        lon, lat = read.rows.lon[read.rows.file == i], read.rows.lat[read.rows.file == i]
        boxes[i] = lon.min(), lat.min(), lon.max(), lat.max()
    sites = [""] * len(read.files)
    for side in (True, False):
        own = np.flatnonzero((read.labelled == side) & np.isfinite(boxes).all(axis=1)).tolist()
        paths = [read.files[i].path for i in own]
        named = [options.site or site_name(path) for path in paths]
        if side:  # a class may have a file of its own: that is no site
            named = names_of_places(named, boxes[own])
        called = sites_of_files(named, [path.name for path in paths], boxes[own], tally)
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
    made: Gathered, groups: Sequence[tuple[str, bool]], read: _Read, sites: Sequence[str], bands: tuple[str, ...],
    failed: dict[str, str], tally: Tally,
) -> SeriesTable:  # fmt: skip
    texts = {role: np.array([*names, ""]) for role, names in read.names.items()}
    labelled = np.array([labelled for _, labelled in groups])[made.group]
    days = made.day.astype("datetime64[D]")
    days[made.day == UNKNOWN] = np.datetime64("NaT")
    bare = np.flatnonzero(labelled & (made.label < 0))
    tally.add("no_class", len(bare), (f"{made.lon[i]:.6f} {made.lat[i]:.6f}" for i in bare))
    files = tuple(
        FileReport(file.path.name, site, total, known, tuple(file.bands))
        for file, site, total, known in zip(read.files, sites, read.totals, read.labelled.tolist(), strict=True)
    )
    report = SeriesReport(
        files, failed, bands, sum(read.totals), made.rows, len(made.lon), int((made.label >= 0).sum()),
        float(made.dates.mean()), len(made.lon) * MONTHS - int(made.dates.sum()), tally.problems(),
    )  # fmt: skip
    return SeriesTable(
        bands, np.array([site for site, _ in groups])[made.group], made.lon, made.lat, made.values, days,
        made.dates, labelled, texts["class"][made.label], texts["point"][made.point], report,
    )  # fmt: skip
