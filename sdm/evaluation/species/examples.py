"""Surveys that show how a run does on one species: found, missed, and called where it is not."""

from __future__ import annotations

import numpy as np
import pandas as pd

GROUPS = {
    "hit": "recorded, and predicted with the highest probability",
    "miss": "recorded, but predicted with the lowest probability",
    "false alarm": "not recorded, though predicted with the highest probability",
}


def examples(surveys: pd.DataFrame, threshold: float, pictured: np.ndarray, count: int = 4) -> pd.DataFrame:
    """At most `count` surveys of each of GROUPS: group, row, recorded, probability, the most telling first.

    `pictured` bool (N,), by row of the data set: surveys with a picture go before those without. Empty where the
    threshold is not known.
    """
    probability, recorded = surveys["probability"].to_numpy(), surveys["recorded"].to_numpy()
    present = probability >= np.float32(threshold)
    chosen = {
        "hit": (recorded & present, -probability),
        "miss": (recorded & ~present & np.isfinite(threshold), probability),
        "false alarm": (~recorded & present, -probability),
    }
    blind = ~pictured[surveys["row"].to_numpy()]
    found = []
    for group, (keep, order) in chosen.items():
        at = np.flatnonzero(keep)
        best = at[np.lexsort((order[at], blind[at]))[:count]]
        found.append(surveys.iloc[best].assign(group=group))
    columns = ["group", "row", "recorded", "probability"]
    return pd.concat(found, ignore_index=True)[columns]
