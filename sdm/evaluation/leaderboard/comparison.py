"""Whether one run is better than another, survey by survey, and the best run of a board."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.splits import VALIDATION
from sdm.data.views import SINGLE_LABEL
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.leaderboard.board import order_by, splits_of
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import Metric, interval
from sdm.evaluation.prediction_scores import each_survey
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import Run


@dataclass(frozen=True)
class Difference:
    """By how much the first run is better on average over `surveys`, with the 95 % interval of the pairs.

    Whole blocks are drawn; `low` and `high` are NaN where all surveys are of one.
    """

    value: float
    low: float
    high: float
    surveys: int

    @property
    def decided(self) -> bool:
        """Whether the interval leaves no doubt which is better on surveys like these."""
        return self.low > 0 or self.high < 0

    def settled(self, seed_spread: float) -> bool:
        """Whether it is `decided`, and larger than what another seed changes (`seed_spread`; NaN: unknown).

        >>> gain = Difference(0.02, 0.01, 0.03, 600)
        >>> gain.settled(0.005), gain.settled(0.02), gain.settled(np.nan)
        (True, False, True)
        """
        return self.decided and not abs(self.value) <= seed_spread


def difference(first: Run, second: Run, dataset: Dataset, split: str, metric: Metric) -> Difference | None:
    """First minus second, turned so that more is better; None when no survey is defined for both.

    Drawing whole pairs takes out what makes a survey hard for both, so that it can decide where two intervals
    overlap. For a rooted metric the difference is that of the squares.
    """
    rows = dataset.rows(split, first.card.scheme)
    rows = rows[dataset.targets.known[rows]]
    labelled = [recall(run, dataset, rows, (split,)) for run in (first, second)]
    one, other = (
        each_survey(each, decoder_of(run.card), metric)
        for run, each in zip((first, second), labelled, strict=True)
    )
    gains = (one - other) if metric.higher_is_better else (other - one)
    known, blocks = np.isfinite(gains), labelled[0].blocks
    if not known.any():
        return None
    low, high = interval(gains[known], blocks[known])
    return Difference(float(gains[known].mean()), low, high, int(known.sum()))


def seed_spread(runs: Sequence[Run], standings: Sequence[RunScores], split: str, metric: str) -> float:
    """The largest range of `metric` on `split` among `standings` that differ from one of `runs` in the seed alone.

    NaN where none of `runs` was trained with several seeds; those of the members of an ensemble do not count.
    """
    widths = []
    for run in runs:
        key = _but_seed(run)
        scores = [one.scores.get(split, {}).get(metric) for one in standings if _but_seed(one.run) == key]
        values = [score.value for score in scores if score is not None]
        if key is not None and len(values) > 1:
            widths.append(max(values) - min(values))
    return max(widths, default=np.nan)


def _but_seed(run: Run) -> str | None:
    """All that makes a run but its seed; None of what was not trained."""
    if run.card.imported is not None or run.card.members:
        return None
    training = replace(run.config.training, seed=0)
    return json.dumps(asdict(replace(run.config, training=training)), sort_keys=True)


@dataclass(frozen=True)
class Verdict:
    """The `best` row of a board on `split`, the hardest one with a score.

    `second` is the next row and `pair` both runs, None where they cannot be compared survey by survey. `gap` is by
    how much the best run was better on validation, None where unknown; `seed_spread` as the function of that name
    has it of the pair.
    """

    split: str
    best: pd.Series
    second: pd.Series | None
    pair: tuple[Run, Run] | None
    gap: float | None
    seed_spread: float = np.nan


def verdict(ranked: pd.DataFrame, standings: Sequence[RunScores], metric: Metric) -> Verdict | None:
    """The verdict of the board `ranked` of `standings` by `metric`; None where there is no score."""
    split = order_by(ranked, splits_of(standings))[0]
    if split == "run":
        return None
    order = ranked.dropna(subset=[split]).sort_values(split, ascending=not metric.higher_is_better, kind="stable")
    best, second, pair, spread = order.iloc[0], None, None, np.nan
    if len(order) > 1 and metric.over == "survey" and metric.reads != "probabilities":
        runs = {one.run.name: one.run for one in standings}
        first, other = runs[best["run"]], runs[order["run"].iloc[1]]
        if first.card.view != SINGLE_LABEL:
            second, pair = order.iloc[1], (first, other)
            spread = seed_spread(pair, standings, split, metric.name)
    return Verdict(split, best, second, pair, _gap(best, split, metric.higher_is_better), spread)


def _gap(row: pd.Series, split: str, higher_is_better: bool) -> float | None:
    if split == VALIDATION or VALIDATION not in row or pd.isna(row[VALIDATION]):
        return None
    gap = float(row[VALIDATION] - row[split])
    return gap if higher_is_better else -gap
