"""Columns of numbers that tell nothing of a place: running numbers, ids, days, how well something is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sdm.formats.table import Kind, whole
from sdm.occurrences.columns import DOUBT, Source, plain

NAMES = frozenset({
    "nr", "no", "num", "number", "nummer", "lfdnr", "lfdnummer", "row", "rowid", "rownumber", "fid", "objectid",
    "oid", "uid", "uuid", "key", "recordid", "recordnr", "obsid", "observationid", "sampleid", "speciesnr",
    "taxonid", "taxonkey", "identifiant", "numero", "volgnummer", "count", "individuals", "anzahl",
    "month", "day", "dayofyear", "doy", "week", "hour",
    "monat", "tag", "mois", "jour", "mes", "dia", "maand", "dag",
})  # fmt: skip
FIRST = 8  # rows that can already say that a column is none
MANY = 500  # whole numbers that all differ are ids: so many heights or sums of rain would repeat


def set_aside(source: Source, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns `names` that are no predictors by their name, or by their values.

    By values: whole numbers that all differ and rise from row to row, or that are MANY and all differ.
    """
    known = [name for name in names if plain(name) in NAMES or DOUBT.search(plain(name))]
    first = source.first([name for name in names if name not in known], FIRST)
    candidates = [name for name in map(str, first) if _all_differ(first[name].replace("", np.nan))]
    read = source.read(dict.fromkeys(candidates, Kind.CELL)) if candidates else pd.DataFrame()
    numbered = {name for name in candidates if _is_running(read[name])}
    return tuple(name for name in names if name in known or name in numbered)


def _is_running(column: pd.Series) -> bool:
    if column.dtype.kind not in "fiu" or not _all_differ(column):
        return False
    values = column.to_numpy(np.float64)
    return bool((np.diff(values) > 0).all()) or len(values) >= MANY


def _all_differ(column: pd.Series) -> bool:
    """Whether all cells are known whole numbers, none twice; a single one tells nothing."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    return len(values) > 1 and bool(np.isfinite(values).all() and whole(values).all()) and _unlike(values)


def _unlike(values: np.ndarray) -> bool:
    return len(np.unique(values)) == len(values)
