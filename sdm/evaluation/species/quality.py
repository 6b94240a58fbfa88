"""How well a run finds one species: precision and recall by threshold, rank scores, and surveys that show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.splits import VALIDATION
from sdm.evaluation.metrics import class_scores
from sdm.evaluation.metrics.presence import best_tss, boyce, calibration_slope, tss
from sdm.evaluation.metrics.ranking import MIN_SUPPORT
from sdm.evaluation.species.against_background import NOT_TOLD, against_background

GROUPS = {
    "hit": "recorded, and predicted with the highest probability",
    "miss": "recorded, but predicted with the lowest probability",
    "false alarm": "not recorded, though predicted with the highest probability",
}

MEASURES = {
    "auc": ("AUC", "chance that a survey with it has a higher probability than one without; 0.5 is chance"),
    "average-precision": ("Average precision", "mean precision over all recalls; chance is its share of surveys"),
    "tss": ("TSS, true skill statistic", "sensitivity + specificity − 1 at validation's threshold; 0 is chance"),
    "boyce": ("Boyce index", "is it recorded more often where it is more probable? −1 to 1; 0 is chance"),
    "calibration-slope": ("Calibration slope", "1 is right; below 1 probabilities are too extreme, above timid"),
}
"""Of one species: title and gloss of each measure (`docs/metrics.md`)."""


def precision_recall(surveys: pd.DataFrame) -> pd.DataFrame:
    """One row per distinct probability of `surveys`, falling: threshold, predicted, hits, precision, recall, f1.

    `surveys` is a table of `LabelledPredictions.species`. Empty when the species is recorded nowhere: recall is
    then undefined.
    """
    from sklearn.metrics import precision_recall_curve  # slow to load, and only this needs it

    recorded, probability = surveys["recorded"].to_numpy(), surveys["probability"].to_numpy()
    total = int(recorded.sum())
    if not total:
        return pd.DataFrame(columns=["threshold", "predicted", "hits", "precision", "recall", "f1"], dtype=float)
    precision, recall, threshold = precision_recall_curve(recorded, probability)
    hits = np.rint(recall[:-1] * total).astype(np.int64)
    predicted = len(surveys) - np.searchsorted(np.sort(probability), threshold)
    columns = {
        "threshold": threshold, "predicted": predicted, "hits": hits, "precision": precision[:-1],
        "recall": recall[:-1], "f1": 2 * hits / (predicted + total),
    }  # fmt: skip
    return pd.DataFrame(columns)[::-1].reset_index(drop=True)


class SplitMeasures(NamedTuple):
    """The threshold of maximal TSS on validation, and a row per split: split, presences, surveys, MEASURES."""

    threshold: float
    table: pd.DataFrame


def measures_by_split(
    splits: Mapping[str, pd.DataFrame], background: tuple[np.ndarray, np.ndarray] | None = None
) -> SplitMeasures:
    """The measures of a species on every split, of its tables of `LabelledPredictions.species`.

    `background`, rows and values of background sites: validation records are measured against them, as
    `against_background` says, and what they cannot tell is NaN.
    """
    if background is not None and VALIDATION in splits:
        splits = {**splits, VALIDATION: against_background(splits[VALIDATION], *background)}
    threshold = tss_threshold(splits[VALIDATION]) if VALIDATION in splits else float("nan")
    rows = [
        {"split": split, "presences": int(surveys["recorded"].sum()), "surveys": len(surveys)}
        | measures(surveys, threshold)
        for split, surveys in splits.items()
    ]
    table = pd.DataFrame(rows)
    if background is not None and VALIDATION in splits:
        table.loc[table["split"] == VALIDATION, list(NOT_TOLD)] = np.nan
    return SplitMeasures(threshold, table)


def measures(surveys: pd.DataFrame, threshold: float) -> dict[str, float]:
    """Key of MEASURES -> its value on `surveys`; NaN where undefined, and below MIN_SUPPORT presences or absences.

    `threshold` is that of maximal TSS on other surveys; see `tss_threshold`.
    """
    hit, probability = surveys["recorded"].to_numpy(bool), surveys["probability"].to_numpy(np.float32)
    if min(hit.sum(), (~hit).sum()) < MIN_SUPPORT:
        return dict.fromkeys(MEASURES, float("nan"))
    scores = class_scores(csr_matrix(hit[:, None]), probability[:, None])
    return {
        "auc": float(scores.auc[0]),
        "average-precision": float(scores.average_precision[0]),
        "tss": tss(hit, probability, threshold),
        "boyce": boyce(hit, probability),
        "calibration-slope": calibration_slope(hit, probability),
    }


def tss_threshold(surveys: pd.DataFrame) -> float:
    """The threshold of maximal TSS; NaN below MIN_SUPPORT presences or absences."""
    hit = surveys["recorded"].to_numpy(bool)
    enough = min(hit.sum(), (~hit).sum()) >= MIN_SUPPORT
    return best_tss(hit, surveys["probability"].to_numpy())[1] if enough else float("nan")


def example_surveys(surveys: pd.DataFrame, threshold: float, pictured: np.ndarray, count: int = 4) -> pd.DataFrame:
    """At most `count` surveys of each of GROUPS: group, row, recorded, probability, the most telling first.

    `pictured` bool (N,), by row of the data set: surveys with a picture go before those without. Empty where the
    threshold is not known.
    """
    probability, recorded = surveys["probability"].to_numpy(), surveys["recorded"].to_numpy()
    present = probability >= np.float32(threshold)
    chosen = {
        "hit": (recorded & present, -probability),
        "miss": (recorded & ~present & np.isfinite(threshold), probability),
        "false alarm": (~recorded & present, -probability),
    }
    blind = ~pictured[surveys["row"].to_numpy()]
    parts = []
    for group, (keep, order) in chosen.items():
        at = np.flatnonzero(keep)
        best = at[np.lexsort((order[at], blind[at]))[:count]]
        parts.append(surveys.iloc[best].assign(group=group))
    columns = ["group", "row", "recorded", "probability"]
    return pd.concat(parts, ignore_index=True)[columns]
