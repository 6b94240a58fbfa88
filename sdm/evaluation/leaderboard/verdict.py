"""The answer of a board: the best run on the hardest split, its closest rival, and how far validation was off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sdm.data.splits import VALIDATION
from sdm.evaluation.leaderboard.board import order_by, splits_of
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import Metric
from sdm.runs import Run


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
        if not first.card.view:
            second, pair = order.iloc[1], (first, other)
    return Verdict(split, best, second, pair, _gap(best, split, metric.higher_is_better))


def _gap(row: pd.Series, split: str, higher_is_better: bool) -> float | None:
    if split == VALIDATION or VALIDATION not in row or pd.isna(row[VALIDATION]):
        return None
    gap = float(row[VALIDATION] - row[split])
    return gap if higher_is_better else -gap
