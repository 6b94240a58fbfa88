"""The tables of an import read, filtered, and brought to one reference system: records, background sites,
plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

from sdm.data.record_types import BACKGROUND, RECORDS
from sdm.errors import DataError
from sdm.jobs import Report, no_report
from sdm.occurrences.background import drawn_background
from sdm.occurrences.cleaning.filters import Cleaning, Positions, clean
from sdm.occurrences.columns import TableColumns, table_columns
from sdm.occurrences.environment.contract import Environment, TableEnvironment
from sdm.occurrences.environment.rasters import raster_environment
from sdm.occurrences.environment.surveys import survey_environment
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.plots import PlotTables, SpeciesNames, read_plots
from sdm.occurrences.predictors import shared_columns
from sdm.occurrences.reading.merging import homonyms, merge, merged_names, records_of
from sdm.occurrences.reading.positions import in_degrees, one_system, system_of, transformed
from sdm.occurrences.reading.reader import Rows, named, placed, read_rows, with_predictors
from sdm.occurrences.reading.sources import open_source
from sdm.occurrences.reading.swapped import swapped
from sdm.occurrences.records import RecordSites, record_sites
from sdm.occurrences.report import MergedName, Tally


@dataclass(frozen=True)
class Tables:
    """The columns of each table that is given, and the reference system of its positions."""

    records: TableColumns
    background: TableColumns | None
    plots: TableColumns | None
    plot_predictors: TableColumns | None
    systems: dict[str, str]

    @property
    def with_predictors(self) -> list[TableColumns]:
        """Those that hold predictors."""
        plots = self.plot_predictors or self.plots
        return [table for table in (self.records, self.background, plots) if table is not None]


@dataclass(frozen=True)
class Parts:
    """Sites by source, in the order of the data set; `recorded` csr (N, S) of 0/1; `cleaning` of the records, and
    names that were `merged`; where predictors come from; and how background sites were drawn, "" for those of a
    table."""

    records: RecordSites
    background: Rows | None
    plots: Rows | None
    recorded: csr_matrix
    cleaning: Cleaning
    merged: tuple[MergedName, ...]
    environment: Environment
    drawn: str

    @property
    def rows(self) -> list[Rows]:
        """Those there are."""
        return [part for part in (self.records.rows, self.background, self.plots) if part is not None]


def open_tables(files: OccurrenceFiles, options: ImportOptions, tally: Tally) -> Tables:
    """The tables of `files`; `tally` is told of positions that are taken for degrees.

    DataError for one that lacks a column, and where some reference systems are known and others not.
    """
    others = ImportOptions(crs=options.crs)
    joined = files.plots is not None and files.plot_predictors is not None
    told = {
        "records": (files.records, options, ("species", "x", "y")),
        "background": (files.background, others, ("x", "y")),
        "plots": (files.plots, others, ("id",) if joined else ("x", "y")),
        "plot_predictors": (files.plot_predictors if joined else None, others, ("id",)),
    }
    tables = {
        name: table_columns(open_source(path), choices, needed)
        for name, (path, choices, needed) in told.items() if path is not None
    }  # fmt: skip
    systems = {name: system_of(table, options, tally) for name, table in tables.items() if "x" in table.roles}
    one_system([(tables[name].path, crs) for name, crs in systems.items()])
    return Tables(
        tables["records"], tables.get("background"), tables.get("plots"), tables.get("plot_predictors"), systems
    )


def read_parts(
    tables: Tables, environment: Environment, options: ImportOptions, tally: Tally, report: Report = no_report
) -> Parts:
    """All tables with their predictors; what cannot be used is left out and counted. `report` is told what is
    next."""
    report(0, 0, "records")
    every, merged = _named_records(tables, environment.columns, options, tally)
    usable, cleaning = _usable(every, options, tally)
    report(0, 0, "predictors")
    filled = environment.filled(usable, tally)
    records = record_sites(every, with_predictors(filled, tally), tally)
    matrices = [records.recorded]
    background, plots, drawn = None, None, ""
    report(0, 0, "background")
    if tables.background is not None:
        background = _background(tables, environment, tally)
    elif (sites := drawn_background(records, environment, options, tally)) is not None:
        background, drawn = sites.rows, sites.sentence
    if background is not None:
        matrices.append(csr_matrix((len(background), len(records.species)), dtype=np.uint8))
    report(0, 0, "plots")
    if tables.plots is not None:
        known = SpeciesNames(records.species, {one.name: one.becomes for one in merged})
        plots, present = _plots(tables, environment, known, tally)
        matrices.append(present)
    recorded = csr_matrix(vstack(matrices, format="csr"))
    return Parts(records, background, plots, recorded, cleaning, merged, environment, drawn)


def environment_of(tables: Tables, files: OccurrenceFiles, options: ImportOptions, tally: Tally) -> Environment:
    """Where predictors come from; DataError where two sources are named."""
    if files.rasters and options.environment_of is not None:
        raise DataError("two sources of predictors", expected="rasters or the environment of a data set",
                        got="both")  # fmt: skip
    if files.rasters:
        return raster_environment(files.rasters, options)
    if options.environment_of is not None:
        return survey_environment(options)
    return TableEnvironment(shared_columns(tables.with_predictors, options, tally), options.categories)


def _background(tables: Tables, environment: Environment, tally: Tally) -> Rows:
    """The sites of the table of background, in the system of the records."""
    assert tables.background is not None
    rows = read_rows(BACKGROUND, tables.background, environment.columns, tables.systems["background"], tally)
    return with_predictors(environment.filled(moved(placed(rows, tally), tables.systems["records"]), tally), tally)


def _named_records(
    tables: Tables, names: Sequence[str], options: ImportOptions, tally: Tally
) -> tuple[Rows, tuple[MergedName, ...]]:
    """The records with a species, and the names that became another, of columns of plots, too."""
    rows = read_rows(RECORDS, tables.records, names, tables.systems["records"], tally)
    every = named(replace(rows, x=rows.y, y=rows.x) if options.swap_xy else rows, tally)
    if not options.merge_names:
        return every, ()
    columns = () if tables.plots is None else (name for name in tables.plots.others if name not in names)
    told = {**dict.fromkeys(columns, 0), **records_of(every.names["species"])}
    merged, apart = merged_names(told), homonyms(told)
    tally.add("merged", RECORDS, len(merged), (f"{one.name} -> {one.becomes}" for one in merged))
    tally.add("homonyms", RECORDS, len(apart), apart)
    return merge(every, merged), merged


def _usable(every: Rows, options: ImportOptions, tally: Tally) -> tuple[Rows, Cleaning]:
    """The records with a position that no filter takes, and what the filters took."""
    if not options.swap_xy:
        tally.add("swapped", RECORDS, swapped(every.x, every.y, every.crs))
    usable = placed(every, tally)
    cleaning = clean(positions(usable), options.filters)
    kept = cleaning.kept()
    tally.add("unfiltered", RECORDS, len(usable) if options.filters and not usable.crs else 0)
    tally.add("filtered", RECORDS, (~kept).sum(), (f"{name} {n}" for name, n in cleaning.taken().items() if n))
    return usable.take(kept), cleaning


def positions(rows: Rows) -> Positions:
    """What filters see of records."""
    lon, lat = in_degrees(rows.x, rows.y, rows.crs)
    return Positions(lon, lat, rows.names["species"].codes.astype(np.int64), rows.uncertainty)


def moved(rows: Rows, crs: str) -> Rows:
    """The rows in the reference system `crs`, those it does not cover left out."""
    if rows.crs == crs:
        return rows
    x, y = transformed(rows.x, rows.y, rows.crs, crs)
    return replace(rows, x=x, y=y, crs=crs).take(np.isfinite(x) & np.isfinite(y))


def _plots(
    tables: Tables, environment: Environment, species: SpeciesNames, tally: Tally
) -> tuple[Rows, csr_matrix]:
    """The plots in the system of the records, and csr (N, species) of 0/1."""
    assert tables.plots is not None
    crs = tables.systems.get("plot_predictors") or tables.systems.get("plots") or ""
    plots = PlotTables(tables.plots, tables.plot_predictors, crs)
    rows, present = read_plots(plots, environment.columns, species, tally)
    inside = environment.filled(moved(placed(rows, tally), tables.systems["records"]), tally)
    kept = with_predictors(inside, tally)
    return kept, csr_matrix(present[kept.row])
