"""Whether one run is really better than another: the same surveys, scored by both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.metrics import Metric, interval
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import Run


@dataclass(frozen=True)
class Difference:
    """By how much the first run is better on average over `surveys`, with a 95 % bootstrap interval of pairs."""

    value: float
    low: float
    high: float
    surveys: int

    @property
    def decided(self) -> bool:
        """Whether the interval leaves no doubt which is better."""
        return self.low > 0 or self.high < 0


def each_survey(run: Run, dataset: Dataset, split: str, metric: Metric) -> np.ndarray:
    """float64 (n,): what `metric`, which must be over surveys, gives each known survey of `split`."""
    card, rows = run.card, dataset.rows(split, run.card.scheme)
    labelled = recall(run, dataset, rows[dataset.targets.known[rows]], (split,))
    if metric.reads == "values":
        return metric.each(labelled.truth.toarray(), labelled.probabilities)
    return metric.each(labelled.truth, decoder_of(card).decode(labelled.probabilities))


def difference(first: Run, second: Run, dataset: Dataset, split: str, metric: Metric) -> Difference | None:
    """First minus second, turned so that more is better; None when no survey is defined for both.

    Drawing whole pairs takes out what makes a survey hard for both, so that it can decide where two intervals
    overlap. For a rooted metric the difference is that of the squares.
    """
    one, other = (each_survey(run, dataset, split, metric) for run in (first, second))
    gains = (one - other) if metric.higher_is_better else (other - one)
    gains = gains[np.isfinite(gains)]
    if not gains.size:
        return None
    low, high = interval(gains)
    return Difference(float(gains.mean()), low, high, int(gains.size))
