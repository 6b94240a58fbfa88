"""What a run stores of scores and of a calibration: plain records, computed and used by `sdm.evaluation`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sdm.errors import RunError

TEMPERATURES = (1 / 20, 20.0)  # least and greatest of a calibration


@dataclass(frozen=True)
class Score:
    """A metric's value, the number of items (surveys or classes) it is the mean of, and how many were undefined.

    `value` is NaN when no item is defined. `low` and `high` bound the block-bootstrap interval, None without one.
    """

    value: float
    defined: int
    undefined: int
    low: float | None = None
    high: float | None = None


Scores = dict[str, Score]
"""Metric name -> score."""


@dataclass(frozen=True)
class StoredScore:
    """A `Score` in JSON: an undefined value is null."""

    value: float | None
    defined: int
    undefined: int
    low: float | None = None
    high: float | None = None

    @property
    def score(self) -> Score:
        """The score, its value NaN for null."""
        value = math.nan if self.value is None else self.value
        return Score(value, self.defined, self.undefined, self.low, self.high)

    @staticmethod
    def of(score: Score) -> StoredScore:
        """The record of `score`."""
        value = score.value if math.isfinite(score.value) else None
        return StoredScore(value, score.defined, score.undefined, score.low, score.high)


def stored_scores(scores: Mapping[str, Mapping[str, Score]]) -> dict[str, dict[str, StoredScore]]:
    """split -> metric -> score, as JSON can hold it; splits without scores are left out."""
    return {
        split: {name: StoredScore.of(score) for name, score in of_split.items()}
        for split, of_split in scores.items() if of_split
    }  # fmt: skip


@dataclass(frozen=True)
class ClassScores:
    """float64 (S,) each: area under the ROC curve (NaN without a presence or an absence), average precision and
    the threshold of best F1 (both NaN without a presence)."""

    auc: np.ndarray
    average_precision: np.ndarray
    threshold: np.ndarray


@dataclass(frozen=True)
class Calibration:
    """A strictly rising map from a model's to calibrated probabilities; `sdm.evaluation.calibration` applies it.

    `temperature` divides the logit (Guo et al. 2017, "On calibration of modern neural networks"); `isotonic` joins
    the points (`given`, `true`) by straight lines. RunError for numbers that do not rise.
    """

    method: Literal["temperature", "isotonic"]
    temperature: float = 1.0
    given: tuple[float, ...] = ()
    true: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        least, greatest = TEMPERATURES
        if not least <= self.temperature <= greatest:
            raise RunError("no temperature", expected=f"{least} to {greatest}", got=self.temperature)
        rises = all((np.diff(values) > 0).all() for values in (self.given, self.true))
        ends = {values[i] for values in (self.given, self.true) if values for i in (0, -1)}
        if len(self.given) != len(self.true) or not rises or not ends <= {0.0, 1.0}:
            raise RunError("the calibration does not rise from 0 to 1", got=f"{len(self.given)} points")
        if (self.method == "isotonic") != bool(self.given):
            raise RunError(f"a {self.method} calibration has other numbers", got=f"{len(self.given)} points")
