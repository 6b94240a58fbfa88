"""Scores of runs on a data set, the differences between them, and the reference scores."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from sdm.data.dataset import Dataset
from sdm.evaluation import leaderboard
from sdm.evaluation.leaderboard import Difference, RunScores, Standings
from sdm.evaluation.metrics import metric_of
from sdm.evaluation.reference_scores import ReferenceScores, reference_scores
from sdm.runs import Run
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo


@memo(8, "Reading the scores …")
def standings(key: str, runs: tuple[Run, ...]) -> Standings:
    """The scores of `runs` on the data set."""
    return leaderboard.standings(runs, dataset(key), partial(_run_scores, key))


@memo(256)
def _run_scores(key: str, run: Run) -> RunScores:
    return leaderboard.run_scores(run, dataset(key))


@memo(64)
def difference(key: str, first: Run, second: Run, split: str, metric: str) -> Difference | None:
    """By how much the first run is better than the second on a split.

    SdmError where what one of them has stored is damaged, or no longer there.
    """
    return leaderboard.difference(first, second, dataset(key), split, metric_of(metric))


@memo(1)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "reference-scores")


@memo(8)
def measuring(key: str, scheme: str) -> Future[dict[str, ReferenceScores]]:
    """The reference scores of every test split, measured in the background: it takes seconds."""
    return _worker().submit(_reference_scores, dataset(key), scheme)


def _reference_scores(data: Dataset, scheme: str) -> dict[str, ReferenceScores]:
    every = {split: reference_scores(data, split, scheme) for split in data.splits(scheme)}
    return {split: one for split, one in every.items() if one is not None}
