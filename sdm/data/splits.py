"""Splits of surveys into training and validation, seeded, the same whatever the order of rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.geo.distance import chord, unit_vectors
from sdm.geo.hashing import mix

SEED = 20250
SHARE = 0.12
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


def block_split(
    lon: np.ndarray,
    lat: np.ndarray,
    seed: int = SEED,
    *,
    degrees: float = 1.0,
    buffer_km: float = 20.0,
    share: float = SHARE,
) -> np.ndarray:
    """Return "train", "validation" or "buffer" for each survey; whole blocks of `degrees` are validated.

    Blocks are visited in an order drawn from `seed` and taken while at most `share` of all surveys is in them.
    A training survey within `buffer_km` of a validation survey, or without a position, becomes "buffer".

    Random points near training points tell little about new places: Roberts et al. 2017,
    doi:10.1111/ecog.02881.
    """
    split = np.full(len(lon), "train", dtype="<U10")
    placed = np.isfinite(lon) & np.isfinite(lat)
    split[~placed] = "buffer"
    cells = np.stack([np.floor(lon[placed] / degrees), np.floor(lat[placed] / degrees)], axis=1).astype(np.int64)
    blocks, block, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    chosen = _draw_blocks(draw(seed, blocks[:, 0], blocks[:, 1]), counts, share)
    validation = np.flatnonzero(placed)[chosen[block.ravel()]]
    split[validation] = "validation"
    training = np.flatnonzero(split == "train")
    near = within(lon, lat, training, validation, buffer_km)
    split[training[near]] = "buffer"
    return split


def random_split(survey_ids: np.ndarray, seed: int = SEED, *, share: float = SHARE) -> np.ndarray:
    """Return "train" or "validation" by a draw from `seed` and each survey's id alone."""
    return np.where(draw(seed, survey_ids) < share, "validation", "train")


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


def _draw_blocks(order_of: np.ndarray, counts: np.ndarray, share: float) -> np.ndarray:
    """Return bool per block: taken in ascending order of `order_of`, skipping those that would pass the share.

    Where each of several blocks would, the smallest is taken.
    """
    chosen = np.zeros(len(counts), bool)
    room = share * counts.sum()
    order = np.argsort(order_of, kind="stable")
    for i in order:
        if counts[i] <= room:
            chosen[i] = True
            room -= counts[i]
    if len(counts) > 1 and not chosen.any():
        chosen[order[np.argmin(counts[order])]] = True
    return chosen


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
