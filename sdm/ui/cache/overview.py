"""A data set in numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data import overview
from sdm.data.check import Report, check
from sdm.errors import DataError
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo
from sdm.virtual_europe.validate import validate

PRESENCE_ONLY, SURVEYS = "presence-only", "surveys"
EFFORT_KINDS = {SURVEYS: "surveys", PRESENCE_ONLY: "presence-only records"}


@memo(4)
def counts(key: str) -> pd.DataFrame:
    """Surveys, records and classes per source and split."""
    return overview.counts(dataset(key))


@memo(4)
def by_country(key: str) -> pd.DataFrame:
    """Surveys per country and split, presence-only records left out: they tell no country."""
    table = overview.by_country(dataset(key))
    return table[table["split"] != overview.PRESENCE_ONLY].reset_index(drop=True)


@memo(4, "Looking into the files …")
def missing(key: str) -> pd.DataFrame:
    """What is there and what is not."""
    return overview.missing(dataset(key))


@memo(4)
def kinds(key: str) -> tuple[str, ...]:
    """What the effort can be mapped of."""
    alone = overview.split_of(dataset(key)) == overview.PRESENCE_ONLY
    return tuple(name for name, there in ((SURVEYS, (~alone).any()), (PRESENCE_ONLY, alone.any())) if there)


@memo(8)
def effort(key: str, kind: str) -> pd.DataFrame:
    """Surveys, or presence-only records, per cell."""
    data = dataset(key)
    alone = overview.split_of(data) == overview.PRESENCE_ONLY
    return overview.effort(data, np.flatnonzero(alone if kind == PRESENCE_ONLY else ~alone))


@memo(4)
def frequency(key: str) -> pd.DataFrame:
    """How often each class was recorded."""
    return overview.frequency(dataset(key))


@memo(4)
def distances(key: str) -> pd.DataFrame:
    """How far surveys lie from training."""
    return overview.distance_to_training(dataset(key))


@memo(4, "Comparing the simulation with the real figures …")
def verdicts(key: str) -> pd.DataFrame:
    """How the simulation compares with what is known of the real data; DataError where it cannot be judged."""
    place = dataset(key).place
    if place is None:
        raise DataError("no tree to judge", where=key, remedy="Judge what `python -m sdm demo` wrote.")
    return validate(place)


@memo(4, "Reading a sample of the files …")
def report(key: str) -> Report | None:
    """What is there, missing and wrong; None for data without a place on disk."""
    place = dataset(key).place
    return None if place is None else check(place)
