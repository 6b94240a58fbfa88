"""Scores at competition size against scikit-learn, sorting and dense tables; sets and probabilities simulated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.metrics import f1_score, multilabel_confusion_matrix

from benchmarks.comparison import Comparison, Figure, Target, compare, seconds_in_a_row
from benchmarks.simulated import SPECIES, SURVEYS, simulated_classes, simulated_sets
from sdm.evaluation.confusion.outcomes import outcomes
from sdm.evaluation.confusion.pairs import LIMIT, MIN_SUPPORT, given_instead
from sdm.evaluation.confusion.scores import per_species
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.metrics.ranking import most_probable

K, BLOCK = 25, 256  # surveys decoded at a time
COUNTS = ["false_alarms", "misses", "hits"]  # scikit-learn's order, cell by cell, after true negatives


def figures(surveys: int = SURVEYS, species: int = SPECIES) -> Iterator[Figure]:
    """Samples-F1 from sparse and from dense sets, top-k, confusion per species, and pairs by lift."""
    truth, predicted = simulated_sets(surveys, species)
    yield compare(_sparse_f1(truth, predicted))
    yield compare(_dense_f1(truth, predicted))
    yield compare(_top_k(min(surveys, BLOCK), species))
    classes = simulated_classes(species)
    yield compare(_confusion(truth, predicted, classes))
    yield compare(_pairs(truth, predicted, classes))


def samples_f1(truth: csr_matrix, predicted: csr_matrix) -> float:
    """Ours."""
    return METRICS["samples-f1"].score(truth, predicted).value


def _size(matrix: csr_matrix) -> str:
    return f"{matrix.shape[0]:,} surveys x {matrix.shape[1]:,} species"


def _sparse_f1(truth: csr_matrix, predicted: csr_matrix) -> Comparison:
    def usual() -> float:
        return float(f1_score(truth, predicted, average="samples"))

    return Comparison(
        title=f"samples-F1, {_size(truth)}",
        usual_way="scikit-learn f1_score, CSR",
        usual=usual,
        ours=lambda: samples_f1(truth, predicted),
        equal=lambda: np.testing.assert_allclose(samples_f1(truth, predicted), usual(), rtol=1e-12),
        target=Target(3),
        clock=seconds_in_a_row,
    )


def _dense_f1(truth: csr_matrix, predicted: csr_matrix) -> Comparison:
    dense = [matrix.astype(np.int8).toarray() for matrix in (truth, predicted)]

    def usual() -> float:
        return float(f1_score(*dense, average="samples"))

    return Comparison(
        title="the same from dense sets",
        usual_way="scikit-learn f1_score, dense int8",
        usual=usual,
        ours=lambda: samples_f1(truth, predicted),
        equal=lambda: np.testing.assert_allclose(samples_f1(truth, predicted), usual(), rtol=1e-12),
        target=Target(500),
        note=f"dense: 2 x {dense[0].nbytes / 1e6:,.0f} MB; ours stays CSR",
        repetitions=3,
    )


def _top_k(surveys: int, species: int) -> Comparison:
    odds = np.random.default_rng(0).normal(-6, 2, (surveys, species)).astype(np.float32)
    probabilities = 1 / (1 + np.exp(-odds))

    def usual() -> np.ndarray:
        return np.argsort(-probabilities, axis=1)[:, :K]

    def ours() -> np.ndarray:
        return most_probable(probabilities, K)

    def equal() -> None:
        theirs, mine = (np.take_along_axis(probabilities, top, axis=1) for top in (usual(), ours()))
        np.testing.assert_array_equal(mine, theirs)

    return Comparison(
        title=f"top-{K} of {species:,}, {surveys:,} surveys",
        usual_way="numpy argsort",
        usual=usual,
        ours=ours,
        equal=equal,
        target=Target(8),
        note="one block of decoding",
        clock=seconds_in_a_row,
    )


def _confusion(truth: csr_matrix, predicted: csr_matrix, classes: pd.DataFrame) -> Comparison:
    def usual() -> np.ndarray:
        return np.asarray(multilabel_confusion_matrix(truth, predicted)).reshape(-1, 4)[:, 1:]

    def ours() -> np.ndarray:
        return per_species(outcomes(truth, predicted), classes)[COUNTS].to_numpy(np.int64)

    return Comparison(
        title="confusion per species",
        usual_way="scikit-learn multilabel_confusion_matrix, CSR",
        usual=usual,
        ours=ours,
        equal=lambda: np.testing.assert_array_equal(ours(), usual()),
        target=Target(1.5),
        note="ours with precision, recall, F1, as a table",
        clock=seconds_in_a_row,
    )


def _pairs(truth: csr_matrix, predicted: csr_matrix, classes: pd.DataFrame) -> Comparison:
    def ours() -> np.ndarray:
        return given_instead(outcomes(truth, predicted), classes)["lift"].to_numpy()

    return Comparison(
        title='pairs "given instead" by lift',
        usual_way="dense species x species table",
        usual=lambda: dense_pairs(truth, predicted),
        ours=ours,
        equal=lambda: np.testing.assert_allclose(ours(), dense_pairs(truth, predicted)[: len(ours())], rtol=1e-12),
        repetitions=1,
    )


def dense_pairs(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (LIMIT,): the highest lifts, falling, from the table of all pairs."""
    hits = truth.multiply(predicted)
    missed, given = truth - hits, predicted - hits
    together = (missed.T @ given).toarray()
    chance = np.outer(np.asarray(missed.sum(0)).ravel(), np.asarray(given.sum(0)).ravel()) / truth.shape[0]
    lift = np.divide(together, chance, out=np.zeros(together.shape), where=together >= MIN_SUPPORT)
    return np.sort(np.partition(lift.ravel(), -LIMIT)[-LIMIT:])[::-1]
