"""How well each survey's set of species is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.evaluation.confusion.outcomes import Outcome, Outcomes
from sdm.evaluation.confusion.species import share


def per_set(judged: Outcomes, surveys: np.ndarray) -> pd.DataFrame:
    """One row per row of `surveys` (int64 rows of the matrices), in that order.

    Columns: row; recorded, predicted, hits (species); f1 (2 hits / (recorded + predicted), NaN where both are
    empty).
    """
    codes = judged.codes[surveys]
    hits = _counted(codes, Outcome.HIT)
    recorded, predicted = hits + _counted(codes, Outcome.MISS), hits + _counted(codes, Outcome.FALSE_ALARM)
    f1 = share(2 * hits, recorded + predicted)
    return pd.DataFrame({"row": surveys, "recorded": recorded, "predicted": predicted, "hits": hits, "f1": f1})


def _counted(codes: csr_matrix, outcome: Outcome) -> np.ndarray:
    """int64 (n,): entries of `outcome` in each row."""
    before = np.concatenate([[0], np.cumsum(codes.data == outcome)])
    return np.diff(before[codes.indptr])
