"""Which surveys a step sees: a function of seed, epoch, step and rank alone, so that any step can be replayed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.runs.config import TrainConfig

_TURNS = 1  # tells the stream of flips and turns from that of the order


def steps_per_epoch(surveys: int, batch_size: int) -> int:
    """Steps until every survey was seen once; the last one may be smaller."""
    return -(-surveys // batch_size)


def batch_positions(config: TrainConfig, surveys: int, epoch: int, step: int) -> np.ndarray:
    """int64: positions, among `surveys` training surveys, of the batch of `step` in `epoch` (both from 0)."""
    order = _epoch_order(config.seed, epoch, surveys)
    return order[step * config.batch_size : (step + 1) * config.batch_size]


@lru_cache(maxsize=4)
def _epoch_order(seed: int, epoch: int, surveys: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch]).permutation(surveys)


def torch_seed(config: TrainConfig, step: int, rank: int) -> int:
    """What seeds torch, hence dropout, before the `step` of the whole training on process `rank`."""
    return int(np.random.SeedSequence([config.seed, step, rank]).generate_state(1)[0])


def turns(config: TrainConfig, count: int, epoch: int, step: int) -> np.ndarray:
    """int64 (count,), 0..7: which of the eight flips and quarter turns each patch of the batch gets."""
    return np.random.default_rng([config.seed, epoch, step, _TURNS]).integers(0, 8, count)


def share(values: np.ndarray, rank: int, processes: int) -> np.ndarray:
    """What process `rank` takes of a batch; the shares of all are the batch, and differ by one at most."""
    return np.array_split(values, processes)[rank]
