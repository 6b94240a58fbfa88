"""Two types of records: a survey tells what is present and what is absent, a presence-only record one sighting."""

from __future__ import annotations

import numpy as np

from sdm.data.dataset import Dataset
from sdm.modalities.layouts import PO_TRAIN

SURVEY, PRESENCE_ABSENCE, PRESENCE_ONLY = "survey", "presence-absence survey", "presence-only record"


def presence_only(dataset: Dataset) -> np.ndarray:
    """Return bool (N,): which sites are presence-only records."""
    return (dataset.sites["source"] == PO_TRAIN).to_numpy(bool)


def record_type(dataset: Dataset, row: int) -> str:
    """Return what the site in `row` is called; data without presence-only records have surveys alone."""
    alone = presence_only(dataset)
    if not alone.any():
        return SURVEY
    return PRESENCE_ONLY if alone[row] else PRESENCE_ABSENCE
