"""Counts, precision, recall and F1 of each species, and of the set of each survey."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.evaluation.confusion.outcomes import Outcome, Outcomes, require_classes

LONGEST = 60  # characters of a short name


def per_species(outcomes: Outcomes, classes: pd.DataFrame) -> pd.DataFrame:
    """One row per column of the matrices, in their order.

    Columns: column, class_id, name; in surveys: support (recorded), predicted, hits, misses, false_alarms;
    0..1: precision (hits / predicted), recall (hits / support), f1 (2 hits / (support + predicted)).
    A ratio without any survey below the line is NaN.
    """
    require_classes(classes, outcomes.species)
    named = {
        "column": np.arange(outcomes.species),
        "class_id": classes["class_id"].array,
        "name": classes["name"].array,
    }
    return pd.DataFrame(named | scores(outcomes.counts))


def scores(counts: Mapping[Outcome, np.ndarray]) -> dict[str, np.ndarray]:
    """Counts and ratios by name, from support to f1, in the order and meaning of `per_species`."""
    hits, misses, alarms = counts[Outcome.HIT], counts[Outcome.MISS], counts[Outcome.FALSE_ALARM]
    support, predicted = hits + misses, hits + alarms
    return {
        "support": support,
        "predicted": predicted,
        "hits": hits,
        "misses": misses,
        "false_alarms": alarms,
        "precision": share(hits, predicted),
        "recall": share(hits, support),
        "f1": share(2 * hits, support + predicted),
    }


def total_scores(outcomes: Outcomes) -> dict[str, float]:
    """Counts and ratios over all classes and surveys, by the names of `per_species`."""
    summed = {outcome: counts.sum() for outcome, counts in outcomes.counts.items()}
    return {name: float(value) for name, value in scores(summed).items()}


def short_names(table: pd.DataFrame) -> dict[int, str]:
    """class_id -> short name, of the rows of a `per_species`; classes that share a name carry their id."""
    short = table["name"].astype(str).str.slice(0, LONGEST)
    short = short.where(~short.duplicated(keep=False), short + " · " + table["class_id"].astype(str))
    return dict(zip(table["class_id"].tolist(), short.tolist(), strict=True))


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole as float64; NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def per_set(outcomes: Outcomes, surveys: np.ndarray) -> pd.DataFrame:
    """One row per row of `surveys` (int64 rows of the matrices), in that order.

    Columns: row; recorded, predicted, hits (species); f1 (2 hits / (recorded + predicted), NaN where both are
    empty).
    """
    codes = outcomes.codes[surveys]
    hits = _counted(codes, Outcome.HIT)
    recorded, predicted = hits + _counted(codes, Outcome.MISS), hits + _counted(codes, Outcome.FALSE_ALARM)
    f1 = share(2 * hits, recorded + predicted)
    return pd.DataFrame({"row": surveys, "recorded": recorded, "predicted": predicted, "hits": hits, "f1": f1})


def _counted(codes: csr_matrix, outcome: Outcome) -> np.ndarray:
    """int64 (n,): entries of `outcome` in each row."""
    before = np.concatenate([[0], np.cumsum(codes.data == outcome)])
    return np.diff(before[codes.indptr])
