"""The answer in a sentence or two: which model is best, by how much, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.splits import VALIDATION
from sdm.errors import SdmError
from sdm.evaluation.leaderboard.comparison import Difference, Verdict
from sdm.evaluation.leaderboard.comparison import difference as paired_difference
from sdm.evaluation.leaderboard.comparison import verdict as verdict_of
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import metric_of
from sdm.figures.scores import SERIES
from sdm.number_format import counted, fixed, signed
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.components.markup import text
from sdm.ui.components.number_table import shortened
from sdm.ui.components.shown_paths import relative_paths


@memo(64)
def difference(data: Dataset, first: Run, second: Run, split: str, metric: str) -> Difference | None:
    """By how much the first run is better than the second on a split.

    SdmError where what one of them has stored is damaged, or no longer there.
    """
    return paired_difference(first, second, data, split, metric_of(metric))


def verdict(data: Dataset, ranked: pd.DataFrame, standings: Sequence[RunScores], name: str) -> str:
    """The answer as markup, by the metric `name` on the hardest split; "" where there is no score."""
    metric = metric_of(name)
    result = verdict_of(ranked, standings, metric)
    if result is None:
        return ""
    score, title = result.best[result.split], SERIES.get(result.split, (result.split,))[0]
    first = f"{_name(result.best, ranked)} is best on “{text(title)}”: {text(metric.title)} <b>{fixed(score)}</b>."
    sentences = (first, _difference(data, result, name, ranked), _gap(result))
    return f"<p class='answer'>{' '.join(filter(None, sentences))}</p>"


def _name(row: pd.Series, ranked: pd.DataFrame) -> str:
    """The model, and its run where the board has several of that name."""
    alike = (ranked["model"].map(shortened) == shortened(row["model"])).sum() > 1
    run = f" ({text(shortened(row['run']))})" if alike else ""
    return f"<b>{text(shortened(row['model']))}</b>{run}"


def _difference(data: Dataset, verdict: Verdict, metric: str, ranked: pd.DataFrame) -> str:
    """How sure it is that the second is worse; or why nobody can say."""
    if verdict.pair is None or verdict.second is None:
        return ""
    second = _name(verdict.second, ranked)
    try:
        interval = difference(data, *verdict.pair, verdict.split, metric)
    except SdmError as error:
        return f"It cannot be compared with {second} survey by survey: {text(relative_paths(str(error)))}."
    if interval is None:
        return ""
    low, high = signed(interval.low), signed(interval.high)
    surveys = counted(interval.surveys, "survey")
    between = f"{low} to {high} on the same {surveys}" if interval.low == interval.low else f"on {surveys}"
    gain, spread = f"{signed(interval.value)} ({between})", verdict.seed_spread
    if interval.settled(spread):
        return f"Ahead of {second} by more than chance: {gain}."
    if interval.decided:
        return f"Not settled against {second}: {gain}, and another seed alone changes up to {fixed(spread)}."
    return f"Not settled against {second}, which is as good as far as these surveys can tell: {gain}."


def _gap(verdict: Verdict) -> str:
    """How far validation was off."""
    if verdict.gap is None:
        return ""
    local = fixed(verdict.best[VALIDATION])
    if verdict.gap <= 0:
        return f"Its local validation, {local}, was not higher."
    return f"Its local validation was too optimistic: {local}."
