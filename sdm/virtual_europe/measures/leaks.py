"""What a random split leaks, without a model: species shared with the nearest training survey."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.analysis.simulation_check import Statement
from sdm.data.split_folds import BUFFER_KM, FOLDS, fold_split, random_folds, site_folds, stratified_block_folds
from sdm.geo.projections import laea_km
from sdm.virtual_europe.measures.sample import OURS, PLOTS, Sample, between, sample, sorensen
from sdm.virtual_europe.write.records import survey_ids

CROWDED = ("Denmark", "Netherlands")


def leak_statements(seed: int, plots: int = PLOTS) -> Iterator[Statement]:
    """Rows 4 (without a model) and 5 of what version 2 promises."""
    here = sample(seed, plots)
    folds = folds_of(here)
    table = shared_with_nearest(here, folds)
    mean = table.groupby("scheme")["sorensen"].mean()
    source = f"{OURS}: Sørensen with the nearest training survey, all surveys validated once under each"
    leak = float(mean["random"] - mean["block"])
    yield between("species shared with the nearest, random less block", "", leak, 0.10, 1, source)
    crowded = np.isin(here.surveys.country, CROWDED)
    away = [abs(crowded[folds["block"] == fold].mean() - crowded.mean()) for fold in range(FOLDS)]
    statement = "Denmark and Netherlands in a block fold, farthest from all surveys"
    yield Statement("", statement, "share", float(max(away)), 0, 0.05, OURS)


def folds_of(here: Sample) -> dict[str, np.ndarray]:
    """Fold of each survey by scheme."""
    where, ids = here.surveys.places, survey_ids("train", here.surveys.number)
    return {
        "random": random_folds(ids),
        "site": site_folds(ids, where.lon, where.lat),
        "block": stratified_block_folds(where.lon, where.lat, pd.Series(here.surveys.country)),
    }


def shared_with_nearest(here: Sample, folds: dict[str, np.ndarray]) -> pd.DataFrame:
    """A row per scheme and survey, validated once: km to the nearest training survey and sorensen with it."""
    where = here.surveys.places
    at = np.column_stack(laea_km(where.lon, where.lat))
    parts = []
    for scheme, fold in folds.items():
        for which in range(FOLDS):
            split = fold_split(fold, which, where.lon, where.lat, BUFFER_KM if scheme == "block" else 0)
            tested, training = (np.flatnonzero(split == name) for name in ("validation", "train"))
            km, nearest = cKDTree(at[training]).query(at[tested])
            alike = sorensen(here.present[tested], here.present[training[nearest]])
            parts.append(pd.DataFrame({"scheme": scheme, "row": tested, "km": km, "sorensen": alike}))
    return pd.concat(parts, ignore_index=True)
