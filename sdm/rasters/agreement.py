"""How far mappers agree, at each level of the hierarchy.

Every number comes from one small table, `sdm.rasters.mapped_types.combinations_of_types`: how many pixels each
combination of the mappers' types has.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from sdm.rasters.ecosystem_types import HIERARCHY, code_order, level_of
from sdm.rasters.mapped_types import PIXELS


def agreement_table(table: pd.DataFrame, levels: Sequence[str] = HIERARCHY) -> pd.DataFrame:
    """The share of common pixels that agrees, of each two mappers and of all, at each of `levels`.

    Columns mappers ("A & B"), level, pixels (in the intersection) and
    share; NaN without an intersection.
    """
    mappers = _mappers(table)
    together = [*combinations(mappers, 2), *([tuple(mappers)] if len(mappers) > 2 else [])]
    rows = []
    for names in together:
        common = table[(table[list(names)] != "").all(axis=1)]
        total = int(common[PIXELS].sum())
        for level in levels:
            agree = int(common.loc[_distinct(common, names, level) == 1, PIXELS].sum())
            rows.append((" & ".join(names), level, total, agree / total if total else float("nan")))
    return pd.DataFrame(rows, columns=["mappers", "level", PIXELS, "share"])


def inconsistency_table(table: pd.DataFrame, levels: Sequence[str] = HIERARCHY) -> pd.DataFrame:
    """Of the pixels that all mappers typed, how many have 1, 2, ... different types at each of `levels`.

    Columns level, types, pixels and share; every number of types up to that of mappers has a row.
    """
    mappers = _mappers(table)
    common = table[(table[mappers] != "").all(axis=1)]
    total = int(common[PIXELS].sum())
    rows = []
    for level in levels:
        distinct = _distinct(common, mappers, level)
        for types in range(1, len(mappers) + 1):
            pixels = int(common.loc[distinct == types, PIXELS].sum())
            rows.append((level, types, pixels, pixels / total if total else float("nan")))
    return pd.DataFrame(rows, columns=["level", "types", PIXELS, "share"])


def mapper_confusion(table: pd.DataFrame, one: str, other: str, level: str = "name") -> pd.DataFrame:
    """Pixels by type of mapper `one` (rows) and of `other` (columns), the same types in the same order on both."""
    common = table[(table[one] != "") & (table[other] != "")]
    rows, columns = (common[name].map(lambda code: level_of(code, level)).rename(name) for name in (one, other))
    kinds = sorted({*rows, *columns}, key=code_order)
    counts = pd.crosstab(rows, columns, common[PIXELS], aggfunc="sum").fillna(0).astype(int)
    return counts.reindex(index=kinds, columns=kinds, fill_value=0).rename_axis(index=one, columns=other)


def _distinct(table: pd.DataFrame, mappers: Sequence[str], level: str) -> pd.Series:
    """How many different types each combination has at `level`."""
    return pd.Series(
        [len({level_of(code, level) for code in codes}) for codes in table[list(mappers)].to_numpy(str).tolist()],
        index=table.index, dtype=int,
    )  # fmt: skip


def _mappers(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table.columns if name != PIXELS]
