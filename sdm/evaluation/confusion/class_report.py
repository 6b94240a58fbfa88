"""The classification report: averages of precision, recall and F1 over classes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.number_format import share_of

RATIOS = ("precision", "recall", "f1")


def averages(table: pd.DataFrame) -> pd.DataFrame:
    """The averages of a `sdm.evaluation.confusion.outcome_scores.per_species` table of single classes.

    One row per average, the index: macro (mean over classes), weighted (by their support) and micro (over all
    items: the accuracy). Columns: precision, recall, f1 (0..1), and undefined, the number of classes that have
    none of one of them and do not enter its macro and weighted average. NaN where nothing is defined.

    >>> counts = {"support": [8, 2], "predicted": [9, 1], "hits": [8, 1]}
    >>> ratios = {"precision": [8 / 9, 1.0], "recall": [1.0, 0.5], "f1": [16 / 17, 2 / 3]}
    >>> averages(pd.DataFrame(counts | ratios))["recall"].to_dict()
    {'macro': 0.75, 'weighted': 0.9, 'micro': 0.9}
    """
    values, support = table[[*RATIOS]].to_numpy(float), table["support"].to_numpy(float)[:, None]
    known = np.isfinite(values)
    weights = np.where(known, support, 0)
    filled = np.where(known, values, 0)
    macro = [share_of(a, b) for a, b in zip(filled.sum(axis=0), known.sum(axis=0), strict=True)]
    weighted = [share_of(a, b) for a, b in zip((filled * weights).sum(axis=0), weights.sum(axis=0), strict=True)]
    hits, recorded, predicted = (float(table[name].sum()) for name in ("hits", "support", "predicted"))
    micro = [share_of(hits, predicted), share_of(hits, recorded), share_of(2 * hits, recorded + predicted)]
    result = pd.DataFrame([macro, weighted, micro], ["macro", "weighted", "micro"], [*RATIOS])
    return result.assign(undefined=[int((~known).any(axis=1).sum())] * 2 + [0])
