"""Per-species confusion and co-errors at competition size, the usual way and ours.

Usual: scikit-learn's `multilabel_confusion_matrix` on sparse matrices, and the dense species x species table of
co-errors, ranked by lift. Repetitions are interleaved; outputs are checked equal; times are medians.
Run with `python -m benchmarks.confusion`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.metrics import multilabel_confusion_matrix

from sdm.confusion.outcomes import Outcomes, outcomes
from sdm.confusion.pairs import LIMIT, MIN_SUPPORT, given_instead
from sdm.confusion.species import per_species

SURVEYS, SPECIES = 20_000, 11_255
COUNTS = ["true_negatives", "false_alarms", "misses", "hits"]  # scikit-learn's order, cell by cell

Function = Callable[[], np.ndarray]


def simulated_sets(
    surveys: int = SURVEYS, species: int = SPECIES, recorded: int = 17, given: int = 25, seed: int = 0
) -> tuple[csr_matrix, csr_matrix]:
    """Recorded and predicted sets (simulated): very unequal prevalence, half of the recorded species found."""
    random = np.random.default_rng(seed)
    shares = 1 / (np.arange(species) + 20.0)
    order = random.permutation(species)

    def draws(count: int) -> np.ndarray:
        return order[random.choice(species, (surveys, count), p=shares / shares.sum())]

    truth = draws(recorded)
    found = truth[:, : recorded // 2]
    return _matrix(truth, species), _matrix(np.hstack([found, draws(given - found.shape[1])]), species)


def simulated_classes(species: int = SPECIES) -> pd.DataFrame:
    """A table of classes without levels."""
    ids = np.arange(species)
    return pd.DataFrame({"class_id": ids, "name": [f"simulated {i:05d}" for i in ids]})


def per_species_usual(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """int64 (S, 3): false alarms, misses, hits."""
    return multilabel_confusion_matrix(truth, predicted).reshape(-1, 4)[:, 1:]


def per_species_ours(truth: csr_matrix, predicted: csr_matrix, classes: pd.DataFrame) -> np.ndarray:
    """The same from our table, which also has precision, recall and F1."""
    return per_species(outcomes(truth, predicted), classes)[COUNTS[1:]].to_numpy()


def pairs_usual(truth: csr_matrix, predicted: csr_matrix) -> np.ndarray:
    """float64 (LIMIT,): the highest lifts, from the dense table of all pairs."""
    hits = truth.multiply(predicted)
    missed, given = truth - hits, predicted - hits
    together = (missed.T @ given).toarray()
    chance = np.outer(np.asarray(missed.sum(0)).ravel(), np.asarray(given.sum(0)).ravel()) / truth.shape[0]
    lift = np.divide(together, chance, out=np.zeros(together.shape), where=together >= MIN_SUPPORT)
    return np.sort(np.partition(lift.ravel(), -LIMIT)[-LIMIT:])[::-1]


def pairs_ours(truth: csr_matrix, predicted: csr_matrix, classes: pd.DataFrame) -> np.ndarray:
    """The same, from our table of named pairs."""
    judged: Outcomes = outcomes(truth, predicted)
    return given_instead(judged, classes)["lift"].to_numpy()


def compare(usual: Function, ours: Function, repetitions: int) -> tuple[float, float]:
    """Median seconds of both, interleaved, after one round that checks their outputs equal."""
    np.testing.assert_allclose(ours(), usual(), rtol=1e-12)
    seconds = np.array([[_seconds(usual), _seconds(ours)] for _ in range(repetitions)])
    slow, fast = np.median(seconds, axis=0)
    return float(slow), float(fast)


def main() -> None:
    """Print one line per work."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7)
    repetitions = parser.parse_args().repetitions
    truth, predicted = simulated_sets()
    classes = simulated_classes()
    works: dict[str, tuple[Function, Function]] = {
        "per-species confusion": (
            lambda: per_species_usual(truth, predicted),
            lambda: per_species_ours(truth, predicted, classes),
        ),
        "co-error pairs by lift": (
            lambda: pairs_usual(truth, predicted),
            lambda: pairs_ours(truth, predicted, classes),
        ),
    }
    for name, (usual, ours) in works.items():
        slow, fast = compare(usual, ours, repetitions)
        print(f"{name:24} usual {slow * 1e3:8.1f} ms   ours {fast * 1e3:7.1f} ms   ratio {slow / fast:6.1f}")


def _matrix(columns: np.ndarray, species: int) -> csr_matrix:
    rows = np.repeat(np.arange(len(columns)), columns.shape[1])
    matrix = csr_matrix((np.ones(columns.size, np.int32), (rows, columns.ravel())), shape=(len(columns), species))
    matrix.data[:] = 1
    return matrix


def _seconds(function: Function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
