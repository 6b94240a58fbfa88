"""The species to choose from: how each is listed, and the one to begin with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, Targets
from sdm.data.overview import PRESENCE_ONLY, split_of
from sdm.evaluation.metrics import target_matrix

LONGEST = 60  # characters of a name in a list
FIRST_SHARE = 0.1  # of surveys: a species that is neither everywhere nor hardly anywhere shows a pattern


def labels(classes: pd.DataFrame) -> dict[int, str]:
    """class_id -> name, common name and id, in the order of these texts."""
    names = classes["name"].astype(str).str.slice(0, LONGEST)
    if "common_name" in classes:
        common = classes["common_name"].astype(object).fillna("").astype(str).str.slice(0, LONGEST)
        names = names.where(common == "", names + " · " + common)
    text = names + " · " + classes["class_id"].astype(str)
    order = np.argsort(text.str.casefold().to_numpy(), kind="stable")
    return dict(zip(classes["class_id"].to_numpy()[order].tolist(), text.to_numpy()[order].tolist(), strict=True))


def first(targets: Targets, rows: np.ndarray) -> int:
    """The class_id to begin with: of those at no more than a tenth of the surveys `rows` the commonest."""
    counts = np.asarray(target_matrix(targets)[rows].sum(axis=0)).ravel()
    rare = counts <= FIRST_SHARE * max(len(rows), 1)
    best = np.where(rare, counts, -1) if (counts[rare] > 0).any() else counts
    return int(targets.class_ids[int(best.argmax())])


def surveyed(dataset: Dataset) -> np.ndarray:
    """int64: the rows that tell both where a class is and where it is not, hence not presence-only records."""
    return np.flatnonzero(dataset.targets.known & (split_of(dataset) != PRESENCE_ONLY))
