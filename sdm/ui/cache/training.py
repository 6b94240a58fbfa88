"""The curves of training logs, and what is computed of them."""

from __future__ import annotations

import pandas as pd

from sdm.training_logs.logged_scalars import Group, best_by_run, best_points, group_of, headline_series
from sdm.training_logs.table import join
from sdm.ui.cache.memo import memo

MOST = 32

headline = memo(MOST)(headline_series)
best_of_runs = memo(MOST)(best_by_run)


@memo(MOST)
def together(tables: tuple[pd.DataFrame, ...]) -> pd.DataFrame:
    """The curves of several logs as one table."""
    return join(tables)


@memo(MOST)
def renamed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The curves with runs by other names."""
    return table.assign(run=table["run"].map(names))


@memo(MOST)
def series_of_runs(table: pd.DataFrame) -> dict[str, set[str]]:
    """Run -> its series."""
    each = table[["run", "series"]].drop_duplicates().groupby("run", sort=False)["series"]
    return {str(run): set(names) for run, names in each}


@memo(2 * MOST)
def of_groups(table: pd.DataFrame, groups: tuple[Group, ...]) -> pd.DataFrame:
    """The curves whose series are of these groups."""
    return table[table["series"].map({name: group_of(name) in groups for name in table["series"].unique()})]


@memo(MOST)
def of_series(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The curves of one series."""
    return table[table["series"] == name]


@memo(MOST)
def best_of_each(table: pd.DataFrame) -> pd.DataFrame:
    """The best points of all curves but those on what was learned from."""
    return best_points(table[~table["series"].str.contains("train", case=False)])
