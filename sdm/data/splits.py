"""Splits of surveys into training and validation, seeded, the same whatever the order of rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.geo.distance import chord, unit_vectors
from sdm.geo.hashing import mix

SEED = 20250
TENTH_SEED = 666  # of the published fusion for GeoLifeCLEF 2024
SPLITS = ("train", "validation", "buffer", "test", "test_near", "test_far", "po", "selection")
TRAIN, SELECTION, VALIDATION, TEST = "train", "selection", "validation", "test"
PRESENCE_ONLY = "po"
# No score is measured on them. The best epoch is chosen by surveys of "selection", and by nothing else: whatever
# else is chosen or fitted after a training is fitted to the surveys of "validation".
TRAINING_SPLITS = ("train", "buffer", "po", "selection")
_TITLES = {
    "po": "presence-only", "": "in no split", "train": "training", "selection": "choice of the epoch",
    "test_near": "test, near", "test_far": "test, far",
}  # fmt: skip


def tenth_split(count: int, seed: int = TENTH_SEED) -> np.ndarray:
    """Return "train" or "validation", one in ten, for each of `count` surveys in a fixed order.

    Drawn as scikit-learn's `train_test_split(test_size=0.1, random_state=seed)` draws: the first tenth of a
    permutation of NumPy's older generator is validated.
    """
    split = np.full(count, TRAIN, dtype="<U10")
    split[np.random.RandomState(seed).permutation(count)[: -(-count // 10)]] = VALIDATION
    return split


def near_far_split(country: pd.Series, training_countries: frozenset[str]) -> np.ndarray:
    """Return "test_near" where training surveys lie in the same country, else "test_far"."""
    return np.where(country.isin(training_countries), "test_near", "test_far")


def is_test(split: str) -> bool:
    """Return whether `split` is one of the test splits, whose labels a competition hides.

    >>> is_test("test_far"), is_test("validation")
    (True, False)
    """
    return split == TEST or split.startswith(f"{TEST}_")


def split_title(split: str) -> str:
    """The split in plain words.

    >>> split_title("train"), split_title("test_far"), split_title("elsewhere")
    ('training', 'test, far', 'elsewhere')
    """
    return _TITLES.get(split, split)


def short_split(split: str) -> str:
    """The split in plain words for the head of a column, where tests stand together.

    >>> short_split("test_far"), short_split("test")
    ('far', 'test')
    """
    return split_title(split).removeprefix("test, ")


def measured_splits(names: Iterable[str]) -> list[str]:
    """Return those of the splits `names` that models are measured on, validation first.

    >>> measured_splits(["test_near", "train", "po", "validation", "test_far", "buffer"])
    ['validation', 'test_far', 'test_near']
    """
    return sorted(set(names) - set(TRAINING_SPLITS), key=lambda name: (name != VALIDATION, name))


def block_folds(lon: np.ndarray, lat: np.ndarray, count: int, *, degrees: float = 1.0) -> np.ndarray:
    """Return int64 (N,): one of `count` folds of about one size per survey, the same within a block of `degrees`.

    The largest block goes first, each to the fold with the fewest surveys; those without a position are one block.
    """
    cells = np.stack([np.floor(np.asarray(x, np.float64) / degrees) for x in (lon, lat)], axis=1)
    cells = np.where(np.isfinite(cells).all(axis=1)[:, None], cells, np.inf)
    _, block, sizes = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    fold, filled = np.zeros(len(sizes), np.int64), np.zeros(count, np.int64)
    for i in np.argsort(-sizes, kind="stable"):
        fold[i] = filled.argmin()
        filled[fold[i]] += sizes[i]
    return fold[block.ravel()]


def within(lon: np.ndarray, lat: np.ndarray, of: np.ndarray, to: np.ndarray, km: float) -> np.ndarray:
    """Return bool per survey of `of`: whether one of `to` lies within `km`."""
    if not of.size or not to.size:
        return np.zeros(len(of), bool)
    tree = cKDTree(unit_vectors(lon[to], lat[to]))
    distance, _ = tree.query(unit_vectors(lon[of], lat[of]), distance_upper_bound=chord(km))
    return np.isfinite(distance)


def draw(seed: int, *keys: np.ndarray) -> np.ndarray:
    """Return numbers in [0, 1), each a pure function of `seed` and its whole-number keys (SplitMix64)."""
    state = np.full(len(keys[0]), seed % (1 << 64), np.uint64)
    for key in keys:
        state = mix(state ^ key.astype(np.int64).view(np.uint64))
    return mix(state) / 2.0**64
