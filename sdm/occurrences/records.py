"""Presence-only records as sites: what was recorded at each place, and the group of each species."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.record_types import RECORDS
from sdm.errors import DataError
from sdm.occurrences.reading.merging import same_but_for_spelling
from sdm.occurrences.reading.reader import Rows
from sdm.occurrences.report import EXAMPLES, Tally

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


def record_sites(every: Rows, usable: Rows, tally: Tally) -> RecordSites:
    """The sites of the `usable` records; `every` one with a species tells which species have none left.

    DataError without any.
    """
    if not len(usable):
        raise DataError("no record is left", where=RECORDS, expected="species, position and predictors",
                        got=f"{len(every)} rows")  # fmt: skip
    names, species = _used(usable.names["species"])
    lost = sorted(set(_used(every.names["species"])[0]) - set(names))
    tally.add("no_record_left", RECORDS, len(lost), lost)
    close = same_but_for_spelling(names.tolist())
    tally.add("similar_names", RECORDS, len(close), close)
    place, first = _places(usable.x, usable.y)
    _count_other_predictors(usable, place, first, tally)
    again = pd.Series(place * len(names) + species).duplicated().to_numpy()
    tally.add("repeated", RECORDS, again.sum(), names[species[again][:EXAMPLES]])
    ones = np.ones(len(place) - again.sum(), np.uint8)
    recorded = csr_matrix((ones, (place[~again], species[~again])), shape=(len(first), len(names)))
    single = names[np.asarray(recorded.sum(axis=0)).ravel() == 1]
    tally.add("single_record", RECORDS, len(single), single)
    return RecordSites(
        usable.take(first), recorded, tuple(map(str, names)), _groups(usable, names, species, tally)
    )


def _used(names: pd.Categorical) -> tuple[np.ndarray, np.ndarray]:
    """The names that occur, ascending, and int64 (N,): the place of each row's among them."""
    counts = np.bincount(names.codes, minlength=len(names.categories))
    place = np.cumsum(counts > 0) - 1
    return np.asarray(names.categories, object)[counts > 0], place[names.codes]


def _places(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int64 (N,): the number of each row's place, in the order in which they come first; and the first row of
    each."""
    both = np.stack([x, y], axis=1) + 0.0  # -0 is 0
    place, _ = pd.factorize(both.view(np.complex128).ravel())
    first = np.full(place.max() + 1, len(place))
    np.minimum.at(first, place, np.arange(len(place)))
    return place, first


def _count_other_predictors(rows: Rows, place: np.ndarray, first: np.ndarray, tally: Tally) -> None:
    differs = np.zeros(len(rows), bool)
    for column in rows.values:
        cells = rows.values[column]
        values = cells.to_numpy() if cells.dtype.kind == "f" else cells.cat.codes.to_numpy()
        differs |= (values != values[first][place]) & ~(pd.isna(values) & pd.isna(values[first][place]))
    tally.add("other_predictors", RECORDS, len(np.unique(place[differs])))


def _groups(rows: Rows, names: np.ndarray, species: np.ndarray, tally: Tally) -> tuple[str, ...]:
    """The group of most records of each species, the first in the alphabet of several."""
    if "group" not in rows.names:
        return (NO_GROUP,) * len(names)
    pairs = pd.DataFrame({"species": species, "group": rows.names["group"].codes})
    counts = (
        pairs.value_counts()
        .reset_index()
        .sort_values(["species", "count", "group"], ascending=[True, False, True])
    )
    several = counts["species"].value_counts()
    mixed = names[sorted(several.index[several > 1])]
    tally.add("two_groups", RECORDS, len(mixed), mixed)
    chosen = counts.drop_duplicates("species")["group"].to_numpy()
    groups = tuple(map(str, rows.names["group"].categories[chosen]))
    sizes = pd.Series(groups).value_counts()
    alone = [str(name) for name, size in sizes.items() if size == 1 and len(sizes) > 1]
    tally.add("small_group", RECORDS, len(alone), alone)
    return groups
