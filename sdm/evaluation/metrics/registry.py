"""The metrics by name, and what a score is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import TargetKind
from sdm.errors import UnknownNameError
from sdm.evaluation.metrics import presence, ranking, sets
from sdm.evaluation.metrics.intervals import interval
from sdm.runs.records import Score


@dataclass(frozen=True)
class Metric:
    """`each(truth, prediction)` gives a number per survey or class, NaN where undefined; the score is their mean.

    `reads` tells what the prediction is: csr `sets` (N, S), dense `probabilities` (N, S) or `values` (N, 1);
    truth is csr (N, S) or, for values, dense (N, 1). `rooted`: the score is the square root of the mean. `right`:
    the score to have, where neither more nor less is better; None elsewhere.
    """

    name: str
    title: str
    kinds: tuple[TargetKind, ...]
    reads: Literal["sets", "probabilities", "values"]
    over: Literal["survey", "class", "pair"]
    each: Callable[[csr_matrix, np.ndarray], np.ndarray]
    higher_is_better: bool = True
    rooted: bool = False
    right: float | None = None

    def score(self, truth: csr_matrix, prediction: np.ndarray, blocks: np.ndarray | None = None) -> Score:
        """The score; of a metric over surveys, with a 95 % interval where their `blocks` (N,) are there."""
        return self.summarise(self.each(truth, prediction), blocks)

    def summarise(self, each: np.ndarray, blocks: np.ndarray | None = None) -> Score:
        """The score of numbers `each` gave; see `score`. Without an interval where all are of one block."""
        known = np.isfinite(each)
        defined = each[known]
        finish = np.sqrt if self.rooted else float
        value = float(finish(defined.mean())) if defined.size else np.nan
        low, high = None, None
        if blocks is not None and self.over == "survey" and defined.size:
            ends = interval(defined, blocks[known])
            low, high = (float(finish(end)) if np.isfinite(end) else None for end in ends)
        return Score(value, int(defined.size), int(each.size - defined.size), low, high)


def _squared_error(truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    return ((np.asarray(truth, np.float64) - np.asarray(prediction, np.float64)) ** 2).ravel()


def _explained(truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    """1 - squared error over the variance of the truth, whose mean is R²; NaN where the truth does not vary.

    Below 0 where the mean of the truth would be nearer.
    """
    variance = float(np.var(np.asarray(truth, np.float64)))
    each = _squared_error(truth, prediction)
    return 1 - each / variance if variance > 0 else np.full(len(each), np.nan)


MULTILABEL, MULTICLASS, REGRESSION = TargetKind.MULTILABEL, TargetKind.MULTICLASS, TargetKind.REGRESSION
_BOTH = (MULTILABEL, MULTICLASS)
_METRICS = (
    Metric("samples-f1", "samples-F1", (MULTILABEL,), "sets", "survey", sets.survey_f1),
    Metric("accuracy", "accuracy (= micro-F1)", (MULTICLASS,), "sets", "survey", sets.survey_correct),
    Metric("micro-f1", "micro-F1", (MULTILABEL,), "sets", "pair", sets.total_f1),
    Metric("macro-f1", "macro-F1", _BOTH, "sets", "class", sets.class_f1),
    Metric("precision-at-10", "precision@10", (MULTILABEL,), "probabilities", "survey",
           partial(ranking.precision_at, k=10)),
    Metric("recall-at-30", "recall@30", (MULTILABEL,), "probabilities", "survey",
           partial(ranking.recall_at, k=30)),
    Metric("auc", "AUC, mean over species", _BOTH, "probabilities", "class",
           partial(ranking.class_score, name="auc")),
    Metric("average-precision", "average precision, mean over species", _BOTH, "probabilities", "class",
           partial(ranking.class_score, name="average_precision")),
    Metric("tss", "maximal TSS, mean over species", (MULTILABEL,), "probabilities", "class",
           partial(ranking.each_class, measure=lambda hit, p: presence.best_tss(hit, p)[0])),
    Metric("boyce", "Boyce index, mean over species", (MULTILABEL,), "probabilities", "class",
           partial(ranking.each_class, measure=presence.boyce)),
    Metric("calibration-slope", "calibration slope, mean over species", (MULTILABEL,), "probabilities", "class",
           partial(ranking.each_class, measure=presence.calibration_slope), right=1.0),
    Metric("rmse", "root mean squared error", (REGRESSION,), "values", "survey", _squared_error,
           higher_is_better=False, rooted=True),
    Metric("mse", "mean squared error", (REGRESSION,), "values", "survey", _squared_error, higher_is_better=False),
    Metric("r2", "R², variance explained", (REGRESSION,), "values", "survey", _explained),
)  # fmt: skip
METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _METRICS})
# What a run is chosen by: the best epoch, early stopping, the order of a table.
HEADLINE: Mapping[TargetKind, str] = MappingProxyType(
    {MULTILABEL: "samples-f1", MULTICLASS: "macro-f1", REGRESSION: "rmse"}
)

# What is a mean over surveys, with an interval.
PER_SURVEY: Mapping[TargetKind, str] = MappingProxyType(
    {MULTILABEL: "samples-f1", MULTICLASS: "accuracy", REGRESSION: "rmse"}
)


def metric_of(name: str) -> Metric:
    """The metric `name`; UnknownNameError lists the known ones."""
    if name not in METRICS:
        raise UnknownNameError("unknown metric", expected=", ".join(METRICS), got=name)
    return METRICS[name]


def metric_title(name: str) -> str:
    """What a score is called: the title of its metric, and the level of the hierarchy it was measured at.

    >>> metric_title("macro-f1/main_type"), metric_title("own")
    ('macro-F1, main type', 'own')
    """
    base, _, level = name.partition("/")
    title = METRICS[base].title if base in METRICS else base
    return f"{title}, {level.replace('_', ' ')}" if level else title
