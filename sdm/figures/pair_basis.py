"""What the errors of pairs of species are held against."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Basis:
    """What the errors of a pair are held against: the `column` of their ratio, its `title`, and by what
    expected."""

    column: str
    title: str
    words: str


BY_TOTALS = Basis("lift", "Lift (observed / expected by totals)", "by the totals of misses and false alarms alone")
BY_NULL = Basis("ratio", "Observed / expected surveys", "by the probabilities")


def basis_of(pairs: pd.DataFrame) -> Basis:
    """The basis of a table of pairs."""
    return BY_NULL if BY_NULL.column in pairs else BY_TOTALS
