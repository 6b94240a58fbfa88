"""Folds of spatial blocks of records, and the splits they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sdm.data.record_types import PLOTS, RECORDS
from sdm.data.splits import TEST, TRAIN, VALIDATION
from sdm.geo.hashing import combine, uniform
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.reading.reader import Rows

BLOCKS_A_SIDE = 12
SCHEME = "block"


def record_folds(rows: Rows, options: ImportOptions) -> tuple[np.ndarray, float]:
    """int64 (N,): the fold of each record site, whole blocks, folds of about one size; and the side of a block.

    The largest block goes first, each to the fold with the fewest sites; blocks of one size go in an order drawn
    by the seed.
    """
    side = options.block or max(float(np.ptp(rows.x)), float(np.ptp(rows.y))) / BLOCKS_A_SIDE or 1.0
    cells = pd.DataFrame({"row": np.floor(rows.y / side), "column": np.floor(rows.x / side)})
    block = cells.groupby(["row", "column"], sort=True).ngroup().to_numpy()
    sizes = np.bincount(block)
    draw = uniform(combine(options.seed, np.arange(len(sizes))), "record folds")
    fold, filled = np.zeros(len(sizes), np.int64), np.zeros(max(options.folds, 2), np.int64)
    for i in np.lexsort((draw, -sizes)):
        fold[i] = filled.argmin()
        filled[fold[i]] += sizes[i]
    return fold[block], side


def split_columns(source: np.ndarray, tables: Sequence[str], fold: np.ndarray, folds: int) -> dict[str, pd.Series]:
    """A column split_block, split_block_2, … per fold: records of that fold validate, the others train.

    Plots test under every scheme; background sites are in no split. `source`: the place of each site's in
    `tables`.
    """
    names = ["", TEST, TRAIN, VALIDATION]
    usual = np.array([{PLOTS: 1, RECORDS: 2}.get(table, 0) for table in tables], np.int8)[source]
    records = np.flatnonzero(usual == names.index(TRAIN))
    split = {}
    for number in range(max(folds, 2)):
        codes = usual.copy()
        codes[records[fold == number]] = names.index(VALIDATION)
        column = pd.Series(pd.Categorical.from_codes(codes, pd.Index(names))).astype("str")
        split[f"split_{SCHEME}" + (f"_{number + 1}" if number else "")] = column
    return split
