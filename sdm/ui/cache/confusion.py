"""Recorded against predicted: outcomes, tables and pairs of a run's stored predictions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.evaluation.comparison import Comparison, compare_classes, compare_sets, compare_values
from sdm.evaluation.confusion import levels
from sdm.evaluation.confusion.multiclass import class_outcomes, per_survey
from sdm.evaluation.confusion.outcomes import Outcomes, outcomes
from sdm.evaluation.confusion.pairs import predicted_instead
from sdm.evaluation.confusion.regression import residuals
from sdm.evaluation.confusion.species import per_species, short_names, total_scores
from sdm.evaluation.confusion.surveys import per_set
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import Run
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo
from sdm.ui.cache.predictions import stored

CLASS = "class"  # the level of the classes themselves


class ConfusionQuery(NamedTuple):
    """The stored predictions of `run` at the surveys of `split`, beside the records of the data set `key`.

    `decoder` is "" but for sets of species; `level` is CLASS or a column of the table of classes.
    """

    key: str
    run: Run
    split: str
    decoder: str = ""
    level: str = CLASS


@memo(8, "Comparing …")
def _comparison(key: str, run: Run, split: str, decoder: str) -> Comparison:
    data, predictions, card = dataset(key), stored(run, split), run.card
    if card.kind is TargetKind.MULTILABEL:
        return compare_sets(data, predictions, decoder_of(card, decoder))
    return (compare_classes if card.kind is TargetKind.MULTICLASS else compare_values)(data, predictions)


def comparison(query: ConfusionQuery) -> Comparison:
    """Recorded and predicted, item by item, the same at every level."""
    return _comparison(query.key, query.run, query.split, query.decoder)


@memo(8)
def level(key: str, column: str) -> levels.Level | None:
    """The roll-up to `column`; None for the classes themselves."""
    return None if column == CLASS else levels.level(dataset(key).targets.classes, column)


@memo(16)
def judged(query: ConfusionQuery) -> Outcomes:
    """Outcomes of the classes or groups."""
    found, to = comparison(query), level(query.key, query.level)
    if isinstance(found.truth, np.ndarray):
        assert isinstance(found.predicted, np.ndarray)
        return class_outcomes(found.truth, found.predicted, len(dataset(query.key).targets.classes), to)
    assert not isinstance(found.predicted, np.ndarray)
    if to is None:
        return outcomes(found.truth, found.predicted)
    return levels.outcomes_at(found.truth, found.predicted, to)


def classes(query: ConfusionQuery) -> pd.DataFrame:
    """One row per column of `judged`."""
    to = level(query.key, query.level)
    return dataset(query.key).targets.classes if to is None else to.groups


@memo(16)
def species(query: ConfusionQuery) -> pd.DataFrame:
    """Counts and ratios of every class that was recorded or predicted anywhere."""
    table = per_species(judged(query), classes(query))
    return table[(table["support"] > 0) | (table["predicted"] > 0)].reset_index(drop=True)


@memo(16)
def pairs(query: ConfusionQuery, support: int) -> pd.DataFrame:
    """Which class is predicted instead of which."""
    return predicted_instead(judged(query), classes(query), support)


@memo(16)
def labels(query: ConfusionQuery) -> dict[str, int]:
    """Short name -> column, of the classes in `species`."""
    return short_names(species(query))


@memo(16)
def sets(query: ConfusionQuery) -> pd.DataFrame:
    """Every survey's set of species: recorded, predicted, hits, f1."""
    found = judged(query)
    return per_set(found, np.arange(found.surveys))


@memo(16)
def singles(query: ConfusionQuery) -> pd.DataFrame:
    """Every item's true and predicted class."""
    found, to = comparison(query), level(query.key, query.level)
    assert isinstance(found.truth, np.ndarray)
    assert isinstance(found.predicted, np.ndarray)
    return per_survey(found.truth, found.predicted, dataset(query.key).targets.classes, to)


@memo(8)
def values(query: ConfusionQuery) -> pd.DataFrame:
    """Every survey's actual and predicted value."""
    found = comparison(query)
    assert isinstance(found.truth, np.ndarray)
    assert isinstance(found.predicted, np.ndarray)
    return residuals(found.truth, found.predicted)


@memo(16)
def totals(query: ConfusionQuery) -> dict[str, float]:
    """Counts and ratios over all classes and surveys, by the names of `per_species`."""
    return total_scores(judged(query))
