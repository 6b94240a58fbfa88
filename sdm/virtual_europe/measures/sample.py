"""What the measures of the plants share: training plots with their records, and ranges as statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdm.analysis.simulation_check import Statement
from sdm.virtual_europe.occurrence import occurrence, record
from sdm.virtual_europe.sampling import Surveys, draw

PLOTS = 4_000
OURS = "our target"


@dataclass(frozen=True)
class Sample:
    """Training surveys, their chances of occurrence (N, S) and records (N, S) bool, of the named species."""

    surveys: Surveys
    chance: np.ndarray
    present: np.ndarray


@lru_cache(maxsize=1)
def sample(seed: int, plots: int = PLOTS) -> Sample:
    """The first `plots` training surveys of a world."""
    surveys = draw("train", np.arange(plots), seed)
    chance = occurrence(surveys.places, area=surveys.visits.area)
    return Sample(surveys, chance, record(surveys.places, surveys.visits, chance))


def sorensen(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(N,) Sørensen similarity of pairs of records (N, S) bool.

    >>> sorensen(np.array([[True, True, False]]), np.array([[True, False, False]])).round(3).tolist()
    [0.667]
    """
    shared = (first & second).sum(axis=1)
    return np.asarray(2 * shared / np.maximum(first.sum(axis=1) + second.sum(axis=1), 1))


def between(statement: str, unit: str, measured: float, low: float, high: float, source: str = OURS) -> Statement:
    """A statement that holds where `measured` lies from `low` to `high`."""
    return Statement("", statement, unit, measured, (low + high) / 2, (high - low) / 2, source)
