"""Labels that species of other surveys at the same rounded coordinates join with a weight below 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import GRADES, Dataset, TargetKind
from sdm.data.position_groups import group_by_position
from sdm.data.targets import target_matrix
from sdm.errors import DataError

# Decimals that coordinates share -> weight; a survey's own species have 1 (presence-only augmentation, 2024).
WEIGHTS: Mapping[int, float] = MappingProxyType({4: 0.95, 3: 0.9, 2: 0.7, 1: 0.4, 0: 0.1})
# The same source's five classes per species: absent 0, recorded at so many shared decimals, the survey's own.
GRADE_OF: Mapping[int, float] = MappingProxyType({2: 1.0, 3: 2.0, 4: 3.0})
OWN = GRADES - 1


@dataclass(frozen=True)
class Cells:
    """The cells of one precision: `cell` int64 (N,) of each survey, `species` csr (C, S) of 0/1 in each cell."""

    decimals: int
    cell: np.ndarray
    species: csr_matrix


@dataclass(frozen=True)
class NearbySpecies:
    """For N surveys, their own species and those recorded near them at each precision, coarse to fine.

    `own` csr (N, S) of 0/1. Species are looked up per batch, all surveys of it at once.
    """

    own: csr_matrix
    precisions: tuple[Cells, ...]

    def levels(self, rows: np.ndarray, values: Mapping[int, float], own: float) -> np.ndarray:
        """float32 (n, S) of the surveys `rows`: `own` where a species is the survey's own, else `values` of the
        finest precision at which it is near, else 0."""
        found = np.zeros((len(rows), self.own.shape[1]), np.float32)
        for cells in self.precisions:
            _write(found, cells.species, cells.cell[rows], values[cells.decimals])
        _write(found, self.own, rows, own)
        return found

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """float32 (n, S): soft labels, 1 for own species, WEIGHTS for those near."""
        return self.levels(rows, WEIGHTS, 1.0)

    def grades(self, rows: np.ndarray) -> np.ndarray:
        """float32 (n, S): grades, OWN for own species, those of GRADE_OF for those near, else 0."""
        return self.levels(rows, GRADE_OF, OWN)

    def overlaps(self) -> dict[int, int]:
        """Decimals -> how many surveys share their rounded position with another survey, fine to coarse."""
        sizes = {cells.decimals: np.bincount(cells.cell)[cells.cell] for cells in self.precisions}
        return {decimals: int((size > 1).sum()) for decimals, size in reversed(sizes.items())}


def nearby_species(dataset: Dataset, decimals: Sequence[int]) -> NearbySpecies:
    """What is near each survey of `dataset`, which must hold nothing but surveys to learn from.

    `decimals` are keys of WEIGHTS. A survey without a position is near none. DataError for other decimals, or
    targets that are not sets of species.
    """
    if dataset.targets.kind is not TargetKind.MULTILABEL:
        raise DataError("only sets of species can be joined", where=dataset.name, got=dataset.targets.kind)
    if not decimals or not set(decimals) <= set(WEIGHTS):
        expected, got = ", ".join(map(str, WEIGHTS)), ", ".join(map(str, decimals)) or "none"
        raise DataError("no weights for these decimals", expected=expected, got=got)
    own = target_matrix(dataset.targets)
    lon, lat = (dataset.sites[column].to_numpy(np.float64) for column in ("lon", "lat"))
    every = []
    for count in sorted(set(decimals)):
        groups = group_by_position(lon, lat, count)
        every.append(Cells(count, groups.group_of, groups.union(own)))
    return NearbySpecies(own, tuple(every))


def _write(found: np.ndarray, species: csr_matrix, rows: np.ndarray, value: float) -> None:
    """Set `found[i]` to `value` at the species that row `rows[i]` of `species` stores."""
    chosen = species[rows]
    present = chosen.data != 0
    at = np.repeat(np.arange(len(rows)), np.diff(chosen.indptr))
    found[at[present], chosen.indices[present]] = value
