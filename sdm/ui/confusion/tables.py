"""What is kept of a comparison between reruns: outcomes, tables and pairs, shared and never changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.errors import UnknownNameError
from sdm.evaluation.comparison import Comparison, compare_classes, compare_sets, compare_values
from sdm.evaluation.confusion import levels
from sdm.evaluation.confusion.multiclass import class_outcomes, per_survey
from sdm.evaluation.confusion.outcomes import Outcomes, outcomes
from sdm.evaluation.confusion.pairs import given_instead
from sdm.evaluation.confusion.regression import residuals
from sdm.evaluation.confusion.species import per_species, scores
from sdm.evaluation.confusion.surveys import per_set
from sdm.evaluation.run_decoding import decoder_of, stored_predictions
from sdm.runs import Predictions
from sdm.ui import cache
from sdm.ui.components.runs import Stamp, finished_runs

CLASS = "class"  # the level of the classes themselves
LONGEST = 60  # characters of a name in a box


@dataclass(frozen=True)
class ConfusionQuery:
    """Which stored predictions are compared with the records of which data set, and how they are read.

    `stamp` tells one state of the run from the next; `decoder` is "" but for sets of species; `level` is CLASS
    or a column of the table of classes.
    """

    key: str
    run: str
    stamp: Stamp
    split: str
    decoder: str = ""
    level: str = CLASS

    def at_classes(self) -> ConfusionQuery:
        """The same question of the classes themselves."""
        return ConfusionQuery(self.key, self.run, self.stamp, self.split, self.decoder)


@st.cache_resource(show_spinner=False, max_entries=4)
def _predictions(name: str, stamp: Stamp, split: str) -> Predictions:  # noqa: ARG001  the stamp is part of the key
    known = finished_runs()
    if name not in known:
        raise UnknownNameError("unknown run", expected=", ".join(known), got=name)
    return stored_predictions(known[name], split)


@st.cache_resource(show_spinner="Comparing …", max_entries=8)
def _comparison(key: str, run: str, stamp: Stamp, split: str, decoder: str) -> Comparison:
    data, stored = cache.dataset(key), _predictions(run, stamp, split)
    card = finished_runs()[run].card
    if card.kind is TargetKind.MULTILABEL:
        return compare_sets(data, stored, decoder_of(card, decoder))
    return (compare_classes if card.kind is TargetKind.MULTICLASS else compare_values)(data, stored)


def comparison(asked: ConfusionQuery) -> Comparison:
    """Recorded and predicted, item by item; it is the same at every level."""
    return _comparison(asked.key, asked.run, asked.stamp, asked.split, asked.decoder)


@st.cache_resource(show_spinner=False, max_entries=8)
def level(key: str, column: str) -> levels.Level | None:
    """The roll-up to `column`; None for the classes themselves."""
    return None if column == CLASS else levels.level(cache.dataset(key).targets.classes, column)


@st.cache_resource(show_spinner=False, max_entries=16)
def judged(asked: ConfusionQuery) -> Outcomes:
    """Outcomes of the classes or groups."""
    found, to = comparison(asked), level(asked.key, asked.level)
    if isinstance(found.truth, np.ndarray):
        assert isinstance(found.predicted, np.ndarray)
        count = len(cache.dataset(asked.key).targets.classes)
        return class_outcomes(found.truth, found.predicted, count, to)
    assert not isinstance(found.predicted, np.ndarray)
    if to is None:
        return outcomes(found.truth, found.predicted)
    return levels.outcomes_at(found.truth, found.predicted, to)


def classes(asked: ConfusionQuery) -> pd.DataFrame:
    """One row per column of `judged`."""
    to = level(asked.key, asked.level)
    return cache.dataset(asked.key).targets.classes if to is None else to.groups


@st.cache_resource(show_spinner=False, max_entries=16)
def species(asked: ConfusionQuery) -> pd.DataFrame:
    """Counts and ratios of every class that was recorded or given anywhere."""
    table = per_species(judged(asked), classes(asked))
    return table[(table["support"] > 0) | (table["predicted"] > 0)].reset_index(drop=True)


@st.cache_resource(show_spinner=False, max_entries=16)
def pairs(asked: ConfusionQuery, support: int) -> pd.DataFrame:
    """Which class is given instead of which."""
    return given_instead(judged(asked), classes(asked), support)


@st.cache_resource(show_spinner=False, max_entries=16)
def labels(asked: ConfusionQuery) -> dict[str, int]:
    """Short name -> column, of the classes in `species`; those that share a name carry their id."""
    table = species(asked)
    short = table["name"].astype(str).str.slice(0, LONGEST)
    short = short.where(~short.duplicated(keep=False), short + " · " + table["class_id"].astype(str))
    return dict(zip(short.tolist(), table["column"].tolist(), strict=True))


@st.cache_resource(show_spinner=False, max_entries=16)
def sets(asked: ConfusionQuery) -> pd.DataFrame:
    """Every survey's set of species: recorded, given, hits, f1."""
    found = judged(asked)
    return per_set(found, np.arange(found.surveys))


@st.cache_resource(show_spinner=False, max_entries=16)
def singles(asked: ConfusionQuery) -> pd.DataFrame:
    """Every item's true and predicted class."""
    found, to = comparison(asked), level(asked.key, asked.level)
    assert isinstance(found.truth, np.ndarray)
    assert isinstance(found.predicted, np.ndarray)
    return per_survey(found.truth, found.predicted, cache.dataset(asked.key).targets.classes, to)


@st.cache_resource(show_spinner=False, max_entries=8)
def values(asked: ConfusionQuery) -> pd.DataFrame:
    """Every survey's actual and predicted value."""
    found = comparison(asked)
    assert isinstance(found.truth, np.ndarray)
    assert isinstance(found.predicted, np.ndarray)
    return residuals(found.truth, found.predicted)


@st.cache_resource(show_spinner=False, max_entries=16)
def totals(asked: ConfusionQuery) -> dict[str, float]:
    """Counts and ratios over all classes and surveys, by the names of `per_species`."""
    summed = {outcome: counts.sum() for outcome, counts in judged(asked).counts.items()}
    return {name: float(value) for name, value in scores(summed).items()}
