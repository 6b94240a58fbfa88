"""From tables of occurrences to a data set of records, background sites and plots, and a store with its report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.data.store import write_store
from sdm.geo.regions import country, in_europe
from sdm.jobs import Report, no_report
from sdm.occurrences.columns import TableColumns, table_columns
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.plots import read_plots
from sdm.occurrences.positions import in_degrees, record_folds, split_columns
from sdm.occurrences.predictors import Predictors, gathered, shared_columns
from sdm.occurrences.reader import Rows, placed, read_rows, with_predictors
from sdm.occurrences.records import NO_GROUP, RecordSites, named, record_sites
from sdm.occurrences.report import OccurrenceImport, Tally, write_report


@dataclass(frozen=True)
class _Tables:
    """The columns of each table that is given."""

    records: TableColumns
    background: TableColumns | None
    plots: TableColumns | None
    plot_predictors: TableColumns | None

    @property
    def with_predictors(self) -> list[TableColumns]:
        """Those that hold predictors."""
        plots = self.plot_predictors or self.plots
        return [table for table in (self.records, self.background, plots) if table is not None]


@dataclass(frozen=True)
class _Parts:
    """Sites by source, in the order of the data set; `recorded` csr (N, S) of 0/1."""

    records: RecordSites
    background: Rows | None
    plots: Rows | None
    recorded: csr_matrix

    @property
    def rows(self) -> list[Rows]:
        return [part for part in (self.records.rows, self.background, self.plots) if part is not None]


def import_occurrences(
    files: OccurrenceFiles, out: Path, options: ImportOptions | None = None, report: Report = no_report
) -> OccurrenceImport:
    """Write the tables of `files` as the data set `out`, with its report beside; return the report.

    What cannot be used is left out and reported. DataError where nothing is left, or a column is not there.
    """
    data, made = build_dataset(files, out.name, options or ImportOptions())
    write_store(data, out, report, beside=lambda folder: write_report(folder, made))
    return made


def build_dataset(files: OccurrenceFiles, name: str, options: ImportOptions) -> tuple[Dataset, OccurrenceImport]:
    """The data set `name` of the tables, and what became of them."""
    tally = Tally()
    tables = _columns(files, options)
    geographic = not options.crs and tables.records.in_degrees
    parts = _read(tables, shared_columns(tables.with_predictors, options, tally), geographic, tally)
    predictors = gathered(parts.rows, options, tally)
    sites, block = _sites(parts, geographic, options)
    data = _dataset(name, sites, parts, predictors, options)
    return data, _report(data, parts, predictors, block, tally)


def _columns(files: OccurrenceFiles, options: ImportOptions) -> _Tables:
    background, plots, predictors = files.background, files.plots, files.plot_predictors
    joined = ("id",) if predictors else ("x", "y")
    return _Tables(
        table_columns(files.records, options, ("species", "x", "y")),
        table_columns(background, ImportOptions(), ("x", "y")) if background else None,
        table_columns(plots, ImportOptions(), joined) if plots else None,
        table_columns(predictors, ImportOptions(), ("id",)) if predictors and plots else None,
    )


def _read(tables: _Tables, names: Sequence[str], geographic: bool, tally: Tally) -> _Parts:
    every = named(read_rows(RECORDS, tables.records, names, tally), tally)
    records = record_sites(every, with_predictors(placed(every, geographic, tally), tally), tally)
    matrices = [records.recorded]
    background = plots = None
    if tables.background is not None:
        rows = read_rows(BACKGROUND, tables.background, names, tally)
        background = with_predictors(placed(rows, geographic, tally), tally)
        matrices.append(csr_matrix((len(background), len(records.species)), dtype=np.uint8))
    if tables.plots is not None:
        plots, present = read_plots(
            tables.plots, tables.plot_predictors, names, records.species, geographic, tally
        )
        matrices.append(present)
    return _Parts(records, background, plots, csr_matrix(vstack(matrices, format="csr")))


def _sites(parts: _Parts, geographic: bool, options: ImportOptions) -> tuple[pd.DataFrame, float]:
    """The table of sites with its splits, and the side of a block."""
    rows = parts.rows
    x, y, year = (np.concatenate([getattr(part, name) for part in rows]) for name in ("x", "y", "year"))
    lon, lat = in_degrees(x, y, geographic, options.crs)
    source = np.repeat([part.table for part in rows], [len(part) for part in rows])
    numbers = np.concatenate([_ids(part) for part in rows])
    inside = np.isfinite(lon) & np.isfinite(lat)
    inside[inside] = in_europe(lon[inside], lat[inside])
    names = np.full(len(x), "", object)
    names[inside] = country(lon[inside], lat[inside])
    sites = pd.DataFrame({
        "source": source, "survey_id": numbers, "lon": lon, "lat": lat,
        "year": pd.array(np.where(np.isfinite(year), year, -1).astype(np.int64), "Int32"), "area_m2": np.nan,
        "country": names.astype(str), "region": "", "x": x, "y": y,
    })  # fmt: skip
    sites.loc[~np.isfinite(year), "year"] = pd.NA
    fold, block = record_folds(parts.records.rows, options)
    return pd.concat([sites, split_columns(source, fold, options.folds)], axis=1), block


def _ids(rows: Rows) -> np.ndarray:
    """int64 (N,): the data's own ids where they are different whole numbers, else 1 to N."""
    own = pd.to_numeric(pd.Series(rows.texts.get("id", np.array([""] * len(rows)))), errors="coerce").to_numpy(
        float
    )
    usable = np.isfinite(own).all() and (own == np.floor(own)).all() and (np.abs(own) < 2**53).all()
    if usable and len(np.unique(own)) == len(own):
        return own.astype(np.int64)
    return np.arange(1, len(rows) + 1)


