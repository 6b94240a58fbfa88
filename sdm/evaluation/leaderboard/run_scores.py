"""The runs that fit a data set, and their scores on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.errors import SdmError
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.evaluation.run_evaluation import score_as
from sdm.runs import Run, mismatch
from sdm.runs.kaggle_scores import KaggleScore, recorded_score
from sdm.runs.records import Scores


@dataclass(frozen=True)
class RunScores:
    """A run with its scores by split and metric, and what Kaggle said of it."""

    run: Run
    scores: Mapping[str, Scores]
    kaggle: KaggleScore | None


def belongs(run: Run, dataset: Dataset) -> str | None:
    """None when the scores of `run` are of the very surveys of `dataset`; else a sentence that says why not."""
    reason = mismatch(run, dataset)
    if reason is None and run.card.data.fingerprint != dataset.fingerprint:
        return f"{run.name} was measured on {run.card.data.title}, whose surveys or labels are others."
    return reason


def run_scores(run: Run, dataset: Dataset) -> RunScores:
    """The scores on the card; where `dataset` knows more than the training did, those of the stored predictions.

    RunError when a stored file is damaged.
    """
    card, known = run.card, dataset.targets.known
    scores = dict(card.scores)
    for split in run.splits():
        rows = dataset.rows(split, card.scheme)
        if split not in scores and known[rows].any():
            labelled = recall(run, dataset, rows, (split,), calibrated=False)
            scores[split] = score_as(card, labelled, dataset, split)[0]
    return RunScores(run, scores, recorded_score(run))


@dataclass(frozen=True)
class Standings:
    """Runs with their scores on a data set, why others have none there, and what is wrong with unreadable ones."""

    scores: tuple[RunScores, ...]
    elsewhere: tuple[str, ...]
    broken: tuple[SdmError, ...]


def standings(runs: Iterable[Run], dataset: Dataset, scores_of: Callable[[Run], RunScores]) -> Standings:
    """All `runs` as they stand on `dataset`; `scores_of` is `run_scores` on it."""
    scores, elsewhere, broken = [], [], []
    for run in runs:
        try:
            reason = belongs(run, dataset)
            if reason is None:
                scores.append(scores_of(run))
            else:
                elsewhere.append(reason)
        except SdmError as problem:
            broken.append(problem)
    return Standings(tuple(scores), tuple(elsewhere), tuple(broken))


def fitting(known: Mapping[str, Run], dataset: Dataset) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs of `known` that answer the question of `dataset`, best on validation first; for the others why they do
    not."""
    reasons = {name: mismatch(run, dataset) for name, run in known.items()}
    able = sorted((run for name, run in known.items() if reasons[name] is None), key=_order)
    return {run.name: run for run in able}, {name: reason for name, reason in reasons.items() if reason}


def independent(able: Mapping[str, Run], count: int) -> list[str]:
    """Return the names of the first `count` runs of `able` none of which is, or shares, a member of another."""
    chosen: dict[str, set[str]] = {}
    for name, run in able.items():
        parts = {run.name, *(member.run for member in run.card.members)}
        if len(chosen) < count and all(parts.isdisjoint(others) for others in chosen.values()):
            chosen[name] = parts
    return list(chosen)


def validation_score(run: Run, metric: str = "") -> float:
    """The score of `run` on its validation surveys by `metric`, the headline if "", turned so that more is better;
    -inf where there is none."""
    name = metric or HEADLINE[run.card.kind]
    score = run.card.scores.get(VALIDATION, {}).get(name)
    if score is None or not np.isfinite(score.value):
        return -np.inf
    return score.value if METRICS[name].higher_is_better else -score.value


def same_question(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Those of `runs` that answer what the first one answers, and the others.

    Runs that fit no data at hand may answer quite different questions: species, habitats, a height.
    """
    alike = [run for run in runs if _question(run) == _question(runs[0])]
    return alike, [run for run in runs if run not in alike]


def _question(run: Run) -> tuple[TargetKind, tuple[int, ...], str]:
    return run.card.kind, run.card.class_ids, run.card.unit


def _order(run: Run) -> tuple[bool, bool, float]:
    """Ascending: runs that can predict anything, and see the data as they are, before views and imports."""
    return not run.card.predicts, bool(run.card.view), -validation_score(run)
