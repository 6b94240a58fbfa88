"""How many sites each class has, and which values of a regression each class holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.analysis.site_shift import class_names
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.overview import split_of


def class_counts(dataset: Dataset, level: str = "name", scheme: str | None = None) -> pd.DataFrame:
    """Sites with a known class per class at a level of the hierarchy and source: class, source, sites.

    With `scheme`, per split of that scheme instead: class, split, sites.
    """
    by = "source" if scheme is None else "split"
    group = dataset.sites["source"].astype(str) if scheme is None else split_of(dataset, scheme)
    every = np.arange(len(dataset))
    table = pd.DataFrame({"class": class_names(dataset, every, level), by: np.asarray(group, object)})
    return _counted(table[table["class"] != ""])


def values_by_class(dataset: Dataset, column: str) -> pd.DataFrame:
    """Sites per class and value of a regression, rounded to a half: class, value, sites.

    `column` of the table of sites names the class. Empty for other targets, or without that column.
    """
    targets = dataset.targets
    if targets.kind is not TargetKind.REGRESSION or column not in dataset.sites:
        return pd.DataFrame({"class": pd.Series(dtype=object), "value": pd.Series(dtype=float), "sites": []})
    rounded = np.round(np.asarray(targets.values, np.float64) * 2) / 2
    table = pd.DataFrame({"class": dataset.sites[column].astype(str), "value": rounded})
    return _counted(table[targets.known & np.isfinite(rounded)])


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """Rows alike counted as `sites`, in the order of their columns."""
    return (
        table.value_counts(sort=False)
        .rename("sites")
        .reset_index()
        .sort_values(list(table.columns), ignore_index=True)
    )
