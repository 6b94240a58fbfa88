"""The 64 predictors of one survey as a table a person can read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.schema import ENVIRONMENT, PREDICTORS

GROUPS = {
    "bioclimatic": "Climate 1981–2010",
    "elevation": "Relief",
    "soilgrids": "Soil",
    "landcover": "Land cover",
    "human_footprint": "Human footprint",
}


def table(values: np.ndarray, training: np.ndarray | None = None) -> pd.DataFrame:
    """One row per predictor: group, predictor, value, unit, percentile, name, source.

    `values` (64,) in stored units, NaN where missing. `training` (n, 64), likewise, gives each value's percentile
    among the training surveys (NaN without it, and for class codes, which have no order).
    """
    physical = ENVIRONMENT.to_physical(values)
    return pd.DataFrame(
        {
            "group": [GROUPS.get(p.table, p.table) for p in PREDICTORS],
            "predictor": [p.title[0].upper() + p.title[1:] for p in PREDICTORS],
            "value": physical.astype(float),
            "unit": [p.unit for p in PREDICTORS],
            "percentile": percentiles(values, training),
            "name": [p.name for p in PREDICTORS],
            "source": [p.source for p in PREDICTORS],
        }
    )


def percentiles(values: np.ndarray, training: np.ndarray | None) -> np.ndarray:
    """Share (0..100) of training values at or below each value; NaN where either is missing."""
    result = np.full(len(values), np.nan)
    if training is None or not len(training):
        return result
    for i, (value, predictor) in enumerate(zip(values, PREDICTORS, strict=True)):
        known = training[:, i][np.isfinite(training[:, i])]
        if np.isfinite(value) and len(known) and predictor.kind == "number":
            result[i] = 100 * np.mean(known <= value)
    return result
