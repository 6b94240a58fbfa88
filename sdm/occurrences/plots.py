"""Presence-absence plots: a column per species, joined with their predictors by the id of the plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.record_types import PLOTS
from sdm.errors import DataError
from sdm.occurrences.columns import TableColumns
from sdm.occurrences.reader import Rows, as_number, placed, read_cells, read_rows, with_predictors
from sdm.occurrences.report import Tally


def read_plots(
    plots: TableColumns, predictors: TableColumns | None, names: Sequence[str], species: Sequence[str],
    geographic: bool, tally: Tally,
) -> tuple[Rows, csr_matrix]:  # fmt: skip
    """The plots with their predictors `names`, and csr (N, species) of 0/1: which of `species` each has."""
    columns = [name for name in plots.others if name not in names]
    known = [name for name in species if name in columns]
    if not known:
        raise DataError(
            "no column of a species that has records", where=plots.path, expected=", ".join(list(species)[:8]),
            got=", ".join(columns[:30]),
        )  # fmt: skip
    table = predictors.others if predictors is not None else ()
    strange = [name for name in columns if name not in species and name not in table]
    tally.add("unknown_in_plots", PLOTS, len(strange), strange)
    lacking = [name for name in species if name not in columns]
    tally.add("not_in_plots", PLOTS, len(lacking), lacking)
    cells = read_cells(plots.path, known, PLOTS, tally).apply(as_number).to_numpy(np.float64)
    odd = ~(cells >= 0)
    tally.add("not_recorded_cell", PLOTS, odd.sum(), (f"row {i + 1}" for i in np.flatnonzero(odd.any(axis=1))))
    present = np.zeros((len(cells), len(species)), np.uint8)
    present[:, [list(species).index(name) for name in known]] = np.where(odd, 0, cells) > 0
    rows = read_rows(PLOTS, plots, () if predictors is not None else names, tally)
    rows, present = _single(rows, present, tally)
    if predictors is not None:
        rows, present = _joined(rows, present, read_rows("predictors of plots", predictors, names, tally), tally)
    rows = replace(rows, texts={**rows.texts, "row": np.arange(len(rows))})
    kept = with_predictors(placed(rows, geographic, tally), tally)
    return kept, csr_matrix(present[kept.texts["row"]])


def _single(rows: Rows, present: np.ndarray, tally: Tally) -> tuple[Rows, np.ndarray]:
    """The first plot of each id; all of them where they have none."""
    if "id" not in rows.texts:
        return rows, present
    again = pd.Series(rows.texts["id"]).duplicated().to_numpy()
    tally.add("repeated_plot", PLOTS, again.sum(), rows.texts["id"][again])
    return rows.take(~again), present[~again]


def _joined(rows: Rows, present: np.ndarray, other: Rows, tally: Tally) -> tuple[Rows, np.ndarray]:
    """The plots with the predictors of their id in `other`, and its position where they have none."""
    own, ids = rows.texts["id"], pd.Index(other.texts["id"])
    first = pd.Series(np.arange(len(ids)), index=ids)
    at = first[~first.index.duplicated()].reindex(own).to_numpy(np.float64)
    there = np.isfinite(at)
    tally.add("no_plot_predictors", PLOTS, (~there).sum(), own[~there])
    surplus = ~np.isin(other.texts["id"], own)
    tally.add("unused_plot_predictors", "predictors of plots", surplus.sum(), other.texts["id"][surplus])
    rows, match = rows.take(there), at[there].astype(int)
    blank = ~(np.isfinite(rows.x) & np.isfinite(rows.y))
    x, y = (np.where(blank, theirs[match], mine) for mine, theirs in ((rows.x, other.x), (rows.y, other.y)))
    values = other.values.iloc[match].reset_index(drop=True)
    return replace(rows, x=x, y=y, values=values), present[there]