def _dataset(
    name: str, sites: pd.DataFrame, parts: _Parts, predictors: Predictors, options: ImportOptions
) -> Dataset:
    species, groups = parts.records.species, parts.records.groups
    classes = pd.DataFrame({"class_id": np.arange(1, len(species) + 1), "name": species})
    if set(groups) != {NO_GROUP}:
        classes["group"] = groups
    known = (sites["source"] != BACKGROUND).to_numpy()
    modality = predictors.modality
    arrays = {modality: predictors.values} if modality else {}
    return Dataset(
        name, options.title or name, sites, Targets(TargetKind.MULTILABEL, classes, parts.recorded, known),
        tuple(arrays), ArrayReader(arrays), _fingerprint(sites, parts, predictors), simulated=options.simulated,
    )  # fmt: skip


def _fingerprint(sites: pd.DataFrame, parts: _Parts, predictors: Predictors) -> str:
    """A hash of places, species, records, predictors and splits."""
    texts = [predictors.modality or "", *parts.records.species, *parts.records.groups]
    texts += [text for column in sites.filter(like="split_") for text in sites[column]]
    digest = hashlib.sha256("\n".join([*texts, *sites["source"]]).encode())
    matrix = parts.recorded
    for values in (sites["x"], sites["y"], matrix.indptr, matrix.indices, predictors.values):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def _report(data: Dataset, parts: _Parts, predictors: Predictors, block: float, tally: Tally) -> OccurrenceImport:
    groups = pd.Series(parts.records.groups).value_counts().sort_index()
    counts = data.sites["source"].value_counts()
    return OccurrenceImport(
        data.name, {name: int(counts[name]) for name in (RECORDS, BACKGROUND, PLOTS) if name in counts},
        int(parts.records.recorded.nnz), len(parts.records.species),
        {} if set(groups.index) == {NO_GROUP} else {str(k) or "no group": int(v) for k, v in groups.items()},
        (*predictors.numbers, *predictors.codes), predictors.codes, predictors.levels,
        bool(np.isfinite(data.sites["lon"]).any()), block,
        {scheme: data.splits(scheme) for scheme in data.schemes}, tuple(tally.found),
    )  # fmt: skip
