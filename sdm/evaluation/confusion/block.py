"""A block of species small enough to look at: rows missed, columns predicted instead, hits on the diagonal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.evaluation.confusion.outcome_scores import share
from sdm.evaluation.confusion.outcomes import Outcome, Outcomes, require_classes, require_columns
from sdm.evaluation.confusion.pairs import expected_by_chance

MOST_SPECIES = 30  # more cannot be read or clicked on one screen


def block(outcomes: Outcomes, classes: pd.DataFrame, columns: np.ndarray) -> pd.DataFrame:
    """The cells among the chosen `columns` (at most MOST_SPECIES, each once); see `cells`."""
    if not 0 < len(columns) <= MOST_SPECIES:
        raise DataError(
            "a block shows a few species at a time",
            expected=f"1 to {MOST_SPECIES} species",
            got=len(columns),
            remedy="Choose fewer, or take those of the highest lift.",
        )
    return cells(outcomes, classes, columns)


def cells(outcomes: Outcomes, classes: pd.DataFrame, columns: np.ndarray) -> pd.DataFrame:
    """One row per ordered pair of the K chosen `columns`, K² rows, row by row in the order chosen.

    Columns: truth, predicted (columns of the matrices), truth_name, predicted_name; surveys: hits where both
    are the same, else surveys with `truth` missed and `predicted` a false alarm; row_share: of the
    surveys where `truth` was recorded (NaN when there are none); expected and lift as in `predicted_instead`,
    NaN on the diagonal.
    """
    require_classes(classes, outcomes.species)
    columns = _chosen(columns, outcomes.species)
    hits, misses, alarms = (outcomes.counts[o][columns] for o in (Outcome.HIT, Outcome.MISS, Outcome.FALSE_ALARM))
    surveys = _together(outcomes, columns) + np.diag(hits)
    expected = expected_by_chance(misses[:, None], alarms[None, :], outcomes.surveys)
    np.fill_diagonal(expected, np.nan)
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


def by_lift(pairs: pd.DataFrame, limit: int = MOST_SPECIES) -> np.ndarray:
    """int64: the species of the first pairs of `predicted_instead`, partners side by side, at most `limit`.

    >>> by_lift(pd.DataFrame({"missed": [4, 1], "predicted": [2, 4]}), limit=3).tolist()
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
