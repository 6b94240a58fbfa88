"""A site's own predictors among those of the training sites."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.analysis.novelty import percentile
from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.modalities import Modality

MOST_SITES = 5_000


def training_values(dataset: Dataset, rows: np.ndarray, modality: str) -> tuple[np.ndarray, ...]:
    """Per predictor its known values at `rows`, the training sites, ascending, by an even sample.

    DataError where none of them has a predictor.
    """
    sample = evenly(dataset, rows, modality, MOST_SITES)
    if not len(sample):
        raise DataError("no training site has predictors to compare with", where=dataset.name)
    values = np.concatenate(list(portions(dataset, sample, modality)))
    return tuple(np.sort(column[np.isfinite(column)]) for column in values.T)


def predictor_table(values: np.ndarray, modality: Modality, known: tuple[np.ndarray, ...] | None) -> pd.DataFrame:
    """One row per predictor of a site with `values` (P,): title, value, kind, percentile, training_share.

    `percentile` of a number among `known` training values; `training_share` (0..1) of a class code, the training
    sites with the same; NaN where undefined.
    """
    rows = []
    for i, (title, value) in enumerate(zip(modality.channel_titles, values, strict=True)):
        code, others = modality.coded[i], () if known is None else known[i]
        there = len(others) > 0 and np.isfinite(value)
        rows.append({
            "title": title, "value": float(value), "kind": "class code" if code else "number",
            "percentile": percentile(np.asarray(others), value) if there and not code else np.nan,
            "training_share": float(np.mean(np.asarray(others) == value)) if there and code else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows)
