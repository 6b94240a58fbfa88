"""How one run stands on one data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.evaluation.evaluate import score_as
from sdm.evaluation.labelled_predictions import recall
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
            scores[split] = score_as(card, recall(run, dataset, rows, (split,)), dataset)
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
