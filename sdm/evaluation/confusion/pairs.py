"""Which species is predicted instead of which, against what the totals of misses and false alarms alone foretell.

Species of one habitat pass that test without being mistaken for each other: where probabilities are known, see
`sdm.evaluation.confusion.pair_tests`. The table of all pairs of species has S² cells, nearly all of them 0 or 1.
Counts come from a sparse product of misses and false alarms, a block of missed species at a time, and only the
best pairs of each block are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.evaluation.confusion.outcomes import Outcome, Outcomes, require_classes

MIN_SUPPORT = 5  # surveys: below it a high lift is one coincidence
LIMIT = 100
PRODUCTS = 4_000_000  # multiplications a block, hence at most as many cells: 32 MB


def predicted_instead(
    outcomes: Outcomes, classes: pd.DataFrame, min_support: int = MIN_SUPPORT, limit: int = LIMIT
) -> pd.DataFrame:
    """Pairs (missed a, predicted b) seen at `min_support` surveys or more, by falling lift, then surveys, a and b.

    Columns: missed, predicted (columns of the matrices), missed_name, predicted_name, surveys (a missed and b a
    false alarm), expected (surveys, were the two errors independent: misses of a × false alarms of b / N), lift
    (surveys / expected). At most `limit` rows; none when no pair has the support.
    """
    require_classes(classes, outcomes.species)
    require_support(min_support, limit)
    # A pair is seen no more often than either of its errors.
    rows, columns = (
        np.flatnonzero(outcomes.counts[outcome] >= min_support) for outcome in (Outcome.MISS, Outcome.FALSE_ALARM)
    )
    best = empty_pairs()
    for block in seen_pairs(outcomes, rows, columns, min_support):
        best = _best(pd.concat([best, _best(block, limit)]), limit)
    names = classes["name"].to_numpy()
    best.insert(2, "missed_name", names[best["missed"]])
    best.insert(3, "predicted_name", names[best["predicted"]])
    return best


def expected_by_totals(misses: np.ndarray, alarms: np.ndarray, surveys: int) -> np.ndarray:
    """Surveys at which two independent errors with these counts fall together, among `surveys`."""
    return misses.astype(float) * alarms / max(surveys, 1)


def require_support(min_support: int, limit: int = 1) -> None:
    """DataError unless both are 1 or more."""
    if min_support < 1 or limit < 1:
        raise DataError("pairs need a support and a limit", expected="1 or more", got=f"{min_support}, {limit}")


def seen_pairs(
    outcomes: Outcomes, rows: np.ndarray, columns: np.ndarray, min_support: int
) -> Iterator[pd.DataFrame]:
    """The pairs with enough support of the missed species `rows` and the predicted ones `columns`, in blocks.

    Columns: missed, predicted, surveys, expected, lift; see `predicted_instead`.
    """
    missed, predicted = outcomes.select(Outcome.MISS), outcomes.select(Outcome.FALSE_ALARM)
    misses, alarms = outcomes.counts[Outcome.MISS], outcomes.counts[Outcome.FALSE_ALARM]
    left, right = missed.T.tocsr()[rows], predicted[:, columns]
    for start, stop in _bounds(left @ np.diff(right.indptr).astype(np.int64)):
        a, b, surveys = _cells(left[start:stop] @ right, min_support)
        a, b = rows[start + a], columns[b]
        expected = expected_by_totals(misses[a], alarms[b], outcomes.surveys)
        block = {"missed": a, "predicted": b, "surveys": surveys, "expected": expected, "lift": surveys / expected}
        yield pd.DataFrame(block)


def _bounds(products: np.ndarray) -> Iterator[tuple[int, int]]:
    """Runs of missed species, each worth about PRODUCTS multiplications."""
    block = np.cumsum(products) // PRODUCTS
    edges = np.flatnonzero(np.diff(block, prepend=-1, append=-1))
    return zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _cells(counts: csr_matrix, min_support: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, column and value of the cells with enough support."""
    keep = np.flatnonzero(counts.data >= min_support)
    row = np.searchsorted(counts.indptr, keep, side="right") - 1
    return row, counts.indices[keep], counts.data[keep].astype(np.int64)


def _best(pairs: pd.DataFrame, limit: int) -> pd.DataFrame:
    if len(pairs) > limit:
        lift = pairs["lift"].to_numpy()
        pairs = pairs[lift >= np.partition(lift, -limit)[-limit]]  # ties at the border stay for the sort
    order = np.lexsort((pairs["predicted"], pairs["missed"], -pairs["surveys"], -pairs["lift"]))
    return pairs.iloc[order[:limit]].reset_index(drop=True)


def empty_pairs() -> pd.DataFrame:
    """No pair, with the columns of `seen_pairs`."""
    kinds = {"missed": int, "predicted": int, "surveys": int, "expected": float, "lift": float}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
