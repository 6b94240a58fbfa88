"""The weighted mean of what runs have stored of a split, tried out without making it a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdm.data.dataset import Dataset
from sdm.decoding import Decoder
from sdm.evaluate import Outcome, recalled
from sdm.metrics import METRICS
from sdm.runs import Run

MOST_PAIRS = 4_000_000  # of survey and species of a split: mixed and decoded in some 30 ms, held in 16 MB
F1 = METRICS["samples-f1"]


def stored_of(run: Run, dataset: Dataset, split: str) -> Outcome | None:
    """What `run` has stored of the surveys of `split` whose targets are known, an even sample of them where they
    make more than MOST_PAIRS; None where it has stored nothing, or nothing is known.

    Runs of one scheme and width have the same surveys. RunError when a survey is not among those stored.
    """
    if split not in run.splits() or split not in dataset.splits(run.card.scheme):
        return None
    rows = dataset.rows(split, run.card.scheme)
    rows = rows[dataset.targets.known[rows]]
    if not rows.size:
        return None
    most = min(len(rows), max(MOST_PAIRS // run.card.width, 1))
    return recalled(run, dataset, rows[np.linspace(0, len(rows) - 1, most).astype(int)], [split])


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


def samples_f1(found: Outcome, probabilities: np.ndarray, decoder: Decoder) -> float:
    """Mean F1 over the surveys of `found`, all known, of the sets that `decoder` makes of `probabilities`."""
    return F1.score(found.truth, decoder.decode(probabilities)).value


def apportion(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers of sum `total` in the proportions of `values`; all alike where none is above 0.

    By largest remainder, the first of equals.

    >>> apportion([1, 1, 1], 100), apportion([0, 0], 30)
    ([34, 33, 33], [15, 15])
    """
    given = np.clip(np.asarray(values, np.float64), 0, None)
    given = given if given.sum() > 0 else np.ones(len(given))
    exact = given / given.sum() * total
    whole = np.floor(exact).astype(int)
    last = np.argsort(whole - exact, kind="stable")[: total - whole.sum()]
    whole[last] += 1
    return [int(value) for value in whole]
