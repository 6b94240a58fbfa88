"""The one mechanism by which results are held between reruns."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.caching.cache_utils import CachedFunc

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.data.survey_filter import SurveyFilter
from sdm.evaluation.decoding import Decoder
from sdm.files import modified
from sdm.maps.script import Script
from sdm.runs import Run
from sdm.runs.folder import CARD
from sdm.runs.kaggle_scores import KAGGLE
from sdm.training_logs.catalogue import Log

Stamp = tuple[str | int | None, ...]
P = ParamSpec("P")
R = TypeVar("R")


def memo(
    most: int | None, spinner: str | bool = False, *, seconds: float | None = None
) -> Callable[[Callable[P, R]], CachedFunc[P, R]]:
    """Hold the results of a function for all sessions of the process, the `most` recent; two callers with the same
    arguments compute once.

    Results are shared and must never be changed. Arguments are compared by value, or by what `HASHES` makes of
    them: of runs and logs the state of their files, so that nothing computed of an older one is returned.
    `spinner` is shown while computing. After `seconds` a result is computed anew.
    """
    return st.cache_resource(show_spinner=spinner, max_entries=most, ttl=seconds, hash_funcs=HASHES)


def run_stamp(run: Run) -> Stamp:
    """What tells one state of a run from the next: other weights, decoder, thresholds, or scores recorded.

    What `run` has in memory may be older than its files: both count.
    """
    card = run.card
    written = (modified(run.path / name) for name in (CARD, KAGGLE))
    return str(run.path), card.digest, card.decoder, hash(card.thresholds), *written


def _function(function: FunctionType) -> tuple[Any, ...]:
    """A function by its code and what it closes over; one of another module is another code."""
    inside = tuple(cell.cell_contents for cell in function.__closure__ or ())
    return marshal.dumps(function.__code__), function.__defaults__, function.__kwdefaults__, inside


def _table(table: pd.DataFrame) -> tuple[Any, ...]:
    """A table by all of its rows: Streamlit looks at a sample of a long one."""
    columns = [str(name) for name in table.columns]
    return columns, [str(kind) for kind in table.dtypes], pd.util.hash_pandas_object(table).to_numpy().tobytes()


def _array(array: np.ndarray) -> tuple[Any, ...]:
    """An array by all of its values."""
    return array.shape, array.dtype.str, np.ascontiguousarray(array).tobytes()


HASHES: dict[str | type[Any], Callable[[Any], Any]] = {
    Dataset: lambda data: (data.identity, data.targets.hierarchy),
    Dossier: lambda survey: (survey.data, survey.source, survey.survey_id, survey.lon, survey.lat, survey.year),
    Run: run_stamp,
    Decoder: str,
    Log: lambda log: (log.name, log.folder, log.stamps()),
    SurveyFilter: repr,
    Script: lambda script: (script.script, script.values),
    FunctionType: _function,
    pd.DataFrame: _table,
    np.ndarray: _array,
}
"""Type -> the value that stands for an argument of it."""
