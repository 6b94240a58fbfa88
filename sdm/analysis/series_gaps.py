"""How many dates the pixels of a data set have, and where their series have gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset

MOST = 5_000  # pixels read


def date_counts(dataset: Dataset, modality: str) -> pd.DataFrame:
    """One row per number of dates of at most MOST pixels, evenly chosen: dates, pixels, share."""
    known = _known(dataset, modality, _rows(dataset, modality))
    dates = np.bincount(known.sum(axis=1), minlength=known.shape[1] + 1)
    return pd.DataFrame({"dates": np.arange(len(dates)), "pixels": dates, "share": dates / max(len(known), 1)})


def month_gaps(dataset: Dataset, modality: str, dates: str) -> pd.DataFrame:
    """One row per month of the year, or per step where the table of sites has no column `dates`.

    Columns: month (1 to 12, or the step), pixels, missing: the share of the pixels without any value there.
    """
    rows = _rows(dataset, modality)
    known = _known(dataset, modality, rows)
    if dates in dataset.sites:
        texts = dataset.sites[dates].astype(str).to_numpy()[rows]
        known = np.stack([_months(text, there) for text, there in zip(texts, known, strict=True)])
    share = 1 - known.mean(axis=0)
    return pd.DataFrame({"month": np.arange(1, len(share) + 1), "pixels": known.sum(axis=0), "missing": share})


def _months(text: str, known: np.ndarray) -> np.ndarray:
    """bool (12,): the months of the year in which a date of `text` is `known` (step,).

    >>> _months("2022-01-05 2022-03-01", np.array([True, True, False])).nonzero()[0].tolist()
    [0, 2]
    """
    months = np.zeros(12, bool)
    months[[int(day[5:7]) - 1 for day, there in zip(text.split(), known, strict=False) if there]] = True
    return months


def _rows(dataset: Dataset, modality: str) -> np.ndarray:
    return evenly(dataset, np.arange(len(dataset)), modality, MOST)


def _known(dataset: Dataset, modality: str, rows: np.ndarray) -> np.ndarray:
    """bool (n, step): whether any value of a step of the pixels `rows` is known."""
    return np.concatenate([np.isfinite(part).any(axis=1) for part in portions(dataset, rows, modality)])
