"""Presence-absence plots: a column per species, joined with their predictors by the id of the plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sdm.data.record_types import PLOTS
from sdm.errors import DataError
from sdm.occurrences.columns import TableColumns
from sdm.occurrences.reading.reader import Rows, read_numbers, read_rows
from sdm.occurrences.reading.spelling import spelt_otherwise
from sdm.occurrences.report import Tally


@dataclass(frozen=True)
class PlotTables:
    """The table of plots and that of their predictors, None where the first holds them; and the reference
    system of the positions."""

    plots: TableColumns
    predictors: TableColumns | None
    crs: str


@dataclass(frozen=True)
class SpeciesNames:
    """The species with records, and names -> those they became."""

    all: Sequence[str]
    becomes: Mapping[str, str]


def read_plots(
    tables: PlotTables, names: Sequence[str], species: SpeciesNames, tally: Tally
) -> tuple[Rows, np.ndarray]:
    """The plots with their predictors `names`, and uint8 (rows of the table, species) of 0/1: which species each
    has, by the plot's `row`."""
    plots, predictors = tables.plots, tables.predictors
    joined = predictors is not None
    rows = read_rows(PLOTS, plots, () if joined else names, tables.crs, tally, joined=True)
    present = _present(tables, _species_columns(tables, names, species, tally), species.all, rows, tally)
    rows = _single(rows, tally)
    if predictors is not None:
        other = read_rows("predictors of plots", predictors, names, tables.crs, tally, joined=True)
        rows = _joined(rows, other, tally)
    return rows, present


def _present(
    tables: PlotTables, columns: Mapping[str, str], species: Sequence[str], rows: Rows, tally: Tally
) -> np.ndarray:
    """uint8 (N, species): what a column of the species says at least, column -> species."""
    cells = read_numbers(tables.plots, list(columns), PLOTS, tally)
    odd = ~(cells >= 0)
    tally.add("not_recorded_cell", PLOTS, odd.sum(), rows.told(np.asarray(odd.any(axis=1))))
    found = np.where(odd, 0, cells) > 0
    present = np.zeros((len(cells), len(species)), np.uint8)
    place = {name: i for i, name in enumerate(species)}
    for number, name in enumerate(columns.values()):
        present[:, place[name]] |= found[:, number]
    return present


def _species_columns(
    tables: PlotTables, names: Sequence[str], species: SpeciesNames, tally: Tally
) -> dict[str, str]:
    """Column of plots -> the species with records that it is; what is on one side alone is counted."""
    columns = {name: species.becomes.get(name, name) for name in tables.plots.others if name not in names}
    recorded = set(species.all)
    known = {name: one for name, one in columns.items() if one in recorded}
    table = recorded | set(tables.predictors.others if tables.predictors is not None else ())
    strange = [name for name, one in columns.items() if one not in table]
    told = set(known.values())
    lacking = [name for name in species.all if name not in told]
    close = spelt_otherwise(strange, lacking)
    if not known:
        raise DataError(
            "no column of a species that has records", where=tables.plots.path,
            expected=", ".join(list(species.all)[:8]), got=", ".join(list(columns)[:30]),
            remedy=f"Spell them alike: {'; '.join(close[:5])}." if close else None,
        )  # fmt: skip
    tally.add("unknown_in_plots", PLOTS, len(strange), strange)
    tally.add("not_in_plots", PLOTS, len(lacking), lacking)
    tally.add("spelling", PLOTS, len(close), close)
    return known


def _single(rows: Rows, tally: Tally) -> Rows:
    """The first plot of each id; all of them where they have none."""
    if rows.ids is None:
        return rows
    again = pd.Series(rows.ids).duplicated().to_numpy()
    tally.add("repeated_plot", PLOTS, again.sum(), rows.ids[again])
    return rows.take(~again)


def _joined(rows: Rows, other: Rows, tally: Tally) -> Rows:
    """The plots with the predictors of their id in `other`, and its position where they have none."""
    own, ids = np.asarray(rows.ids, str), pd.Index(np.asarray(other.ids, str))
    first = pd.Series(np.arange(len(ids)), index=ids)
    at = first[~first.index.duplicated()].reindex(own).to_numpy(np.float64)
    there = np.isfinite(at)
    tally.add("no_plot_predictors", PLOTS, (~there).sum(), own[~there])
    surplus = ~ids.isin(own)
    tally.add("unused_plot_predictors", "predictors of plots", surplus.sum(), ids[surplus])
    rows, match = rows.take(there), at[there].astype(int)
    blank = ~(np.isfinite(rows.x) & np.isfinite(rows.y))
    x, y = (np.where(blank, theirs[match], mine) for mine, theirs in ((rows.x, other.x), (rows.y, other.y)))
    values = other.values.iloc[match].reset_index(drop=True)
    return replace(rows, x=x, y=y, values=values)
