"""Which surveys each split scheme holds back to judge models by, and how far they lie from what is learnt from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.overview import distance_to_training, split_of
from sdm.data.schemes import schemes_with_folds
from sdm.data.splits import SELECTION, TEST, TRAIN, VALIDATION

BUFFER, HELD_BACK = "buffer", (SELECTION, VALIDATION, TEST)  # near and far tests are the same under all schemes
PATCH_KM = 0.64  # width of a satellite patch: below it, those of two surveys overlap


def held_back_distances(dataset: Dataset) -> pd.DataFrame:
    """One row per scheme and survey held back in any of its folds: scheme, fold (from 1), survey_id, km.

    `km` is to the nearest training survey. Surveys without a position are left out; empty where no scheme has both
    training surveys and others.
    """
    parts = [
        distance_to_training(dataset, name).query("split in @HELD_BACK").assign(scheme=scheme, fold=fold)
        for scheme, names in schemes_with_folds(dataset.schemes).items()
        for fold, name in enumerate(names, 1)
    ]
    if not parts:
        return pd.DataFrame(
            {"scheme": [], "fold": np.zeros(0, int), "survey_id": np.zeros(0, int), "km": np.zeros(0)}
        )
    table = pd.concat(parts, ignore_index=True)
    ids = dataset.sites["survey_id"].to_numpy()[table["row"].to_numpy(int)]
    return table.assign(survey_id=ids)[["scheme", "fold", "survey_id", "km"]]


def fold_table(dataset: Dataset, scheme: str) -> pd.DataFrame:
    """One row per survey that trains or validates under `scheme`: survey_id, lon, lat, country, part.

    `part` is the fold that validates it ("1", "2", …), or of a scheme of one fold its split. Surveys that no fold
    validates, and those without a position, are left out.
    """
    names = schemes_with_folds(dataset.schemes)[scheme]
    part = np.full(len(dataset), "", object)
    for fold, name in enumerate(names, 1):
        split = split_of(dataset, name)
        if len(names) == 1:
            part = np.where(np.isin(split, (TRAIN, SELECTION, VALIDATION, BUFFER)), split, "")
        else:
            part[np.isin(split, (SELECTION, VALIDATION))] = str(fold)
    sites = dataset.sites[["survey_id", "lon", "lat", "country"]].assign(part=part)
    placed = np.isfinite(sites[["lon", "lat"]].to_numpy(np.float64, na_value=np.nan)).all(axis=1)
    return sites[placed & (part != "")].reset_index(drop=True)


def median_km(distances: pd.DataFrame) -> dict[str, float]:
    """Scheme of `held_back_distances`, in its order -> median distance to training."""
    return {str(scheme): float(km.median()) for scheme, km in distances.groupby("scheme", sort=False)["km"]}
