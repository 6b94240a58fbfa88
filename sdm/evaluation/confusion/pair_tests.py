"""Which species is predicted instead of which more often than shared habitat explains: a test of every pair.

Observed are the surveys at which one was missed and the other a false alarm; expected as many as `PairNull`
says. Their number follows a Poisson-binomial distribution if surveys err independently of each other. All pairs
of a species missed, and one falsely predicted, at enough surveys are tested; the discoveries have a false
discovery rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import pdtrc

from sdm.evaluation.confusion.outcomes import Outcome, Outcomes, require_classes
from sdm.evaluation.confusion.pair_null import PairNull
from sdm.evaluation.confusion.pair_statistics import q_values, upper_tail
from sdm.evaluation.confusion.pairs import MIN_SUPPORT, PRODUCTS, empty_pairs, require_support, seen_pairs

FALSE_DISCOVERIES = 0.05  # expected share of the discoveries
SCREEN = 0.01  # a Poisson tail above it is no discovery either way, and stands for the exact one
EXACT_PAIRS = 512  # pairs whose tails are summed at a time
Columns = np.ndarray | None


@dataclass(frozen=True)
class PairTests:
    """`pairs` seen often enough, as in `pair_tests`, of the `tests` that were made."""

    pairs: pd.DataFrame
    tests: int

    @property
    def discoveries(self) -> pd.DataFrame:
        """The pairs of a q-value of at most FALSE_DISCOVERIES, by falling ratio."""
        found = self.pairs[self.pairs["q_value"] <= FALSE_DISCOVERIES]
        return found.sort_values(["ratio", "surveys"], ascending=False, kind="stable", ignore_index=True)


def species_to_test(outcomes: Outcomes, support: int = MIN_SUPPORT) -> np.ndarray:
    """int64: the columns of species missed, or falsely predicted, at `support` surveys or more."""
    counts = [outcomes.counts[outcome] >= support for outcome in (Outcome.MISS, Outcome.FALSE_ALARM)]
    return np.flatnonzero(counts[0] | counts[1])


def pair_tests(
    outcomes: Outcomes, null: PairNull, classes: pd.DataFrame, support: int = MIN_SUPPORT,
    missed: Columns = None, predicted: Columns = None,
) -> PairTests:  # fmt: skip
    """Test the pairs (missed a, predicted b), both in `null.columns`; by rising p_value, then falling ratio.

    `missed` and `predicted` int64 narrow the species down, by their columns. `pairs` are those seen at `support`
    surveys or more; all others of the `tests` count as not significant. Columns: missed, predicted, missed_name,
    predicted_name; surveys; expected (surveys); ratio (surveys / expected); p_value (one-sided); q_value.
    """
    require_classes(classes, outcomes.species)
    require_support(support)
    rows = _often(outcomes, Outcome.MISS, support, missed)
    columns = _often(outcomes, Outcome.FALSE_ALARM, support, predicted)
    tests = len(rows) * len(columns) - len(np.intersect1d(rows, columns))
    pairs = pd.concat([empty_pairs(), *seen_pairs(outcomes, rows, columns, support)], ignore_index=True)
    pairs = pairs[["missed", "predicted", "surveys"]]
    a, b = (np.searchsorted(null.columns, pairs[name].to_numpy(np.int64)) for name in ("missed", "predicted"))
    surveys = pairs["surveys"].to_numpy(np.int64)
    expected = _expected(null, a, b)
    p_value = _p_values(null, a, b, surveys, expected)
    names = classes["name"].to_numpy()
    pairs.insert(2, "missed_name", names[pairs["missed"]])
    pairs.insert(3, "predicted_name", names[pairs["predicted"]])
    ratio = np.divide(surveys, expected, out=np.full(len(pairs), np.nan), where=expected > 0)
    pairs = pairs.assign(expected=expected, ratio=ratio, p_value=p_value, q_value=q_values(p_value, tests))
    order = np.lexsort((pairs["predicted"], pairs["missed"], -ratio, p_value))
    return PairTests(pairs.iloc[order].reset_index(drop=True), tests)


def _often(outcomes: Outcomes, outcome: Outcome, support: int, chosen: Columns) -> np.ndarray:
    often = np.flatnonzero(outcomes.counts[outcome] >= support)
    return often if chosen is None else np.intersect1d(often, chosen)


def _expected(null: PairNull, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """float64 (P,) of pairs of places, for some of the first at a time."""
    result = np.zeros(len(a))
    rows, columns = np.unique(a), np.unique(b)
    step = max(PRODUCTS // max(len(columns), 1), 1)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        at = np.flatnonzero((a >= some[0]) & (a <= some[-1]))
        table = null.expected(some, columns)
        result[at] = table[np.searchsorted(some, a[at]), np.searchsorted(columns, b[at])]
    return result


def _p_values(
    null: PairNull, a: np.ndarray, b: np.ndarray, surveys: np.ndarray, expected: np.ndarray
) -> np.ndarray:
    """float64 (P,): the chance of as many surveys or more.

    Above its mean, a Poisson-binomial count is no more spread than a Poisson count of the same mean (Hoeffding
    1956), so that pairs with a large Poisson tail need no exact one.
    """
    p_value = pdtrc(surveys - 1, expected)
    likely = np.flatnonzero(p_value <= SCREEN)
    likely = likely[np.argsort(surveys[likely], kind="stable")]
    for start in range(0, len(likely), EXACT_PAIRS):
        some = likely[start : start + EXACT_PAIRS]
        p_value[some] = upper_tail(null.together(a[some], b[some]), surveys[some])
    return p_value
