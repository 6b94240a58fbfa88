"""The board as a table: a row per run, a column per split, and how dear the model is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.evaluation.reference_scores import METRIC, ReferenceScores
from sdm.runs.records import Scores

# The order in which splits are read; the later, the harder, and the more a score on it is worth.
SPLITS = ("validation", "test_near", "test", "test_far")
Yardsticks = Mapping[str, ReferenceScores]


def splits_of(standings: Sequence[RunScores]) -> list[str]:
    """The splits that any run has scores on, the hardest last."""
    return in_order({split for one in standings for split in one.scores})


def in_order(splits: Iterable[str]) -> list[str]:
    """`splits`, the hardest last.

    >>> in_order(["test_far", "validation", "elsewhere", "test_near"])
    ['elsewhere', 'validation', 'test_near', 'test_far']
    """
    return sorted(splits, key=lambda split: (SPLITS.index(split) if split in SPLITS else -1, split))


def measures(standings: Sequence[RunScores], kind: TargetKind) -> list[str]:
    """The metrics that any run of `kind` has, the headline first."""
    found = {name for one in standings for scores in one.scores.values() for name in scores}
    names = [name for name, metric in METRICS.items() if name in found and kind in metric.kinds]
    return sorted(names, key=lambda name: name != HEADLINE[kind])


def board(standings: Sequence[RunScores], metric: str, yardsticks: Yardsticks) -> pd.DataFrame:
    """One row per run, the best on the hardest split first.

    Columns: rank, model, run, inputs; per split its score, `… low` and `… high` of the 95 % interval where there
    is one; where a yardstick measures it, `… share` of the best reachable and `… skill`; public and private of
    Kaggle; parameters, milliseconds and seconds; decoder, imported. NaN where unknown.
    """
    splits = splits_of(standings)
    rows = [_row(one, splits, metric, yardsticks) for one in standings]
    table = pd.DataFrame(rows, columns=_columns(splits, metric, yardsticks))
    table = table.sort_values(
        order_by(table, splits), ascending=not METRICS[metric].higher_is_better, kind="stable", na_position="last"
    )
    table["rank"] = range(1, len(table) + 1)
    return table.reset_index(drop=True)


def order_by(table: pd.DataFrame, splits: Sequence[str]) -> list[str]:
    """The columns a board is ordered by: the hardest split any run has a score on, then the easier ones."""
    return [split for split in reversed(splits) if table[split].notna().any()] or ["run"]


def _columns(splits: Sequence[str], metric: str, yardsticks: Yardsticks) -> list[str]:
    each = [name for split in splits for name in (split, f"{split} low", f"{split} high")]
    beside = [f"{s} {what}" for s in splits if s in yardsticks and metric == METRIC for what in ("share", "skill")]
    costs = ["parameters", "milliseconds", "seconds", "decoder", "imported"]
    return ["rank", "model", "run", "inputs", *each, *beside, "public", "private", *costs]


def _row(one: RunScores, splits: Sequence[str], metric: str, yardsticks: Yardsticks) -> dict[str, object]:
    card, kaggle, shown = one.run.card, one.kaggle, metric == METRIC
    made_here = card.imported is None
    row: dict[str, object] = {
        "model": card.title,
        "run": one.run.name,
        "inputs": ", ".join(card.inputs),
        "public": np.nan if kaggle is None or not shown or kaggle.public is None else kaggle.public,
        "private": np.nan if kaggle is None or not shown or kaggle.private is None else kaggle.private,
        "parameters": np.nan if card.parameters is None else card.parameters,
        "milliseconds": card.milliseconds if made_here else np.nan,
        "seconds": card.seconds if made_here else np.nan,
        "decoder": card.decoder or "",
        "imported": not made_here,
    }
    for split in splits:
        row |= _split(one.scores.get(split, {}), split, metric, yardsticks.get(split) if shown else None)
    return row


def _split(scores: Scores, split: str, metric: str, reference_scores: ReferenceScores | None) -> dict[str, float]:
    score = scores.get(metric)
    if score is None:
        return {}
    row = {split: score.value}
    if score.low is not None and score.high is not None:
        row |= {f"{split} low": score.low, f"{split} high": score.high}
    if reference_scores is not None:
        row |= {
            f"{split} share": reference_scores.share(score.value),
            f"{split} skill": reference_scores.skill(score.value),
        }
    return row
