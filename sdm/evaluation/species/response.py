"""What a species responds to: how often it is recorded, and how likely a run finds it, along each predictor.

Surveys are put into bins of about equal number once; every species is then counted in the same bins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.analysis.landcover import meaning
from sdm.evaluation.metrics.intervals import wilson
from sdm.evaluation.species.predictors import Variables
from sdm.modalities import ENVIRONMENT_VARIABLES

BINS = 8
MOST_CLASSES = 10  # of a predictor that is a code; rarer ones have no bin
BAND = (0.1, 0.9)  # quantiles of the predicted probabilities in a bin
MISSING = 255
MOST_ALIKE = 2


@dataclass(frozen=True)
class Bins:
    """n surveys in bins of each predictor.

    `code` uint8 (predictors, n): the bin, MISSING where the value is. `ticks` holds per predictor one table of
    its bins: low, high, middle (in the predictor's unit; the code of a class), label.
    """

    code: np.ndarray
    ticks: tuple[pd.DataFrame, ...]


def fit_bins(values: np.ndarray, variables: Variables = ENVIRONMENT_VARIABLES, count: int = BINS) -> Bins:
    """Bins of surveys with predictors `values` (n, P) in stored units, NaN where missing: the `variables`."""
    made = [
        _classes(column, predictor.name)
        if predictor.kind == "class"
        else _quantiles(column.astype(np.float64) * predictor.scale, count)
        for column, predictor in zip(values.T, variables, strict=True)
    ]
    return Bins(np.stack([code for code, _ in made]), tuple(ticks for _, ticks in made))


def response(
    bins: Bins, predictor: int, recorded: np.ndarray, probability: np.ndarray | None = None
) -> pd.DataFrame:
    """One row per bin of the predictor at that position, ascending.

    Columns: low, high, middle, label, surveys, recorded, share with its 95 % binomial interval share_low and
    share_high; with `probability` (n,) also predicted, the mean, with predicted_low and predicted_high, the
    middle 80 % of the surveys in the bin.
    """
    code, ticks = bins.code[predictor], bins.ticks[predictor]
    inside = np.flatnonzero(code != MISSING)
    surveys = np.bincount(code[inside], minlength=len(ticks))
    presences = np.bincount(code[inside], weights=recorded[inside], minlength=len(ticks))
    low, high = wilson(presences, surveys)
    table = ticks.assign(
        surveys=surveys, recorded=presences.astype(np.int64), share=presences / np.maximum(surveys, 1),
        share_low=low, share_high=high,
    )  # fmt: skip
    if probability is None:
        return table
    groups = [probability[inside][code[inside] == number] for number in range(len(ticks))]
    bands = np.array([np.quantile(part, BAND) if part.size else (np.nan, np.nan) for part in groups]).reshape(
        -1, 2
    )
    means = [float(part.mean()) if part.size else np.nan for part in groups]
    return table.assign(predicted=means, predicted_low=bands[:, 0], predicted_high=bands[:, 1])


def strength(bins: Bins, recorded: np.ndarray) -> np.ndarray:
    """float64 (predictors,): the share of a species' uncertainty that the bins of each predictor explain, 0..1.

    Mutual information of bin and record, less the (bins - 1) / 2n that chance alone would give, over the entropy
    of the record, times the share of surveys that are in a bin. NaN for a predictor that is never known; 0 for a
    species that is everywhere or nowhere.
    """
    return np.array([_explained(code, len(t), recorded) for code, t in zip(bins.code, bins.ticks, strict=True)])


def telling(strengths: np.ndarray, variables: Variables = ENVIRONMENT_VARIABLES) -> list[int]:
    """Positions of the predictors that tell most, falling: numbers only, at most MOST_ALIKE of one table.

    Predictors of one table say much the same, and class codes have no order to follow.
    """
    taken: list[int] = []
    for place in np.argsort(-np.nan_to_num(strengths, nan=-1.0), kind="stable").tolist():
        predictor = variables[place]
        alike = sum(variables[other].table == predictor.table for other in taken)
        if predictor.kind == "number" and alike < MOST_ALIKE and strengths[place] == strengths[place]:
            taken.append(place)
    return taken


def _explained(code: np.ndarray, width: int, recorded: np.ndarray) -> float:
    inside = code != MISSING
    count = int(inside.sum())
    if not count:
        return float("nan")
    surveys = np.bincount(code[inside], minlength=width)
    presences = np.bincount(code[inside], weights=recorded[inside], minlength=width)
    whole = _entropy(np.array([presences.sum() / count]))[0]
    within = (surveys * _entropy(presences / np.maximum(surveys, 1))).sum() / count
    information = max(whole - within - (width - 1) / (2 * count), 0)
    return float(information / whole * count / len(code)) if whole > 0 else 0.0


def _entropy(share: np.ndarray) -> np.ndarray:
    """Of a record with probability `share`, in nats."""
    part = np.stack([share, 1 - share])
    return -(part * np.log(np.where(part > 0, part, 1))).sum(axis=0)


def _quantiles(values: np.ndarray, count: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Bins of about equal number; fewer where many values are one."""
    known = np.isfinite(values)
    code = np.full(len(values), MISSING, np.uint8)
    if not known.any():
        return code, _ticks(np.zeros((0, 3)), [])
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, count + 1)))
    inner = edges[1:-1]
    code[known] = np.unique(np.searchsorted(inner, values[known], side="right"), return_inverse=True)[1]
    parts = [values[code == number] for number in range(int(code[known].max()) + 1)]
    limits = np.array([(part.min(), part.max(), np.median(part)) for part in parts])
    return code, _ticks(limits, ["" for _ in parts])


def _classes(values: np.ndarray, name: str) -> tuple[np.ndarray, pd.DataFrame]:
    """One bin per class, of the commonest ones."""
    known = values[np.isfinite(values)]
    codes, counts = np.unique(known, return_counts=True)
    common = np.sort(codes[np.argsort(-counts, kind="stable")[:MOST_CLASSES]])
    code = np.full(len(values), MISSING, np.uint8)
    for number, value in enumerate(common):
        code[values == value] = number
    labels = [meaning(name, float(value)) or f"{value:g}" for value in common]
    return code, _ticks(np.repeat(common[:, None], 3, axis=1), labels)


def _ticks(limits: np.ndarray, labels: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(limits, columns=["low", "high", "middle"])
    return table.assign(label=pd.Series(labels, dtype=object))
