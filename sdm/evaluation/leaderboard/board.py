"""The board as a table: a row per run, a column per split, and how dear the model is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.data.schemes import RANDOM, scheme_title
from sdm.data.views import view_title
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.evaluation.reference_scores import METRIC, ReferenceScores
from sdm.runs import Run
from sdm.runs.records import Scores

# The order in which splits are read; the later, the harder, and the more a score on it is worth.
SPLITS = ("validation", "test_near", "test", "test_far")
References = Mapping[str, ReferenceScores]
KINDS = {
    TargetKind.MULTILABEL: "sets of species",
    TargetKind.MULTICLASS: "one class",
    TargetKind.REGRESSION: "a value",
}


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
    """The metrics that any run of `kind` has and more or less of which is better, the headline first."""
    measured = {name for one in standings for scores in one.scores.values() for name in scores}
    names = [
        name for name, metric in METRICS.items()
        if name in measured and kind in metric.kinds and metric.right is None
    ]  # fmt: skip
    return sorted(names, key=lambda name: name != HEADLINE[kind])


def board(standings: Sequence[RunScores], metric: str, references: References) -> pd.DataFrame:
    """One row per run, the best on the hardest split first.

    Columns: rank, model, run, inputs; per split its score, `… low` and `… high` of the 95 % interval where there
    is one; where a reference score is known, `… share` of the best reachable and `… skill`; public and private of
    Kaggle; parameters, milliseconds and seconds; decoder, imported. NaN where unknown.
    """
    splits = splits_of(standings)
    rows = [_row(one, splits, metric, references) for one in standings]
    table = pd.DataFrame(rows, columns=_columns(splits, metric, references))
    table = table.sort_values(
        order_by(table, splits), ascending=not METRICS[metric].higher_is_better, kind="stable", na_position="last"
    )
    table["rank"] = range(1, len(table) + 1)
    return table.reset_index(drop=True)


def order_by(table: pd.DataFrame, splits: Sequence[str]) -> list[str]:
    """The columns a board is ordered by: the hardest split any run has a score on, then the easier ones."""
    return [split for split in reversed(splits) if table[split].notna().any()] or ["run"]


def orders(table: pd.DataFrame, splits: Sequence[str]) -> list[str]:
    """The scores a board can be ordered by, the hardest split first, those of Kaggle last."""
    return [*order_by(table, splits), *(name for name in ("private", "public") if table[name].notna().any())]


def reordered(table: pd.DataFrame, column: str, *, rising: bool) -> pd.DataFrame:
    """The board by `column`, with new ranks; what is unknown comes last."""
    ordered = table.sort_values(column, ascending=rising, kind="stable", na_position="last", ignore_index=True)
    return ordered.assign(rank=range(1, len(ordered) + 1))


def by_headline(standings: Sequence[RunScores]) -> list[RunScores]:
    """`standings` of one question by the headline measure, as a board orders them."""
    of = {one.run.name: one for one in standings}
    return [of[name] for name in board(standings, HEADLINE[standings[0].run.card.kind], {})["run"]]


def question_of(run: Run) -> tuple[str, str]:
    """Key and title of what a run predicts and how its surveys were split: scores of others are never mixed in."""
    card = run.card
    predicted = view_title(card.view) if card.view else KINDS[card.kind]
    parted = "at random" if card.scheme == RANDOM else scheme_title(card.scheme)
    return f"{card.view or card.kind}-{card.scheme}", f"{predicted}, split {parted}"


def _columns(splits: Sequence[str], metric: str, references: References) -> list[str]:
    each = [name for split in splits for name in (split, f"{split} low", f"{split} high")]
    beside = [f"{s} {what}" for s in splits if s in references and metric == METRIC for what in ("share", "skill")]
    costs = ["parameters", "milliseconds", "seconds", "decoder", "imported"]
    return ["rank", "model", "run", "inputs", *each, *beside, "public", "private", *costs]


def _row(one: RunScores, splits: Sequence[str], metric: str, references: References) -> dict[str, object]:
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
        row |= _split(one.scores.get(split, {}), split, metric, references.get(split) if shown else None)
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
