"""What one species is mistaken for: the pairs of errors in which it takes part."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack

from sdm.evaluation.confusion.outcomes import Outcome, Outcomes
from sdm.evaluation.confusion.pair_null import PairNull
from sdm.evaluation.confusion.pair_statistics import q_values
from sdm.evaluation.confusion.pair_tests import PairTests, pair_tests
from sdm.evaluation.confusion.pairs import MIN_SUPPORT, predicted_instead

LIMIT = 12


def together(parts: list[Outcomes]) -> Outcomes:
    """The outcomes of several sets of surveys as one."""
    return Outcomes(vstack([part.codes for part in parts]).tocsr())


def tests_around(outcomes: Outcomes, null: PairNull, classes: pd.DataFrame, column: int) -> PairTests:
    """Test the pairs with `column` in either role; the false discovery rate is that among these.

    The columns of `pair_tests`, and `role` as in `around`.
    """
    one = np.array([column])
    parts = {
        "missed": pair_tests(outcomes, null, classes, missed=one),
        "predicted": pair_tests(outcomes, null, classes, predicted=one),
    }
    tests = sum(part.tests for part in parts.values())
    pairs = pd.concat([part.pairs.assign(role=role) for role, part in parts.items()], ignore_index=True)
    return PairTests(pairs.assign(q_value=q_values(pairs["p_value"].to_numpy(), tests)), tests)


def around(outcomes: Outcomes, classes: pd.DataFrame, column: int) -> pd.DataFrame:
    """Return the pairs of `predicted_instead` with `column`, at most LIMIT of each role, by falling lift.

    For predictions without probabilities; see `tests_around`. Its columns, and `role`: "missed" where the
    species was recorded and the other predicted instead, "predicted" where it was predicted instead of the
    other.
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
