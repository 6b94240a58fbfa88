"""Reading an even sample of surveys, a portion at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdm.data.dataset import Dataset
from sdm.errors import DataError

PORTION = 256  # surveys read at once: 17 MB of patches


def evenly(dataset: Dataset, rows: np.ndarray, modality: str, most: int) -> np.ndarray:
    """At most `most` of the `rows` that have `modality`, evenly spread over their order; DataError if none has."""
    having = rows[dataset.available(modality)[rows]]
    if not having.size:
        raise DataError(
            f"no survey to compare with has {modality!r}",
            where=dataset.name,
            expected=f"one of {len(rows):,} surveys with it",
            remedy="Download the files of the training surveys, or pick a modality that is there.",
        )
    return having[np.linspace(0, len(having) - 1, min(len(having), most)).astype(int)]


def portions(dataset: Dataset, rows: np.ndarray, modality: str) -> Iterator[np.ndarray]:
    """The arrays of `rows`, float32 (n, *shape) in stored units, in order, PORTION surveys at a time."""
    for start in range(0, len(rows), PORTION):
        yield dataset.reader.read(modality, rows[start : start + PORTION])
