"""What a decoder is: a choice of species for each survey of a block of probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix, vstack

SURVEYS = 256  # decoded at a time


@dataclass(frozen=True)
class Block:
    """n surveys: `probability` float32 (n, c); `elsewhere` (n,), the sum over further species, none of them likely
    enough to be taken; `species` int (n, c), which species each value is of, None where column j is species j."""

    probability: np.ndarray
    elsewhere: np.ndarray
    species: np.ndarray | None = None


Select = Callable[[Block], np.ndarray]
"""The values of a block that are taken, bool (n, c)."""


class Decodes(Protocol):
    """What makes sets of the probabilities of surveys."""

    def decode(self, probabilities: np.ndarray) -> csr_matrix:
        """csr bool (N, S): the set of each row of `probabilities` (N, S)."""


@dataclass(frozen=True)
class Decoder:
    """A decoder ready to use; `str(decoder)` is its text in the grammar."""

    text: str
    select: Select

    def __str__(self) -> str:
        return self.text

    def decode(
        self,
        probabilities: np.ndarray,
        elsewhere: np.ndarray | None = None,
        species: np.ndarray | None = None,
    ) -> csr_matrix:
        """csr bool (N, c): the set of each row of `probabilities` (N, c); see `Block` for the others."""
        rest = np.zeros(len(probabilities), np.float32) if elsewhere is None else elsewhere
        parts = [
            csr_matrix(self.select(Block(values, rest[rows], None if species is None else species[rows])))
            for rows, values in blocks(probabilities)
        ]
        return vstack([csr_matrix((0, probabilities.shape[1]), dtype=bool), *parts], format="csr")


def blocks(probabilities: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Rows and their values as float32, SURVEYS at a time."""
    for start in range(0, len(probabilities), SURVEYS):
        rows = slice(start, start + SURVEYS)
        yield rows, np.asarray(probabilities[rows], np.float32)
