"""Presence-absence plots: a column per species, joined with their predictors by the id of the plot."""

from __future__ import annotations

from collections.abc import Sequence
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


def read_plots(
    tables: PlotTables, names: Sequence[str], species: Sequence[str], tally: Tally
) -> tuple[Rows, np.ndarray]:
    """The plots with their predictors `names`, and uint8 (N, species) of 0/1: which of `species` each has."""
    plots, predictors = tables.plots, tables.predictors
    known = _species_columns(tables, names, species, tally)
    cells = read_numbers(plots, known, PLOTS, tally)
    odd = ~(cells >= 0)
    tally.add("not_recorded_cell", PLOTS, odd.sum(), (f"row {i + 1}" for i in np.flatnonzero(odd.any(axis=1))))
    present = np.zeros((len(cells), len(species)), np.uint8)
    place = {name: i for i, name in enumerate(species)}
    present[:, [place[name] for name in known]] = np.where(odd, 0, cells) > 0
    joined = predictors is not None
    rows = read_rows(PLOTS, plots, () if joined else names, tables.crs, tally, joined=True)
    rows, present = _single(rows, present, tally)
    if predictors is not None:
        other = read_rows("predictors of plots", predictors, names, tables.crs, tally, joined=True)
        rows, present = _joined(rows, present, other, tally)
    return replace(rows, line=np.arange(len(rows))), present


def _species_columns(tables: PlotTables, names: Sequence[str], species: Sequence[str], tally: Tally) -> list[str]:
    """The columns of plots that are species with records; what is on one side alone is counted."""
    columns = {name: None for name in tables.plots.others if name not in names}
    known = [name for name in species if name in columns]
    table = set(species) | set(tables.predictors.others if tables.predictors is not None else ())
    strange = [name for name in columns if name not in table]
    lacking = [name for name in species if name not in columns]
    close = spelt_otherwise(strange, lacking)
    if not known:
        raise DataError(
            "no column of a species that has records", where=tables.plots.path,
            expected=", ".join(list(species)[:8]), got=", ".join(list(columns)[:30]),
            remedy=f"Spell them alike: {'; '.join(close[:5])}." if close else None,
        )  # fmt: skip
    tally.add("unknown_in_plots", PLOTS, len(strange), strange)
    tally.add("not_in_plots", PLOTS, len(lacking), lacking)
    tally.add("spelling", PLOTS, len(close), close)
    return known


def _single(rows: Rows, present: np.ndarray, tally: Tally) -> tuple[Rows, np.ndarray]:
    """The first plot of each id; all of them where they have none."""
    if rows.ids is None:
        return rows, present
    again = pd.Series(rows.ids).duplicated().to_numpy()
    tally.add("repeated_plot", PLOTS, again.sum(), rows.ids[again])
    return rows.take(~again), present[~again]


def _joined(rows: Rows, present: np.ndarray, other: Rows, tally: Tally) -> tuple[Rows, np.ndarray]:
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
    return replace(rows, x=x, y=y, values=values), present[there]
