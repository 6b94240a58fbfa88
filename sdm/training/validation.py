"""The validation split after each epoch: loss, metrics, and the decoder they were reached with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import TargetKind
from sdm.evaluation.decoding import choose_decoder
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.evaluation.metrics.sets import one_hot
from sdm.runs.predictions import probability_type

# What is logged with the headline metric.
ALSO_LOGGED: Mapping[TargetKind, tuple[str, ...]] = {
    TargetKind.MULTICLASS: ("accuracy",),
    TargetKind.REGRESSION: ("r2",),
}


@dataclass(frozen=True)
class Validation:
    """`value` is the headline metric of the target kind (`sdm.evaluation.metrics.HEADLINE`), `others`
    the further ones by name."""

    loss: float
    value: float
    others: Mapping[str, float]
    decoder: str


def compact(probabilities: np.ndarray, kind: TargetKind, surveys: int) -> np.ndarray:
    """What the headline metric needs of a batch of `probabilities` (n, width) of a split of `surveys`: all of them
    (rounded when they are many), the most probable class (int64 (n, 1)), or the value itself."""
    if kind is TargetKind.MULTILABEL:
        return probabilities.astype(probability_type(surveys, probabilities.shape[1]))
    return probabilities.argmax(axis=1)[:, None] if kind is TargetKind.MULTICLASS else probabilities


def measure(loss: float, truth: csr_matrix, compacted: np.ndarray, kind: TargetKind) -> Validation:
    """Metrics of `compacted`, of `loss`, against `truth` csr (N, width); the decoder is "" where none is used."""
    if kind is TargetKind.MULTILABEL:
        decoder, value = choose_decoder(truth, compacted)
        return Validation(loss, value, {}, str(decoder))
    names = logged_metrics(kind)
    classes = kind is TargetKind.MULTICLASS
    predicted = one_hot(compacted[:, 0], truth.shape[1]) if classes else compacted
    target = truth if classes else truth.toarray()
    value, *others = (METRICS[name].score(target, predicted).value for name in names)
    return Validation(loss, value, dict(zip(names[1:], others, strict=True)), "")


def logged_metrics(kind: TargetKind) -> tuple[str, ...]:
    """The metrics of `kind` that the history holds, the headline first."""
    return HEADLINE[kind], *ALSO_LOGGED.get(kind, ())


def better(value: float, best: float | None, kind: TargetKind) -> bool:
    """Whether `value` beats `best`; anything beats nothing, NaN beats nothing only."""
    if best is None or np.isnan(best):
        return True
    return value > best if METRICS[HEADLINE[kind]].higher_is_better else value < best
