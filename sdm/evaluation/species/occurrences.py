"""Where one species was recorded and how often, and the species there are to choose from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, issparse

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, Targets
from sdm.data.overview import PRESENCE_ONLY, split_of
from sdm.data.record_types import presence_only
from sdm.data.targets import target_matrix
from sdm.errors import UnknownNameError
from sdm.number_format import counted

TESTS = ("test", "test_near", "test_far")
SURVEYED = ("train", "selection", "validation", "buffer", *TESTS)
LONGEST = 60  # characters of a name in a list
FIRST_SHARE = 0.1  # of surveys: a species that is neither everywhere nor hardly anywhere shows a pattern


def column_of(targets: Targets, class_id: int) -> int:
    """The model's column of `class_id`; UnknownNameError where the data have no such class."""
    columns = np.flatnonzero(targets.class_ids == class_id)
    if not columns.size:
        raise UnknownNameError("no such species in this data set", got=class_id)
    return int(columns[0])


def recorded_at(targets: Targets, column: int, rows: np.ndarray) -> np.ndarray:
    """bool (n,): whether class `column` is recorded at `rows`; False where the target is unknown."""
    if issparse(targets.values):
        recorded = np.zeros(len(targets.known), bool)
        recorded[csr_matrix(targets.values)[:, [column]].nonzero()[0]] = True
        return recorded[rows] & targets.known[rows]
    return (np.asarray(targets.values)[rows] == column) & targets.known[rows]


def by_split(dataset: Dataset, column: int, scheme: str = DEFAULT_SCHEME) -> pd.DataFrame:
    """One row per split with known surveys: split, surveys (known), recorded, share (0..1).

    The share of presence-only records is NaN: nobody wrote down where the species was sought in vain.
    """
    known = np.flatnonzero(dataset.targets.known)
    table = pd.DataFrame(
        {"split": split_of(dataset, scheme)[known], "recorded": recorded_at(dataset.targets, column, known)}
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
    return np.flatnonzero(np.isin(split_of(dataset), TESTS))


def recorded_at_tests(dataset: Dataset, column: int) -> pd.DataFrame:
    """One row per test survey where the class is recorded: survey_id, lon, lat, row, split."""
    rows = rows_of_tests(dataset)
    rows = rows[recorded_at(dataset.targets, column, rows)]
    sites = dataset.sites.iloc[rows][["survey_id", "lon", "lat"]]
    return sites.assign(row=rows, split=split_of(dataset)[rows]).reset_index(drop=True)


def records_of(dataset: Dataset) -> np.ndarray:
    """int64 (S,): at how many sites of presence-only records each class is recorded."""
    rows = np.flatnonzero(presence_only(dataset))
    return np.asarray(target_matrix(dataset.targets)[rows].sum(axis=0)).ravel().astype(np.int64)


def class_labels(classes: pd.DataFrame, records: np.ndarray | None = None) -> dict[int, str]:
    """class_id -> name, common name and id, in the order of these texts.

    `records`, the number of records of each, stands in place of the id; before it where two would be called alike.
    """
    names = classes["name"].astype(str).str.slice(0, LONGEST)
    if "common_name" in classes:
        common = classes["common_name"].astype(object).fillna("").astype(str).str.slice(0, LONGEST)
        names = names.where(common == "", names + " · " + common)
    text = names + " · " + classes["class_id"].astype(str)
    if records is not None:
        counted_names = names + [f" · {counted(count, 'record')}" for count in records.tolist()]
        alike = counted_names.duplicated(keep=False)
        text = counted_names.where(~alike, counted_names + " · " + classes["class_id"].astype(str))
    order = np.argsort(text.str.casefold().to_numpy(), kind="stable")
    return dict(zip(classes["class_id"].to_numpy()[order].tolist(), text.to_numpy()[order].tolist(), strict=True))


def first_species(targets: Targets, rows: np.ndarray, share: float = FIRST_SHARE) -> int:
    """The class_id to begin with: of those at no more than a `share` of the surveys `rows` the commonest."""
    counts = np.asarray(target_matrix(targets)[rows].sum(axis=0)).ravel()
    rare = counts <= share * max(len(rows), 1)
    best = np.where(rare, counts, -1) if (counts[rare] > 0).any() else counts
    return int(targets.class_ids[int(best.argmax())])


def surveyed_rows(dataset: Dataset) -> np.ndarray:
    """int64: the rows that tell both where a class is and where it is not, hence not presence-only records."""
    return np.flatnonzero(dataset.targets.known & (split_of(dataset) != PRESENCE_ONLY))
