"""A block of species small enough to look at: rows missed, columns predicted instead, hits on the diagonal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.evaluation.confusion.outcome_scores import share
from sdm.evaluation.confusion.outcomes import Outcome, Outcomes, require_classes, require_columns
from sdm.evaluation.confusion.pairs import expected_by_totals

MOST_SPECIES = 30  # more cannot be read or clicked on one screen


def block(
    outcomes: Outcomes, classes: pd.DataFrame, columns: np.ndarray, expected: np.ndarray | None = None
) -> pd.DataFrame:
    """The cells among the chosen `columns` (at most MOST_SPECIES, each once); see `cells`."""
    if not 0 < len(columns) <= MOST_SPECIES:
        raise DataError(
            "a block shows a few species at a time",
            expected=f"1 to {MOST_SPECIES} species",
            got=len(columns),
            remedy="Choose fewer, or take those of the highest lift.",
        )
    return cells(outcomes, classes, columns, expected)


def cells(
    outcomes: Outcomes, classes: pd.DataFrame, columns: np.ndarray, expected: np.ndarray | None = None
) -> pd.DataFrame:
    """One row per ordered pair of the K chosen `columns`, K² rows, row by row in the order chosen.

    Columns: truth, predicted (columns of the matrices), truth_name, predicted_name; surveys: hits where both
    are the same, else surveys with `truth` missed and `predicted` a false alarm; row_share: of the
    surveys where `truth` was recorded (NaN when there are none); `expected` float (K, K) surveys, by default
    by the totals alone as in `predicted_instead`, and lift (surveys / expected), both NaN on the diagonal.
    """
    require_classes(classes, outcomes.species)
    columns = _chosen(columns, outcomes.species)
    hits, misses, alarms = (outcomes.counts[o][columns] for o in (Outcome.HIT, Outcome.MISS, Outcome.FALSE_ALARM))
    surveys = _together(outcomes, columns) + np.diag(hits)
    if expected is None:
        expected = expected_by_totals(misses[:, None], alarms[None, :], outcomes.surveys)
    expected = np.where(np.eye(len(columns), dtype=bool), np.nan, expected)
    names = classes["name"].to_numpy()[columns]
    return pd.DataFrame(
        {
            "truth": np.repeat(columns, len(columns)),
            "predicted": np.tile(columns, len(columns)),
            "truth_name": np.repeat(names, len(columns)),
            "predicted_name": np.tile(names, len(columns)),
            "surveys": surveys.ravel(),
            "row_share": share(surveys, (hits + misses)[:, None]).ravel(),
            "expected": expected.ravel(),
            "lift": share(surveys, expected).ravel(),
        }
    )


def in_pairs(pairs: pd.DataFrame, limit: int = MOST_SPECIES) -> np.ndarray:
    """int64: the species of the first pairs of a table of pairs, partners side by side, at most `limit`.

    >>> in_pairs(pd.DataFrame({"missed": [4, 1], "predicted": [2, 4]}), limit=3).tolist()
    [4, 2, 1]
    """
    both = pairs[["missed", "predicted"]].to_numpy(np.int64).ravel()
    return pd.unique(both)[:limit]


def _chosen(columns: np.ndarray, species: int) -> np.ndarray:
    """int64: `columns`, each known and named once."""
    columns = np.asarray(columns, np.int64)
    require_columns(columns, species)
    if len(np.unique(columns)) < len(columns):
        raise DataError("a species is chosen twice", expected="each once", got=columns.tolist())
    return columns


def _together(outcomes: Outcomes, columns: np.ndarray) -> np.ndarray:
    """int64 (K, K): surveys where the row's species was missed and the column's was a false alarm."""
    missed = outcomes.select(Outcome.MISS)[:, columns]
    predicted = outcomes.select(Outcome.FALSE_ALARM)[:, columns]
    return (missed.T @ predicted).toarray().astype(np.int64)
