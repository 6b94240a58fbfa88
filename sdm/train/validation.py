"""The validation split after each epoch: loss, headline metric, and the decoder it was reached with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import TargetKind
from sdm.decoding import choose_decoder
from sdm.metrics import HEADLINE, METRICS
from sdm.metrics.sets import one_hot
from sdm.runs.predictions import probability_type


@dataclass(frozen=True)
class Validation:
    """`value` is the headline metric of the target kind (`sdm.metrics.HEADLINE`)."""

    loss: float
    value: float
    decoder: str


def compact(probabilities: np.ndarray, kind: TargetKind, surveys: int) -> np.ndarray:
    """What the headline metric needs of a batch of `probabilities` (n, width) of a split of `surveys`: all of them
    (rounded when they are many), the most probable class (int64 (n, 1)), or the value itself."""
    if kind is TargetKind.MULTILABEL:
        return probabilities.astype(probability_type(surveys, probabilities.shape[1]))
    return probabilities.argmax(axis=1)[:, None] if kind is TargetKind.MULTICLASS else probabilities


def headline(truth: csr_matrix, compacted: np.ndarray, kind: TargetKind) -> tuple[float, str]:
    """The headline metric of `compacted` against `truth` csr (N, width), and the decoder used, "" if none."""
    metric = METRICS[HEADLINE[kind]]
    if kind is TargetKind.MULTILABEL:
        decoder, value = choose_decoder(truth, compacted)
        return value, str(decoder)
    if kind is TargetKind.MULTICLASS:
        return metric.score(truth, one_hot(compacted[:, 0], truth.shape[1])).value, ""
    return metric.score(truth.toarray(), compacted).value, ""


def better(value: float, best: float | None, kind: TargetKind) -> bool:
    """Whether `value` beats `best`; anything beats nothing, NaN beats nothing only."""
    if best is None or np.isnan(best):
        return True
    return value > best if METRICS[HEADLINE[kind]].higher_is_better else value < best
