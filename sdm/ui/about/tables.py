"""What is kept of a data set's overview between reruns: one object per process, never changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data import overview
from sdm.data.check import Report, check
from sdm.errors import DataError
from sdm.ui import cache
from sdm.virtual_europe.validate import Verdict, validate

PRESENCE_ONLY, SURVEYS = "presence-only records", "surveys"


@st.cache_resource(show_spinner=False, max_entries=4)
def counts(key: str) -> pd.DataFrame:
    """Surveys, records and classes per source and split."""
    return overview.counts(cache.dataset(key))


@st.cache_resource(show_spinner=False, max_entries=4)
def by_country(key: str) -> pd.DataFrame:
    """Surveys per country and split, presence-only records left out: they tell no country."""
    table = overview.by_country(cache.dataset(key))
    return table[table["split"] != overview.PRESENCE_ONLY].reset_index(drop=True)


@st.cache_resource(show_spinner="Looking into the files …", max_entries=4)
def missing(key: str) -> pd.DataFrame:
    """What is there and what is not."""
    return overview.missing(cache.dataset(key))


@st.cache_resource(show_spinner=False, max_entries=4)
def kinds(key: str) -> tuple[str, ...]:
    """What the effort can be mapped of."""
    alone = overview.split_of(cache.dataset(key)) == overview.PRESENCE_ONLY
    return tuple(name for name, there in ((SURVEYS, (~alone).any()), (PRESENCE_ONLY, alone.any())) if there)


@st.cache_resource(show_spinner=False, max_entries=8)
def effort(key: str, kind: str) -> np.ndarray:
    """Surveys, or presence-only records, per cell."""
    data = cache.dataset(key)
    alone = overview.split_of(data) == overview.PRESENCE_ONLY
    return overview.effort(data, np.flatnonzero(alone if kind == PRESENCE_ONLY else ~alone))


@st.cache_resource(show_spinner=False, max_entries=4)
def frequency(key: str) -> pd.DataFrame:
    """How often each class was recorded."""
    return overview.frequency(cache.dataset(key))


@st.cache_resource(show_spinner=False, max_entries=4)
def distances(key: str) -> pd.DataFrame:
    """How far surveys lie from training."""
    return overview.distance_to_training(cache.dataset(key))


@st.cache_resource(show_spinner="Comparing the simulation with the real figures …", max_entries=4)
def verdicts(key: str) -> list[Verdict]:
    """How the simulation compares with what is known of the real data; DataError where it cannot be judged."""
    place = cache.dataset(key).place
    if place is None:
        raise DataError("no tree to judge", where=key, remedy="Judge what `python -m sdm demo` wrote.")
    return validate(place)


@st.cache_resource(show_spinner="Reading a sample of the files …", max_entries=4)
def report(key: str) -> Report | None:
    """What is there, missing and wrong; None for data without a place on disk."""
    place = cache.dataset(key).place
    return None if place is None else check(place)
