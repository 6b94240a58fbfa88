"""Types of sites: surveys tell presence and absence, presence-only records a sighting, background nothing."""

from __future__ import annotations

import numpy as np

from sdm.data.dataset import Dataset
from sdm.modalities.layouts import PO_TRAIN

RECORDS, BACKGROUND, PLOTS = "records", "background", "plots"
"""Sources of a data set made of tables of occurrences."""
SURVEY, PRESENCE_ABSENCE, PRESENCE_ONLY = "survey", "presence-absence survey", "presence-only record"
BACKGROUND_SITE = "background site"


def presence_only(dataset: Dataset) -> np.ndarray:
    """Return bool (N,): which sites are presence-only records."""
    return dataset.sites["source"].isin([PO_TRAIN, RECORDS]).to_numpy(bool)


def of_records(dataset: Dataset) -> bool:
    """Return whether the data set was made of tables of records of presence alone."""
    return bool((dataset.sites["source"] == RECORDS).any())


def record_type(dataset: Dataset, row: int) -> str:
    """Return what the site in `row` is called; data without presence-only records have surveys alone."""
    alone = presence_only(dataset)
    if not alone.any():
        return SURVEY
    if dataset.sites["source"].iloc[row] == BACKGROUND:
        return BACKGROUND_SITE
    return PRESENCE_ONLY if alone[row] else PRESENCE_ABSENCE
