"""What records are compared with: the sites that make up the background of each species.

Records lie where people look. Sites where anything of the same taxonomic group was recorded share that bias, so
that it falls out of the comparison (target-group background, Phillips et al. 2009, doi:10.1890/07-2153.1); sites
drawn at random do not share it, and what is learnt then is partly where people look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.data.record_types import BACKGROUND
from sdm.data.targets import target_matrix
from sdm.errors import TrainingError
from sdm.models.preparation import Batch, read_batch
from sdm.models.statistics import Statistics

BackgroundKind = Literal["usual", "target-group", "random", "all"]
"""What `usual_background` says; sites with a record of the group; background sites of the data set; both."""
FEWEST_SPECIES = 5  # of fewer the target group is little more than the places of the others


@dataclass(frozen=True)
class PresenceData:
    """N sites: `batch` of their inputs, `recorded` csr (N, S) of 0/1, `group` int (S,) of each species, and
    `member` bool (N, G): which sites are background of each group."""

    batch: Batch
    recorded: csr_matrix
    group: np.ndarray
    member: np.ndarray

    def background(self, species: int) -> np.ndarray:
        """The background sites of a species."""
        return np.flatnonzero(self.member[:, self.group[species]])

    def presences(self, species: int) -> np.ndarray:
        """The sites with a record of it."""
        return np.flatnonzero(self.recorded[:, [species]].toarray().ravel())

    @property
    def prevalence(self) -> np.ndarray:
        """float (S,): records per background site of each species, 0 without a background."""
        sites = self.member.sum(axis=0)[self.group]
        return np.asarray(self.recorded.sum(axis=0)).ravel() / np.maximum(sites, 1)


def usual_background(dataset: Dataset) -> Literal["target-group", "random"]:
    """The target group where at least FEWEST_SPECIES species are recorded, or where there is no other background;
    else the background sites of the data set."""
    there = (dataset.sites["source"] == BACKGROUND).to_numpy().any()
    return "random" if there and len(dataset.targets.classes) < FEWEST_SPECIES else "target-group"


def presence_data(
    dataset: Dataset, rows: np.ndarray, inputs: dict[str, str], statistics: Statistics, kind: BackgroundKind
) -> PresenceData:
    """The records at `rows` with their background. Sites that lack every input are left out.

    TrainingError where background sites are asked for that the data set has not, or where nothing is recorded.
    """
    if kind == "usual":
        kind = usual_background(dataset)
    there = np.logical_and.reduce([dataset.available(name) for name in inputs])
    rows = rows[there[rows]]
    others = np.flatnonzero((dataset.sites["source"] == BACKGROUND).to_numpy() & there)
    if kind == "target-group":
        others = others[:0]
    elif not len(others):
        raise TrainingError(
            "the data set has no background sites", where=dataset.name, expected=f"some of source {BACKGROUND!r}",
            remedy="Import them with --background, or train with the target-group background.",
        )  # fmt: skip
    recorded = target_matrix(dataset.targets.take(np.concatenate([rows, others])))
    if not recorded.nnz:
        raise TrainingError("nothing is recorded at the training sites", where=dataset.name)
    group = species_groups(dataset.targets.classes)
    member = group_members(recorded, group) if kind != "random" else np.zeros((len(recorded.indptr) - 1, 1), bool)
    if kind == "random":
        group = np.zeros_like(group)
    member[len(rows) :] = True
    batch = read_batch(dataset, np.concatenate([rows, others]), inputs, statistics, targets=False)
    return PresenceData(batch, recorded, group, member)


def species_groups(classes: pd.DataFrame) -> np.ndarray:
    """int (S,): the taxonomic group of each species; 0 for all that are alone in theirs, or without the column.

    >>> species_groups(pd.DataFrame({"group": ["bird", "bat", "bird", "newt"]})).tolist()
    [1, 0, 1, 0]
    """
    if "group" not in classes:
        return np.zeros(len(classes), np.int64)
    names = classes["group"].astype(str)
    shared = names.duplicated(keep=False)
    number = np.unique(names.where(shared, ""), return_inverse=True)[1].astype(np.int64)
    return number + int(shared.all())  # 0 is left for the remainder


def group_members(recorded: csr_matrix, group: np.ndarray) -> np.ndarray:
    """bool (N, G): the sites with a record of each group; group 0, the remainder, has all with any.

    `recorded` csr (N, S), `group` that of `species_groups`.
    """
    ones = np.ones(len(group))
    of_group = csr_matrix((ones, (np.arange(len(group)), group)), shape=(len(group), int(group.max()) + 1))
    member = (recorded @ of_group).toarray() > 0
    if member.shape[1] > 1:
        member[:, 0] = member.any(axis=1)
    return member
