"""The area of applicability of a run: where predictors are like those of the sites it has learnt from."""

from __future__ import annotations

import numpy as np

from sdm.analysis.applicability import Applicability, fit_applicability
from sdm.data.dataset import Dataset
from sdm.runs import Run


def training_rows(run: Run, dataset: Dataset) -> np.ndarray:
    """int64: the rows of `dataset` that the run has learnt from."""
    source, number = dataset.sites["source"].astype(str).to_numpy(), dataset.sites["survey_id"].to_numpy(np.int64)
    seen = np.zeros(len(dataset), bool)
    for name, ids in run.train_ids.items():
        seen |= (source == name) & np.isin(number, ids)
    return np.flatnonzero(seen)


def training_area(run: Run, dataset: Dataset, modality: str) -> Applicability:
    """That of the sites the run has learnt from, by their predictors; DataError where none has any."""
    return fit_applicability(dataset, training_rows(run, dataset), modality)
