"""What one species is mistaken for: the pairs of errors in which it takes part."""

from __future__ import annotations

import pandas as pd
from scipy.sparse import csr_matrix, vstack

from sdm.evaluation.confusion.outcomes import Outcome, Outcomes
from sdm.evaluation.confusion.pairs import predicted_instead

MIN_SUPPORT = 2  # surveys: one species has few errors, and the number stands beside the lift
LIMIT = 12


def together(parts: list[Outcomes]) -> Outcomes:
    """The outcomes of several sets of surveys as one."""
    return Outcomes(vstack([part.codes for part in parts]).tocsr())


def around(outcomes: Outcomes, classes: pd.DataFrame, column: int) -> pd.DataFrame:
    """Return the pairs of `predicted_instead` with `column`, at most LIMIT of each role, by falling lift.

    Its columns, and `role`: "missed" where the species was recorded and the other predicted instead, "predicted"
    where it was predicted instead of the other.
    """
    codes = outcomes.codes.tocoo()
    own = codes.col == column
    parts = []
    for role, mine, theirs in (
        ("missed", Outcome.MISS, Outcome.FALSE_ALARM),
        ("predicted", Outcome.FALSE_ALARM, Outcome.MISS),
    ):
        keep = (own & (codes.data == mine)) | (~own & (codes.data == theirs))
        part = csr_matrix((codes.data[keep], (codes.row[keep], codes.col[keep])), shape=codes.shape)
        parts.append(predicted_instead(Outcomes(part), classes, MIN_SUPPORT, LIMIT).assign(role=role))
    return pd.concat(parts, ignore_index=True)
