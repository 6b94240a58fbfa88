"""Scores at competition size against scikit-learn, sorting and dense tables; sets and probabilities simulated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.metrics import f1_score, multilabel_confusion_matrix

from benchmarks.comparison import Comparison, Figure, Target, compare, seconds, seconds_in_a_row
from benchmarks.simulated import SPECIES, SURVEYS, simulated_classes, simulated_sets
from sdm.evaluation.confusion.outcome_scores import per_species
from sdm.evaluation.confusion.outcomes import outcomes
from sdm.evaluation.confusion.pairs import LIMIT, MIN_SUPPORT, predicted_instead
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.metrics.ranking import most_probable

K, BLOCK = 25, 256  # surveys decoded at a time
COUNTS = ["false_alarms", "misses", "hits"]  # scikit-learn's order, cell by cell, after true negatives


def figures(surveys: int = SURVEYS, species: int = SPECIES) -> Iterator[Figure]:
    """Samples-F1 from sparse and from dense sets, top-k, confusion per species, and pairs by lift."""
    truth, predicted = simulated_sets(surveys, species)
    yield from map(compare, _samples_f1(truth, predicted))
    yield compare(_top_k(min(surveys, BLOCK), species))
    yield from map(compare, _confusion(truth, predicted, simulated_classes(species)))


def _samples_f1(truth: csr_matrix, predicted: csr_matrix) -> Iterator[Comparison]:
    sparse = Comparison(
        title=f"samples-F1, {truth.shape[0]:,} surveys x {truth.shape[1]:,} species",
        usual_way="scikit-learn f1_score, CSR",
        usual=lambda: f1_score(truth, predicted, average="samples"),
        ours=lambda: METRICS["samples-f1"].score(truth, predicted).value,
        target=Target(3),
        clock=seconds_in_a_row,
        rtol=1e-12,
    )
    yield sparse
    dense = [matrix.astype(np.int8).toarray() for matrix in (truth, predicted)]
    yield replace(
        sparse,
        title="the same from dense sets",
        usual_way="scikit-learn f1_score, dense int8",
        usual=lambda: f1_score(*dense, average="samples"),
        target=Target(500),
        note=f"dense: 2 x {dense[0].nbytes / 1e6:,.0f} MB; ours stays CSR",
        repetitions=3,
        clock=seconds,
    )


def _top_k(surveys: int, species: int) -> Comparison:
    odds = np.random.default_rng(0).normal(-6, 2, (surveys, species)).astype(np.float32)
    probabilities = 1 / (1 + np.exp(-odds))

    def usual() -> np.ndarray:
        return np.argsort(-probabilities, axis=1)[:, :K]

    def equal() -> None:
        tops = usual(), most_probable(probabilities, K)
        np.testing.assert_array_equal(*(np.take_along_axis(probabilities, top, axis=1) for top in tops))

    return Comparison(
        title=f"top-{K} of {species:,}, {surveys:,} surveys",
        usual_way="numpy argsort",
        usual=usual,
        ours=lambda: most_probable(probabilities, K),
        equal=equal,
        target=Target(8),
        note="one block of decoding",
        clock=seconds_in_a_row,
    )


def _confusion(truth: csr_matrix, predicted: csr_matrix, classes: pd.DataFrame) -> Iterator[Comparison]:
    yield Comparison(
        title="confusion per species",
        usual_way="scikit-learn multilabel_confusion_matrix, CSR",
        usual=lambda: np.asarray(multilabel_confusion_matrix(truth, predicted)).reshape(-1, 4)[:, 1:],
        ours=lambda: per_species(outcomes(truth, predicted), classes)[COUNTS].to_numpy(np.int64),
        target=Target(1.5),
        note="ours with precision, recall, F1, as a table",
        clock=seconds_in_a_row,
    )

    def ours() -> np.ndarray:
        return predicted_instead(outcomes(truth, predicted), classes)["lift"].to_numpy()

    yield Comparison(
        title='pairs "predicted instead" by lift',
        usual_way="dense species x species table",
        usual=lambda: dense_pairs(truth, predicted),
        ours=ours,
        equal=lambda: np.testing.assert_allclose(ours(), dense_pairs(truth, predicted)[: len(ours())], rtol=1e-12),
        repetitions=1,
    )


def dense_pairs(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (LIMIT,): the highest lifts, falling, from the table of all pairs."""
    hits = truth.multiply(predicted)
    missed, alarms = truth - hits, predicted - hits
    together = (missed.T @ alarms).toarray()
    chance = np.outer(np.asarray(missed.sum(0)).ravel(), np.asarray(alarms.sum(0)).ravel()) / truth.shape[0]
    lift = np.divide(together, chance, out=np.zeros(together.shape), where=together >= MIN_SUPPORT)
    return np.sort(np.partition(lift.ravel(), -LIMIT)[-LIMIT:])[::-1]
