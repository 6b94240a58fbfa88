"""The surveys of each step, a function of seed, epoch, step and rank alone, so that any step can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import numpy as np

from sdm.data.dataset import TargetKind, Targets
from sdm.data.targets import target_matrix
from sdm.errors import TrainingError
from sdm.runs.training_options import TrainingOptions

Draw = Callable[[TrainingOptions, int, int, int], np.ndarray]
"""Of settings, surveys in a batch, epoch and step: one random value per survey, or a row of them."""

Part = TypeVar("Part", np.ndarray, range)

# Tell the streams of random numbers of a step apart from each other; that of the order has none.
_TURNS, _SHIFTS, _MIXUP, _REPEATS, _JITTER, _CROPS = 1, 2, 3, 4, 5, 6
MOST_BANDS = 64  # of an image that are jittered
MIXUP_BETA = 0.4  # both parameters of the Beta distribution, as the published fusion draws shares


class BatchSampler:
    """The batches of each epoch.

    Every training survey is seen once an epoch, or, given `times` float64 (N,), that many times on average; an
    epoch then has `length` surveys, the sum of `times` rounded, always the same number.
    """

    def __init__(self, options: TrainingOptions, surveys: int, times: np.ndarray | None = None) -> None:
        self.seed, self.batch_size, self.surveys = options.seed, options.batch_size, surveys
        self.length = surveys if times is None else round(times.sum())
        self._ends = None if times is None else np.cumsum(times) * (self.length / times.sum())
        self._of_epoch = lru_cache(maxsize=4)(self._draw)

    @property
    def steps(self) -> int:
        """Steps of an epoch; the last one may be smaller."""
        return -(-self.length // self.batch_size)

    def batch(self, epoch: int, step: int) -> np.ndarray:
        """int64: positions among the training surveys of `step` in `epoch` (both from 0)."""
        return self._of_epoch(epoch)[step * self.batch_size : (step + 1) * self.batch_size]

    def _draw(self, epoch: int) -> np.ndarray:
        random = np.random.default_rng([self.seed, epoch])
        if self._ends is None:
            return random.permutation(self.surveys)
        # Systematic sampling: each survey comes as often as whole numbers lie in its stretch of the line.
        start = np.random.default_rng([self.seed, epoch, _REPEATS]).random()
        counts = np.diff(np.minimum(np.floor(self._ends + start), self.length), prepend=0).astype(np.int64)
        counts[-1] += self.length - counts.sum()
        return random.permutation(np.repeat(np.arange(self.surveys), counts))


def torch_seed(options: TrainingOptions, step: int, rank: int) -> int:
    """What seeds torch, hence dropout, before the `step` of the whole training on process `rank`."""
    return int(np.random.SeedSequence([options.seed, step, rank]).generate_state(1)[0])


def turns(options: TrainingOptions, count: int, epoch: int, step: int) -> np.ndarray:
    """int64 (count,), 0..7: which of the eight flips and quarter turns each patch of the batch gets."""
    return np.random.default_rng([options.seed, epoch, step, _TURNS]).integers(0, 8, count)


def jitters(options: TrainingOptions, count: int, epoch: int, step: int) -> np.ndarray:
    """float32 (count, MOST_BANDS, 2), within `jitter` either way: change of contrast and brightness by band."""
    random = np.random.default_rng([options.seed, epoch, step, _JITTER])
    return random.uniform(-options.jitter, options.jitter, (count, MOST_BANDS, 2)).astype(np.float32)


def crops(options: TrainingOptions, count: int, epoch: int, step: int) -> np.ndarray:
    """float32 (count, 3): side of each survey's crop, from `crop` to 1 of the image's, and where it lies across
    and down, from -1 (the left or upper edge) to 1."""
    random = np.random.default_rng([options.seed, epoch, step, _CROPS])
    side, place = random.uniform(options.crop, 1, (count, 1)), random.uniform(-1, 1, (count, 2))
    return np.hstack([side, place]).astype(np.float32)


def shifts(options: TrainingOptions, count: int, epoch: int, step: int) -> np.ndarray:
    """int64 (count,): years, at most `shift_years` either way, by which the series of each survey are shifted."""
    most = options.shift_years
    return np.random.default_rng([options.seed, epoch, step, _SHIFTS]).integers(-most, most + 1, count)


def own_shares(options: TrainingOptions, count: int, epoch: int, step: int) -> np.ndarray:
    """float32 (count,), 0.5 to 1: how much of each survey is left when it is mixed with another; 1 for most."""
    random = np.random.default_rng([options.seed, epoch, step, _MIXUP])
    drawn = random.beta(MIXUP_BETA, MIXUP_BETA, count)
    mixed = random.random(count) < options.mixup
    return np.where(mixed, np.maximum(drawn, 1 - drawn), 1).astype(np.float32)


def share(values: Part, rank: int, parts: int) -> Part:
    """Part `rank` of a batch of `values` in `parts`; all of them are the batch, and differ by one at most.

    >>> [share(range(5), rank, 2) for rank in range(2)]
    [range(0, 3), range(3, 5)]
    """
    each, more = divmod(len(values), parts)
    start = rank * each + min(rank, more)
    return values[start : start + each + (rank < more)]


def repeat_factors(targets: Targets, threshold: float) -> np.ndarray:
    """float64 (N,), at least 1: the times an epoch each survey is seen.

    A species of prevalence p asks for max(1, √(threshold / p)), and a survey gives what the rarest of its species
    asks for: repeat factor sampling (Gupta et al. 2019, LVIS). TrainingError for regression.
    """
    if targets.kind is TargetKind.REGRESSION:
        raise TrainingError("there are no rare species in a regression", got=f"repeat_rare {threshold:g}")
    matrix = target_matrix(targets)
    prevalence = np.asarray(matrix.sum(axis=0)).ravel() / max(int(targets.known.sum()), 1)
    repeats = np.sqrt(threshold / np.maximum(prevalence, 1 / len(targets.known)))
    present = matrix.multiply(np.maximum(repeats, 1)).tocsr()
    return np.maximum(present.max(axis=1).toarray().ravel(), 1).astype(np.float64)
