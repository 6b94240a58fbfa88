"""The columns such a model sees of one modality: numbers, and a column of 0/1 for each level of a class code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sdm.errors import RunError
from sdm.models.preparation import Batch, coded_channels

PREPARATION = "standardise-numbers"


@dataclass(frozen=True)
class Design:
    """Columns made of `modality`, whose values are prepared by PREPARATION.

    `levels`: per class code its levels in training, ascending; any other, or a missing one, is all zeros. A
    missing number is the mean of training.
    """

    modality: str
    levels: tuple[np.ndarray, ...]

    @property
    def number_count(self) -> int:
        """How many numbers there are."""
        return int((~coded_channels(self.modality)).sum())

    @staticmethod
    def of(modality: str, batch: Batch) -> Design:
        """The design of training sites."""
        codes, valid = _part(batch, modality, coded=True)
        return Design(modality, tuple(np.unique(c[v]) for c, v in zip(codes.T, valid.T, strict=True)))

    def numbers(self, batch: Batch) -> np.ndarray:
        """float32 (n, P): the numbers, standardised."""
        return _part(batch, self.modality, coded=False)[0]

    def codes(self, batch: Batch) -> np.ndarray:
        """float32 (n, C): the class codes, -1 where missing."""
        codes, valid = _part(batch, self.modality, coded=True)
        return np.where(valid, codes, np.float32(-1))

    def matrix(self, batch: Batch) -> np.ndarray:
        """float32 (n, D): the numbers, then the levels of every code in turn."""
        codes, valid = _part(batch, self.modality, coded=True)
        marks = [(codes[:, [i]] == levels) & valid[:, [i]] for i, levels in enumerate(self.levels) if len(levels)]
        return np.concatenate([self.numbers(batch), *marks], axis=1, dtype=np.float32)

    def table(self) -> dict[str, np.ndarray]:
        """The levels as arrays: all in turn, and how many each code has."""
        every = np.concatenate([*self.levels, np.zeros(0)]).astype(np.float32)
        return {"levels": every, "level_counts": np.array([len(one) for one in self.levels], np.int64)}

    @staticmethod
    def restored(modality: str, table: Mapping[str, np.ndarray]) -> Design:
        """What `table` gave; RunError where it does not fit."""
        counts, every = table["level_counts"], table["levels"]
        if counts.sum() != len(every) or len(counts) != int(coded_channels(modality).sum()):
            raise RunError("the table does not fit", expected=f"levels of the class codes of {modality}")
        return Design(modality, tuple(np.split(every, np.cumsum(counts)[:-1])) if len(counts) else ())


def _part(batch: Batch, modality: str, *, coded: bool) -> tuple[np.ndarray, np.ndarray]:
    """Values and mask of the numbers, or of the class codes, of a batch."""
    keep = coded_channels(modality).ravel() == coded
    return batch[modality].cpu().numpy()[:, keep], batch[f"{modality}_valid"].cpu().numpy()[:, keep]
