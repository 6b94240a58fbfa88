"""Whether one run is better than another, survey by survey, and the best run of a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.splits import VALIDATION
from sdm.data.views import SINGLE_LABEL
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.leaderboard.board import order_by, splits_of
from sdm.evaluation.leaderboard.run_scores import RunScores
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


@dataclass(frozen=True)
class Verdict:
    """The `best` row of a board on `split`, the hardest one with a score.

    `second` is the next row and `pair` both runs, None where they cannot be compared survey by survey. `gap` is by
    how much the best run was better on validation, None where unknown.
    """

    split: str
    best: pd.Series
    second: pd.Series | None
    pair: tuple[Run, Run] | None
    gap: float | None


def verdict(ranked: pd.DataFrame, standings: Sequence[RunScores], metric: Metric) -> Verdict | None:
    """The verdict of the board `ranked` of `standings` by `metric`; None where there is no score."""
    split = order_by(ranked, splits_of(standings))[0]
    if split == "run":
        return None
    order = ranked.dropna(subset=[split]).sort_values(split, ascending=not metric.higher_is_better, kind="stable")
    best, second, pair = order.iloc[0], None, None
    if len(order) > 1 and metric.over == "survey" and metric.reads != "probabilities":
        runs = {one.run.name: one.run for one in standings}
        first, other = runs[best["run"]], runs[order["run"].iloc[1]]
        if first.card.view != SINGLE_LABEL:
            second, pair = order.iloc[1], (first, other)
    return Verdict(split, best, second, pair, _gap(best, split, metric.higher_is_better))


def _gap(row: pd.Series, split: str, higher_is_better: bool) -> float | None:
    if split == VALIDATION or VALIDATION not in row or pd.isna(row[VALIDATION]):
        return None
    gap = float(row[VALIDATION] - row[split])
    return gap if higher_is_better else -gap
