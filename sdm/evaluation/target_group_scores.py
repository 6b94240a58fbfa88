"""Scores of records of presence alone: sites with a record of a species against the others of its target group.

Sites where nothing of the group was recorded tell neither, and are left out (Phillips et al. 2009,
doi:10.1890/07-2153.1). Where too few species are recorded for a target group, sites with a record stand against
background sites.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics.presence import best_tss, boyce
from sdm.evaluation.metrics.ranking import MIN_SUPPORT
from sdm.models.presence_only.background import group_members, species_groups

MEASURES = ("auc", "boyce", "tss")


def target_group_scores(labelled: LabelledPredictions) -> dict[str, np.ndarray]:
    """Each of MEASURES float64 (S,), NaN of species with fewer than MIN_SUPPORT sites with or without it."""
    known = labelled.of_known()
    truth, probabilities = known.truth.tocsc(), known.probabilities
    group = species_groups(known.targets.classes)
    member = group_members(known.truth, group)
    result = {name: np.full(truth.shape[1], np.nan) for name in MEASURES}
    for species in np.flatnonzero(np.diff(truth.indptr) >= MIN_SUPPORT):
        inside = member[:, group[species]]
        hit = truth[:, [species]].toarray().ravel()[inside] != 0
        if len(hit) - hit.sum() < MIN_SUPPORT:
            continue
        values = np.asarray(probabilities[inside, species], np.float32)
        for name, measure in _MEASURES.items():
            result[name][species] = measure(hit, values)
    return result


def background_scores(labelled: LabelledPredictions, background: np.ndarray) -> dict[str, np.ndarray]:
    """The same of sites with a record against background sites, of which `background` (B, S) is predicted."""
    known = labelled.of_known()
    truth = known.truth.tocsc()
    result = {name: np.full(truth.shape[1], np.nan) for name in MEASURES}
    for species in np.flatnonzero(np.diff(truth.indptr) >= MIN_SUPPORT):
        records = known.probabilities[truth[:, [species]].indices, species]
        values = np.concatenate([records, background[:, species]]).astype(np.float32)
        for name, measure in _MEASURES.items():
            result[name][species] = measure(np.arange(len(values)) < len(records), values)
    return result


def auc(hit: np.ndarray, values: np.ndarray) -> float:
    """The chance that a site with the species has a higher value than one without; ties count half.

    >>> auc(np.array([True, False, False]), np.array([0.5, 0.5, 0.1]))
    0.75
    """
    present = int(hit.sum())
    ranks = pd.Series(values).rank()[hit].sum() - present * (present + 1) / 2
    return float(ranks / (present * (len(hit) - present)))


_MEASURES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "auc": auc, "boyce": boyce, "tss": lambda hit, values: best_tss(hit, values)[0],
}  # fmt: skip
