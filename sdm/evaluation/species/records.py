"""Where one species was recorded, and how often."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, issparse

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, Targets
from sdm.errors import UnknownNameError

PRESENCE_ONLY = "po"
TESTS = ("test", "test_near", "test_far")
SURVEYED = ("train", "validation", "buffer", *TESTS)


def column_of(targets: Targets, class_id: int) -> int:
    """The model's column of `class_id`; UnknownNameError where the data have no such class."""
    found = np.flatnonzero(targets.class_ids == class_id)
    if not found.size:
        raise UnknownNameError("no such species in this data set", got=class_id)
    return int(found[0])


def recorded_at(targets: Targets, column: int, rows: np.ndarray) -> np.ndarray:
    """bool (n,): whether class `column` is recorded at `rows`; False where the target is unknown."""
    if issparse(targets.values):
        found = np.zeros(len(targets.known), bool)
        found[csr_matrix(targets.values)[:, [column]].nonzero()[0]] = True
        return found[rows] & targets.known[rows]
    return (np.asarray(targets.values)[rows] == column) & targets.known[rows]


def by_split(dataset: Dataset, column: int, scheme: str = DEFAULT_SCHEME) -> pd.DataFrame:
    """One row per split with known surveys: split, surveys (known), recorded, share (0..1).

    The share of presence-only records is NaN: nobody wrote down where the species was sought in vain.
    """
    known = np.flatnonzero(dataset.targets.known)
    table = pd.DataFrame(
        {"split": _splits(dataset, scheme)[known], "recorded": recorded_at(dataset.targets, column, known)}
    )
    counts = table.groupby("split", sort=False)["recorded"].agg(surveys="size", recorded="sum").reset_index()
    share = counts["recorded"] / counts["surveys"]
    return counts.assign(share=share.where(counts["split"] != PRESENCE_ONLY))


def by_country(dataset: Dataset, column: int) -> pd.DataFrame:
    """One row per country where the species is recorded, most records first: country, recorded."""
    rows = np.flatnonzero(recorded_at(dataset.targets, column, np.arange(len(dataset))))
    counts = dataset.sites["country"].iloc[rows].dropna().astype(str).value_counts()
    return pd.DataFrame({"country": counts.index.astype(str), "recorded": counts.to_numpy(np.int64)})


def surveyed_splits(dataset: Dataset) -> tuple[str, ...]:
    """Return those of SURVEYED that have surveys; all of them where none has."""
    known = dataset.splits() if f"split_{DEFAULT_SCHEME}" in dataset.sites else {}
    return tuple(split for split in SURVEYED if split in known) or SURVEYED


def rows_of_tests(dataset: Dataset) -> np.ndarray:
    """Return int64 rows of the surveys in any of TESTS."""
    return np.flatnonzero(np.isin(_splits(dataset), TESTS))


def recorded_at_tests(dataset: Dataset, column: int) -> pd.DataFrame:
    """One row per test survey where the class is recorded: survey_id, lon, lat, row, split."""
    rows = rows_of_tests(dataset)
    rows = rows[recorded_at(dataset.targets, column, rows)]
    sites = dataset.sites.iloc[rows][["survey_id", "lon", "lat"]]
    return sites.assign(row=rows, split=_splits(dataset)[rows]).reset_index(drop=True)


def _splits(dataset: Dataset, scheme: str = DEFAULT_SCHEME) -> np.ndarray:
    """Split of every survey as text, "" where the data set has no such scheme."""
    name = f"split_{scheme}"
    return dataset.sites[name].astype(str).to_numpy() if name in dataset.sites else np.full(len(dataset), "")
