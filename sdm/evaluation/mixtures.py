"""The weighted mean of what runs have stored of a split, tried out without making it a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError
from sdm.evaluation.decoding import Decoder
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.run_evaluation import known_splits
from sdm.runs import Run

F1 = METRICS["samples-f1"]
ROUND_OFF = 1  # by which equal weights in per cent differ


def mixture(weights: Sequence[float], probabilities: Sequence[np.ndarray]) -> np.ndarray:
    """float32, of the shape of each of `probabilities`: their mean by `weights`, which sum to 1.

    >>> mixture([0.75, 0.25], [np.array([1.0, 0.0]), np.array([0.0, 1.0])]).tolist()
    [0.75, 0.25]
    """
    mean = np.zeros(probabilities[0].shape, np.float32)
    for weight, values in zip(weights, probabilities, strict=True):
        if weight > 0:
            mean += np.float32(weight) * values
    return mean


def samples_f1(truth: csr_matrix, probabilities: np.ndarray, decoder: Decoder) -> float:
    """Mean F1 of the sets that `decoder` makes of `probabilities` (n, S), beside `truth` csr (n, S)."""
    return F1.score(truth, decoder.decode(probabilities)).value


def apportion(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers of sum `total` in the proportions of `values`; all alike where none is above 0.

    By largest remainder, the first of equals.

    >>> apportion([1, 1, 1], 100), apportion([0, 0], 30)
    ([34, 33, 33], [15, 15])
    """
    positive = np.clip(np.asarray(values, np.float64), 0, None)
    positive = positive if positive.sum() > 0 else np.ones(len(positive))
    exact = positive / positive.sum() * total
    whole = np.floor(exact).astype(int)
    last = np.argsort(whole - exact, kind="stable")[: total - whole.sum()]
    whole[last] += 1
    return [int(value) for value in whole]


def first_weights(known: Sequence[float | None]) -> list[float]:
    """Weights to begin with, of any sum: what is not `known` gets an equal share, the rest keep their proportions.

    All are equal where those known are, up to ROUND_OFF.

    >>> [round(weight, 3) for weight in first_weights([30.0, 70.0, None])]
    [0.2, 0.467, 0.333]
    """
    there = [weight for weight in known if weight is not None]
    if not there or max(there) - min(there) <= ROUND_OFF:
        return [1.0] * len(known)
    left = len(there) / len(known) / sum(there)
    return [1 / len(known) if weight is None else weight * left for weight in known]


def make_room(weights: Sequence[int], moved: int, total: int) -> list[int]:
    """`weights` of sum `total` after the one at place `moved` was set: the others share the rest in proportion.

    >>> make_room([50, 25, 25], 0, 100), make_room([80, 25, 25], 0, 100)
    ([50, 25, 25], [80, 10, 10])
    """
    others = apportion([*weights[:moved], *weights[moved + 1 :]], total - weights[moved])
    return [*others[:moved], weights[moved], *others[moved:]]


def why_not(run: Run, first: Run, dataset: Dataset) -> str:
    """Why `run` cannot be mixed with `first`, the one to begin with, on `dataset`; "" when it can."""
    card, other = run.card, first.card
    if card.kind is not TargetKind.MULTILABEL:
        return "it has learnt to name one species, not a set"
    if not card.ranks:
        return "it holds sets without probabilities"
    if card.members:
        return "it is an ensemble itself: choose its members instead"
    if (card.class_ids, card.scheme, card.view) != (other.class_ids, other.scheme, other.view):
        return f"it has learnt from other classes or another split than {first.name}"
    if card.data.fingerprint != dataset.fingerprint:
        return "it has learnt from other data"
    return ""


def measurable_splits(dataset: Dataset, runs: Sequence[Run]) -> list[str]:
    """The splits with known species that any of `runs` has stored predictions of, the hardest last."""
    known = known_splits(dataset, runs[0].card.scheme)
    return in_order(split for split in known if any(split in run.splits() for run in runs))


def require_same_surveys(runs: Sequence[Run], sites: Sequence[np.ndarray], split: str) -> None:
    """RunError unless all `runs` have stored predictions of the same `sites`."""
    for run, each in zip(runs, sites, strict=True):
        if not np.array_equal(each, sites[0]):
            raise RunError(
                "the runs have stored predictions of other surveys", where=run.path,
                expected=f"{split} as {runs[0].name} has it", remedy=f"python -m sdm evaluate {run.name} --record",
            )  # fmt: skip
