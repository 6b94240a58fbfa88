"""What is kept of the scores between reruns: standings, the best reachable, differences; shared, never changed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.evaluation.leaderboard import Difference, RunScores, belongs, difference, run_scores
from sdm.evaluation.metrics import metric_of
from sdm.evaluation.reference_scores import ReferenceScores, reference_scores
from sdm.runs import Run
from sdm.ui import cache
from sdm.ui.components import runs


@dataclass(frozen=True)
class Found:
    """The standings on a data set, why other finished runs are not among them, and which cannot be judged."""

    standings: tuple[RunScores, ...]
    elsewhere: tuple[str, ...]
    broken: tuple[SdmError, ...]


@st.cache_resource(show_spinner="Reading the scores …", ttl=runs.SECONDS, max_entries=8)
def found(key: str) -> Found:
    """All finished runs, as they stand on the data set."""
    data = cache.dataset(key)
    standings, elsewhere, broken = [], [], []
    for run in runs.finished_runs().values():
        try:
            reason = belongs(run, data)
            if reason is None:
                standings.append(_standing(key, runs.stamp(run), run))
            else:
                elsewhere.append(reason)
        except SdmError as problem:
            broken.append(problem)
    return Found(tuple(standings), tuple(elsewhere), tuple(broken))


@st.cache_resource(show_spinner=False, max_entries=256)
def _standing(key: str, of: runs.Stamp, _run: Run) -> RunScores:  # noqa: ARG001  the stamp is part of the key
    return run_scores(_run, cache.dataset(key))


def forget() -> None:
    """Look at the run folders and their scores again."""
    runs.forget()
    found.clear()


def compared(key: str, first: Run, second: Run, split: str, metric: str) -> Difference | None:
    """By how much the first run is better than the second on a split.

    SdmError where what one of them has stored is damaged, or no longer there.
    """
    return _compared(key, (runs.stamp(first), runs.stamp(second)), split, metric, (first, second))


@st.cache_resource(show_spinner=False, max_entries=64)
def _compared(
    key: str, of: tuple[runs.Stamp, ...], split: str, metric: str, _pair: tuple[Run, Run]  # noqa: ARG001
) -> Difference | None:  # fmt: skip
    return difference(*_pair, cache.dataset(key), split, metric_of(metric))


@st.cache_resource(show_spinner=False)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "best-reachable")


@st.cache_resource(show_spinner=False, max_entries=8)
def measuring(key: str, scheme: str) -> Future[dict[str, ReferenceScores]]:
    """The yardstick of every test split, measured beside the page: it takes seconds."""
    return _worker().submit(_yardsticks, cache.dataset(key), scheme)


def _yardsticks(data: Dataset, scheme: str) -> dict[str, ReferenceScores]:
    every = {split: reference_scores(data, split, scheme) for split in data.splits(scheme)}
    return {split: one for split, one in every.items() if one is not None}
