"""Reference scores of a simulated data set, measured beside the page: baseline, best reachable and oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pandas as pd
import streamlit as st

from sdm.data import catalogue
from sdm.data.dataset import Dataset
from sdm.data.splits import short_split
from sdm.errors import SdmError
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.reference_scores import ORACLE, ReferenceScores, leak, reference_scores
from sdm.figures.markdown import literal
from sdm.number_format import fixed, number
from sdm.ui.cache.memo import memo
from sdm.ui.components.markup import fine
from sdm.ui.components.number_table import number_table
from sdm.ui.components.shown_paths import relative_paths

FOLDER = "reference-scores"  # under data/
BASELINE = "frequencies of the country: skill 0"
BEST = "the most that all inputs could tell: skill 1, share 100 %"


@memo(1)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "reference-scores")


@memo(8)
def _measuring(data: Dataset, scheme: str) -> Future[dict[str, ReferenceScores]]:
    """The reference scores of every split that has them, measured in the background: at first it takes seconds."""
    return _worker().submit(_measure, data, scheme)


def _measure(data: Dataset, scheme: str) -> dict[str, ReferenceScores]:
    store = catalogue.HOME / FOLDER
    every = {split: reference_scores(data, split, scheme, store) for split in in_order(data.splits(scheme))}
    return {split: one for split, one in every.items() if one is not None}


def measured(data: Dataset, scheme: str) -> dict[str, ReferenceScores]:
    """Split -> what is measured by now."""
    future = _measuring(data, scheme) if data.simulated else None
    if future is None or not future.done():
        return {}
    try:
        return future.result()
    except SdmError as problem:
        st.warning(f"The best reachable score cannot be measured: {literal(relative_paths(problem.what))}.")
        return {}


def waiting(data: Dataset, standings: Sequence[RunScores]) -> bool:
    """Whether something is still being measured beside the page."""
    schemes = {one.run.card.scheme for one in standings if one.run.config.data.simulated}
    return any(not _measuring(data, scheme).done() for scheme in schemes)


def show(known: Mapping[str, ReferenceScores], ranked: pd.DataFrame, scheme: str) -> None:
    """What scores are measured against, and what it means where one is above the best reachable."""
    every = known.values()
    rows = [
        [f"Country baseline\n{BASELINE}", *(fixed(one.baseline) for one in every)],
        [f"Best reachable\n{BEST}", *(_with_error(one.best, one.best_error) for one in every)],
        [f"Oracle\n{ORACLE}", *(_with_error(one.oracle, one.oracle_error) for one in every)],
    ]
    st.html(number_table("Reference scores", (), ["Measured against", *map(short_split, known)], rows))
    values = ((split, ranked[split].max()) for split in known if split in ranked)
    for sentence in dict.fromkeys(leak(known[split], value, split, scheme) for split, value in values):
        st.html(fine(sentence))


def _with_error(value: float, error: float) -> str:
    return f"{fixed(value)}\n± {number(error, 1)}"
