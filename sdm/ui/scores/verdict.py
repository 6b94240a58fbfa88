"""The answer in a sentence or two: which model is best, by how much, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sdm.errors import SdmError
from sdm.evaluation.leaderboard import RunScores, order_by
from sdm.evaluation.leaderboard.board import splits_of
from sdm.evaluation.metrics import metric_of
from sdm.figures.scores import SERIES
from sdm.runs import Run
from sdm.ui.cache import leaderboard
from sdm.ui.components.markup import text
from sdm.ui.components.number_table import shortened

LOCAL = "validation"


def verdict(key: str, ranked: pd.DataFrame, standings: Sequence[RunScores], name: str) -> str:
    """The answer as markup, by the metric `name` on the hardest split; "" where there is no score."""
    metric, split = metric_of(name), order_by(ranked, splits_of(standings))[0]
    if split == "run":
        return ""
    best = ranked.dropna(subset=[split]).sort_values(split, ascending=not metric.higher_is_better, kind="stable")
    first, title = best.iloc[0], SERIES.get(split, (split,))[0]
    said = [f"{_name(first)} is best on “{text(title)}”: {text(metric.title)} <b>{first[split]:.3f}</b>."]
    if len(best) > 1 and metric.over == "survey" and metric.reads != "probabilities":
        runs = {one.run.name: one.run for one in standings}
        pair = runs[first["run"]], runs[best["run"].iloc[1]]
        if not pair[0].card.view:
            said.append(_compared(key, pair, split, name, best.iloc[1]))
    if split != LOCAL and LOCAL in ranked and pd.notna(first[LOCAL]):
        said.append(_promise(first[LOCAL], first[split], metric.higher_is_better))
    return f"<p class='answer'>{' '.join(filter(None, said))}</p>"


def _name(row: pd.Series) -> str:
    return f"<b>{text(shortened(row['model']))}</b>"


def _compared(key: str, pair: tuple[Run, Run], split: str, name: str, row: pd.Series) -> str:
    """How sure it is that the second of the `pair`, in `row`, is worse; or why nobody can say."""
    try:
        found = leaderboard.difference(key, *pair, split, name)
    except SdmError as error:
        return f"It cannot be compared with {_name(row)} survey by survey: {text(error)}."
    if found is None:
        return ""
    between = f"{found.low:+.3f} to {found.high:+.3f} on the same {found.surveys:,} surveys".replace("-", "−")
    if found.decided:
        return f"Ahead of {_name(row)} by more than chance: {found.value:+.3f} ({between})."
    return f"{_name(row)} is as good as far as these surveys can tell: {found.value:+.3f} ({between})."


def _promise(local: float, hidden: float, higher_is_better: bool) -> str:
    """How far validation was off."""
    gap = local - hidden if higher_is_better else hidden - local
    if gap <= 0:
        return f"Its local validation, {local:.3f}, had not promised more."
    return f"Its local validation had promised {local:.3f}."
