"""Lime richness from its nine steps: A, the poorest, is 1 and I, the richest, is 9; a range counts as its mean."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sdm.data.splits import TRAIN, VALIDATION
from sdm.geo.hashing import combine, stream, uniform
from sdm.rasters.ecosystem_types import ecosystem_type, parse_code

STEPS = "ABCDEFGHI"
LOWEST, HIGHEST = 1, len(STEPS)
UNIT = "lime richness (1 poorest to 9)"
SHARE = 0.2


def lime_of_steps(text: object) -> float:
    """The lime richness written as letters; NaN where `text` holds none.

    A hyphen or dash between two letters is a range, anything else a list.

    >>> lime_of_steps("ABCD"), lime_of_steps("A-D"), lime_of_steps("KA-hi"), lime_of_steps("e"), lime_of_steps("x")
    (2.5, 2.5, 8.5, 5.0, nan)
    """
    plain = re.sub(r"^KA(?![A-I])\W*|^LIME\W*", "", str(text).strip().upper())
    ends = re.fullmatch(r"([A-I])\s*[-–—]\s*([A-I])", plain)
    if ends is not None:
        return (STEPS.index(ends[1]) + STEPS.index(ends[2])) / 2 + 1
    letters = re.sub(r"[\s,;/+]", "", plain)
    if not letters or set(letters) - set(STEPS):
        return float("nan")
    return float(np.mean([STEPS.index(letter) + 1 for letter in sorted(set(letters))]))


def lime_of_code(code: str) -> float:
    """The lime richness that defines a ground type, NaN where none does.

    >>> lime_of_code("T4-C-5"), lime_of_code("V1-C-4"), lime_of_code("V3-C-1")
    (2.0, 8.0, nan)
    """
    return lime_of_steps(ecosystem_type(code).lime) if parse_code(code).code == code else float("nan")


def lime_values(codes: pd.Series, steps: pd.Series | None = None) -> np.ndarray:
    """float32 (N,): from the letters of `steps`, else from the ground types `codes`, else NaN."""
    of_code = codes.astype(str).map({code: lime_of_code(code) for code in codes.astype(str).unique()})
    values = of_code.to_numpy(np.float32)
    if steps is None:
        return values
    letters = np.array([lime_of_steps(text) for text in steps], np.float32)
    return np.where(np.isnan(letters), values, letters)


def main_type_split(main_types: pd.Series, seed: int, *, share: float = SHARE) -> np.ndarray:
    """ "train" or "validation" of each row: whole main types are validated, close to `share` of all rows.

    Main types are visited in an order drawn from `seed` and their name; one is taken where the share comes closer
    to `share` by it. At least one is on each side where there are two.
    """
    names = main_types.astype(str)
    counts = names.value_counts()
    keys = combine(seed, np.array([stream(name) for name in counts.index], np.int64))
    order = counts.index[np.lexsort((counts.index.to_numpy(str), uniform(keys, "main type")))]
    chosen: set[str] = set()
    goal, taken = share * len(names), 0
    for name in order:
        if len(chosen) + 1 < len(order) and abs(goal - taken - counts[name]) < abs(goal - taken):
            chosen.add(name)
            taken += int(counts[name])
    if not chosen and len(order) > 1:
        chosen = {str(counts[order].idxmin())}
    return np.where(names.isin(chosen), VALIDATION, TRAIN)
