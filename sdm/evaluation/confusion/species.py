"""How well each species is found: counts, precision, recall and F1."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sdm.evaluation.confusion.outcomes import Outcome, Outcomes, require_classes


def per_species(judged: Outcomes, classes: pd.DataFrame) -> pd.DataFrame:
    """One row per column of the matrices, in their order.

    Columns: column, class_id, name; in surveys: support (recorded), predicted, hits, misses, false_alarms;
    0..1: precision (hits / predicted), recall (hits / support), f1 (2 hits / (support + predicted)).
    A ratio without any survey below the line is NaN.
    """
    require_classes(classes, judged.species)
    named = {
        "column": np.arange(judged.species),
        "class_id": classes["class_id"].array,
        "name": classes["name"].array,
    }
    return pd.DataFrame(named | scores(judged.counts))


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


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole as float64; NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
