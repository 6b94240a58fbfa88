"""Down-sampled random forests: each tree is grown on as many background sites as presences (Valavi et al. 2021,
doi:10.1111/ecog.05615)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
import torch
from pydantic import Field

from sdm.data.dataset import TargetKind
from sdm.jobs import Report
from sdm.models.preparation import Batch
from sdm.models.presence_only.background import PresenceData
from sdm.models.presence_only.model import PresenceOnly, PresenceOnlyConfig
from sdm.models.presence_only.trees import Trees, grown, joined
from sdm.models.specification import Size

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

MOST_RANKED = 2048  # background sites that tell how the votes of a forest are distributed
LEAST_VOTE = 1e-3  # a vote of nothing is no proof of absence


@dataclass(frozen=True, kw_only=True)
class BalancedForestConfig(PresenceOnlyConfig):
    """`trees` per species of at least `least_leaf` sites a leaf, each grown on `most_presences` at most."""

    trees: Size = 100
    least_leaf: Size = 5
    most_presences: Annotated[int, Field(ge=1)] = 500


class BalancedForest(PresenceOnly):
    """A forest per species; its log intensity is the log odds of the mean share of presences in the leaves."""

    configuration = BalancedForestConfig
    config: BalancedForestConfig

    def __init__(self, kind: TargetKind, width: int, config: BalancedForestConfig) -> None:
        super().__init__(kind, width, config)
        self.trees: list[Trees] = []
        self.unseen: list[np.ndarray] = []

    def parts(self, data: PresenceData) -> int:  # noqa: ARG002
        return self.width * self.config.trees

    def learn(self, data: PresenceData, report: Report) -> None:
        matrix = self.design.matrix(data.batch)
        random = np.random.default_rng(int(torch.randint(1 << 31, ()).item()))
        self.trees, self.unseen = [], []
        for species in range(self.width):
            of_species = partial(self._report, report, species)
            trees, votes = self._forest(matrix, data, species, random, of_species)
            self.trees.append(trees)
            self.unseen.append(log_odds(votes))

    def _report(self, report: Report, species: int, trees: int) -> None:
        """That so many trees of `species` stand."""
        done = species * self.config.trees + trees
        report(done, self.width * self.config.trees, f"species {species + 1} of {self.width}")

    def _forest(
        self, matrix: np.ndarray, data: PresenceData, species: int, random: np.random.Generator,
        report: Callable[[int], None],
    ) -> tuple[Trees, np.ndarray]:  # fmt: skip
        """The trees of a species, and what those not grown on them say of some background sites."""
        present, background = data.presences(species), data.background(species)
        absent = np.setdiff1d(background, present)
        if not len(present) or not len(absent):
            report(self.config.trees)
            return joined([]), np.full(1, 0.5)
        looked_at = random.choice(background, min(len(background), MOST_RANKED), replace=False)
        votes, count = np.zeros(len(looked_at)), np.zeros(len(looked_at))
        size = min(len(present), self.config.most_presences)
        every = []
        for number in range(self.config.trees):
            drawn = np.concatenate([random.choice(present, size), random.choice(absent, size)])
            tree = self._tree(matrix[drawn], np.repeat([1, 0], size), random)
            every.append(tree)
            free = ~np.isin(looked_at, drawn)
            votes[free] += tree.vote(matrix[looked_at[free]])
            count += free
            report(number + 1)
        return joined(every), np.divide(votes, count, out=np.full(len(votes), 0.5), where=count > 0)

    def _tree(self, sites: np.ndarray, present: np.ndarray, random: np.random.Generator) -> Trees:
        from sklearn.tree import DecisionTreeClassifier  # slow to load, and only growing needs it

        seed = int(random.integers(1 << 31))
        tree: DecisionTreeClassifier = DecisionTreeClassifier(
            max_features="sqrt", min_samples_leaf=self.config.least_leaf, random_state=seed
        )
        return grown(tree.fit(sites, present))

    def log_intensity(self, batch: Batch) -> np.ndarray:
        matrix = self.design.matrix(batch)
        return log_odds(np.stack([trees.vote(matrix) for trees in self.trees], axis=1))

    def take_species(self, every: Self, species: int) -> None:
        self.trees = [every.trees[species]]

    def arrays(self) -> dict[str, np.ndarray]:
        counts = np.array([len(trees.roots) for trees in self.trees], np.int64)
        return joined(self.trees).arrays() | {"trees": counts}

    def take(self, table: Mapping[str, np.ndarray]) -> None:
        every, counts = Trees.restored(table), table["trees"]
        if len(counts) != self.width or counts.sum() != len(every.roots):
            raise ValueError(f"{len(counts)} forests")
        every.check(sum(map(len, self.design.levels)) + self.design.number_count)
        self.trees = every.parts(counts)


def log_odds(votes: np.ndarray) -> np.ndarray:
    """The log odds of votes, which stand for presences against as many background sites."""
    share = np.clip(votes, LEAST_VOTE, 1 - LEAST_VOTE)
    return np.log(share) - np.log1p(-share)
