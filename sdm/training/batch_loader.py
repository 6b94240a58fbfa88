"""Batches for training: prepared once and cached where they fit in memory, else prepared one step ahead."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch

from sdm.data.dataset import Dataset
from sdm.modalities import MODALITIES
from sdm.models.preparation import Batch, read_batch, target_tensors
from sdm.models.statistics import Statistics

CACHE_BYTES = 2 << 30
PIECE_BYTES = 16 << 20
BYTES_PER_VALUE = 5  # float32 and its mask

RowLabels = Callable[[np.ndarray], Batch]
"""Of rows of a data set: the labels that are learnt, and the weight of each, as `target_tensors` shapes them."""

A = TypeVar("A")
B = TypeVar("B")


@dataclass
class BatchLoader:
    """The surveys `rows` of a data set as a model sees them; positions count within `rows`.

    `labels` are those that are learnt where they are not the recorded ones.
    """

    dataset: Dataset
    rows: np.ndarray
    inputs: dict[str, str]
    statistics: Statistics
    cached: Batch | None = None
    labels: RowLabels | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def cache(self, budget: int = CACHE_BYTES) -> BatchLoader:
        """Prepare all inputs now and cache them, if they take at most `budget` bytes; return the loader."""
        each = BYTES_PER_VALUE * sum(math.prod(MODALITIES[name].shape) for name in self.inputs)
        if len(self.rows) * each <= budget:
            # In pieces: no second array of everything exists beside the cached one.
            count = -(-len(self.rows) * each // PIECE_BYTES)
            pieces = [self._read(part) for part in np.array_split(self.rows, max(count, 1))]
            self.cached = {name: torch.cat([piece.pop(name) for piece in pieces]) for name in list(pieces[0])}
        return self

    def batch(self, positions: np.ndarray) -> Batch:
        """Inputs, labels and weight of the surveys at `positions`."""
        if self.cached is None:
            return self._read(self.rows[positions]) | self.targets(positions)
        index = torch.from_numpy(positions)
        inputs = {name: values.index_select(0, index) for name, values in self.cached.items()}
        return inputs | self.targets(positions)

    def targets(self, positions: np.ndarray) -> Batch:
        """Labels and weight alone."""
        rows = self.rows[positions]
        return target_tensors(self.dataset.targets, rows) if self.labels is None else self.labels(rows)

    def batches(self, steps: Iterable[np.ndarray]) -> Iterator[Batch]:
        """One batch per array of positions; the next one is being made while one is used."""
        return map(self.batch, steps) if self.cached is not None else _prefetched(self.batch, steps)

    def _read(self, rows: np.ndarray) -> Batch:
        return read_batch(self.dataset, rows, self.inputs, self.statistics, targets=False)


def _prefetched(make: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
    """`map` whose next value is made in another thread."""
    with ThreadPoolExecutor(1) as pool:
        waiting = None
        for item in items:
            coming = pool.submit(make, item)
            if waiting is not None:
                yield waiting.result()
            waiting = coming
        if waiting is not None:
            yield waiting.result()
