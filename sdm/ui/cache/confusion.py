"""Recorded against predicted: outcomes, tables and pairs of a run's stored predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import TRAIN
from sdm.evaluation.confusion import levels, regression
from sdm.evaluation.confusion.block import block
from sdm.evaluation.confusion.from_predictions import labelled_classes, labelled_outcomes, labelled_residuals
from sdm.evaluation.confusion.outcome_scores import per_set, per_species, short_names, total_scores
from sdm.evaluation.confusion.outcomes import Outcomes
from sdm.evaluation.confusion.pair_null import PairNull, pair_null
from sdm.evaluation.confusion.pair_tests import PairTests, pair_tests, species_to_test
from sdm.evaluation.confusion.pairs import predicted_instead
from sdm.evaluation.confusion.presence import presence
from sdm.evaluation.confusion.regression import Reference
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.cache.predictions import labelled


class ConfusionQuery(NamedTuple):
    """The stored predictions of `run` at the surveys of `split`, beside the records of the data set.

    `decoder` is "" but for sets of species; `level` is `levels.CLASS` or a column of the table of classes.
    """

    data: Dataset
    run: Run
    split: str
    decoder: str = ""
    level: str = levels.CLASS


def item_sites(query: ConfusionQuery) -> np.ndarray:
    """int64: the row in the data set of each row of `class_outcomes`, `singles` and `values`."""
    surveys = labelled(query.data, query.run, query.split)
    is_single = query.run.card.kind is TargetKind.MULTICLASS
    return surveys.sites[surveys.class_pairs()[0]] if is_single else surveys.sites


@memo(8)
def level(data: Dataset, column: str) -> levels.Level | None:
    """The roll-up to `column`; None for the classes themselves."""
    return None if column == levels.CLASS else levels.level(data.targets.classes, column)


@memo(16, "Comparing …")
def class_outcomes(query: ConfusionQuery) -> Outcomes:
    """Outcomes of the classes or groups."""
    card, to, known = query.run.card, level(query.data, query.level), len(query.data.targets.classes)
    decoder = decoder_of(card, query.decoder)
    return labelled_outcomes(labelled(query.data, query.run, query.split), card.kind, decoder, to, known)


def classes(query: ConfusionQuery) -> pd.DataFrame:
    """One row per column of `class_outcomes`."""
    to = level(query.data, query.level)
    return query.data.targets.classes if to is None else to.groups


@memo(16)
def species(query: ConfusionQuery) -> pd.DataFrame:
    """Counts and ratios of every class that was recorded or predicted anywhere."""
    table = per_species(class_outcomes(query), classes(query))
    return table[(table["support"] > 0) | (table["predicted"] > 0)].reset_index(drop=True)


@memo(16)
def pairs(query: ConfusionQuery, support: int) -> pd.DataFrame:
    """Which class is predicted instead of which, beside what the totals alone foretell."""
    return predicted_instead(class_outcomes(query), classes(query), support)


def pair_null_of(query: ConfusionQuery, columns: np.ndarray) -> PairNull:
    """What errors to expect of some columns of `class_outcomes`."""
    surveys = labelled(query.data, query.run, query.split)
    recorded = presence(surveys, columns, level(query.data, query.level))
    return pair_null(class_outcomes(query), columns, recorded)


@memo(8, "Testing which errors fall together …")
def tests(query: ConfusionQuery, support: int) -> PairTests | None:
    """The pairs of species against the errors to expect; None of single classes, and without probabilities."""
    if not testable(query.run):
        return None
    errors = class_outcomes(query)
    null = pair_null_of(query, species_to_test(errors, support))
    return pair_tests(errors, null, classes(query), support)


def testable(run: Run) -> bool:
    """Whether a run says how probable each species of a set is."""
    return run.card.kind is TargetKind.MULTILABEL and run.card.ranks


@memo(16)
def cells(query: ConfusionQuery, columns: tuple[int, ...]) -> pd.DataFrame:
    """The block of the matrix of some columns."""
    chosen = np.array(columns, np.int64)
    expected = None
    if testable(query.run):
        every = np.arange(len(chosen))
        expected = pair_null_of(query, chosen).expected(every, every)
    return block(class_outcomes(query), classes(query), chosen, expected)


@memo(16)
def labels(query: ConfusionQuery) -> dict[int, str]:
    """class_id -> short name, of the classes in `species`."""
    return short_names(species(query))


@memo(16)
def _columns(query: ConfusionQuery) -> dict[int, int]:
    return dict(zip(classes(query)["class_id"].tolist(), range(len(classes(query))), strict=True))


def columns_of(query: ConfusionQuery, class_ids: Sequence[int]) -> np.ndarray:
    """int64: the columns of classes or groups."""
    return np.array([_columns(query)[class_id] for class_id in class_ids], np.int64)


@memo(16)
def sets(query: ConfusionQuery) -> pd.DataFrame:
    """Every survey's set of species: recorded, predicted, hits, f1."""
    outcomes = class_outcomes(query)
    return per_set(outcomes, np.arange(outcomes.surveys))


@memo(16)
def singles(query: ConfusionQuery) -> pd.DataFrame:
    """Every item's true and predicted class."""
    return labelled_classes(labelled(query.data, query.run, query.split), level(query.data, query.level))


@memo(8)
def values(query: ConfusionQuery) -> pd.DataFrame:
    """Every survey's actual and predicted value."""
    return labelled_residuals(labelled(query.data, query.run, query.split))


@memo(8)
def references(query: ConfusionQuery) -> tuple[Reference, ...]:
    """What needs no model: mean of the training values, random guess."""
    data, scheme = query.data, query.run.card.scheme
    known = np.asarray(data.targets.values, np.float64)
    rows = data.rows(TRAIN, scheme) if TRAIN in data.splits(scheme) else np.zeros(0, np.int64)
    training = known[rows[data.targets.known[rows]]]
    return regression.references(values(query)["actual"].to_numpy(), training)


@memo(16)
def totals(query: ConfusionQuery) -> dict[str, float]:
    """Counts and ratios over all classes and surveys, by the names of `per_species`."""
    return total_scores(class_outcomes(query))
