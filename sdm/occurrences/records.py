"""Presence-only records as sites: what was recorded at each place, and the group of each species."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.record_types import RECORDS
from sdm.errors import DataError
from sdm.occurrences.reader import Rows
from sdm.occurrences.report import Tally

NO_GROUP = ""


@dataclass(frozen=True)
class RecordSites:
    """Places with records: `rows`, one each, and csr (N, S) of 0/1: which of `species` were recorded there.

    `groups`: the group of each species, all "" where there are none.
    """

    rows: Rows
    recorded: csr_matrix
    species: tuple[str, ...]
    groups: tuple[str, ...]


def named(rows: Rows, tally: Tally) -> Rows:
    """The records that have a species."""
    known = rows.texts["species"] != ""
    tally.add("no_species", RECORDS, (~known).sum(), (f"row {i + 1}" for i in np.flatnonzero(~known)))
    return rows.take(known)


def record_sites(every: Rows, usable: Rows, tally: Tally) -> RecordSites:
    """The sites of the `usable` records; `every` one with a species tells which species have none left.

    DataError without any.
    """
    if not len(usable):
        raise DataError("no record is left", where=RECORDS, expected="species, position and predictors",
                        got=f"{len(every)} rows")  # fmt: skip
    names, species = np.unique(usable.texts["species"], return_inverse=True)
    lost = sorted(set(every.texts["species"]) - set(names))
    tally.add("no_record_left", RECORDS, len(lost), lost)
    place = pd.DataFrame({"x": usable.x, "y": usable.y}).groupby(["x", "y"], sort=False).ngroup().to_numpy()
    first = np.unique(place, return_index=True)[1]
    _count_other_predictors(usable, place, first, tally)
    pairs = pd.DataFrame({"place": place, "species": species})
    again = pairs.duplicated().to_numpy()
    tally.add("repeated", RECORDS, again.sum(), names[species[again]])
    pairs = pairs[~again]
    ones = np.ones(len(pairs), np.uint8)
    recorded = csr_matrix((ones, (pairs["place"], pairs["species"])), shape=(len(first), len(names)))
    single = names[np.asarray(recorded.sum(axis=0)).ravel() == 1]
    tally.add("single_record", RECORDS, len(single), single)
    return RecordSites(usable.take(first), recorded, tuple(names.tolist()), _groups(usable, names, species, tally))


def _count_other_predictors(rows: Rows, place: np.ndarray, first: np.ndarray, tally: Tally) -> None:
    differs = np.zeros(len(rows), bool)
    for column in rows.values:
        values = rows.values[column].to_numpy()
        differs |= (values != values[first][place]) & ~(pd.isna(values) & pd.isna(values[first][place]))
    tally.add("other_predictors", RECORDS, len(np.unique(place[differs])))


def _groups(rows: Rows, names: np.ndarray, species: np.ndarray, tally: Tally) -> tuple[str, ...]:
    """The group of most records of each species, the first in the alphabet of several."""
    if "group" not in rows.texts:
        return (NO_GROUP,) * len(names)
    pairs = pd.DataFrame({"species": species, "group": rows.texts["group"]})
    counts = (
        pairs.value_counts()
        .reset_index()
        .sort_values(["species", "count", "group"], ascending=[True, False, True])
    )
    several = counts["species"].value_counts()
    mixed = names[sorted(several.index[several > 1])]
    tally.add("two_groups", RECORDS, len(mixed), mixed)
    groups = tuple(counts.drop_duplicates("species")["group"].astype(str).tolist())
    sizes = pd.Series(groups).value_counts()
    alone = [str(name) for name, size in sizes.items() if size == 1 and len(sizes) > 1]
    tally.add("small_group", RECORDS, len(alone), alone)
    return groups
