"""Decision trees as arrays: grown by scikit-learn, stored without pickles, and followed by numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sdm.errors import RunError

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

LEAF = -1
AT_ONCE = 1 << 20  # pairs of tree and site followed together


@dataclass(frozen=True)
class Trees:
    """The nodes of T trees in turn; `roots` (T,) are where each begins.

    A site goes from node i to `left[i]` where its `feature[i]` is at most `threshold[i]`, else to `right[i]`; at a
    leaf, whose feature is LEAF, `share[i]` of the sites it was grown on were presences.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    share: np.ndarray
    roots: np.ndarray

    def vote(self, sites: np.ndarray) -> np.ndarray:
        """float64 (n,): the mean share over all trees at `sites` float32 (n, D); 0.5 without a tree."""
        if not len(self.roots):
            return np.full(len(sites), 0.5)
        parts = np.array_split(sites, max(1, -(-len(sites) * len(self.roots) // AT_ONCE)))
        return np.concatenate([self._vote(part) for part in parts])

    def _vote(self, sites: np.ndarray) -> np.ndarray:
        count = len(sites)
        node = np.repeat(self.roots, count)
        site = np.tile(np.arange(count), len(self.roots))
        moving = np.flatnonzero(self.feature[node] != LEAF)
        while len(moving):
            at = node[moving]
            low = sites[site[moving], self.feature[at]] <= self.threshold[at]
            node[moving] = np.where(low, self.left[at], self.right[at])
            moving = moving[self.feature[node[moving]] != LEAF]
        return self.share[node].reshape(len(self.roots), count).mean(axis=0, dtype=np.float64)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything by name."""
        return {name: getattr(self, name) for name in ARRAYS}

    @staticmethod
    def restored(table: Mapping[str, np.ndarray]) -> Trees:
        """What `arrays` gave."""
        return Trees(*(table[name].astype(kind) for name, kind in ARRAYS.items()))

    def check(self, features: int) -> None:
        """RunError unless every way leads forward to a leaf, past features there are."""
        nodes = np.arange(len(self.feature))
        inner = self.feature != LEAF
        whole = len({len(getattr(self, name)) for name in ARRAYS if name != "roots"}) == 1
        if whole and inner.any():
            ahead = (self.left[inner] > nodes[inner]) & (self.right[inner] > nodes[inner])
            inside = np.maximum(self.left[inner], self.right[inner]) < len(nodes)
            known = (self.feature[inner] >= 0) & (self.feature[inner] < features)
            whole = bool((ahead & inside & known).all())
        if len(self.roots):
            whole = whole and int(self.roots.min()) >= 0 and int(self.roots.max()) < len(nodes)
        if not whole:
            raise RunError(
                "the trees do not fit", expected=f"nodes on {features} columns, each child after its node"
            )

    def parts(self, counts: Sequence[int] | np.ndarray) -> list[Trees]:
        """The trees in groups of `counts`, which share their nodes."""
        ends = np.cumsum(counts)[:-1]
        nodes = (self.feature, self.threshold, self.left, self.right, self.share)
        return [Trees(*nodes, roots) for roots in np.split(self.roots, ends)]


ARRAYS: dict[str, type] = {
    "feature": np.int16, "threshold": np.float32, "left": np.int32, "right": np.int32, "share": np.float32,
    "roots": np.int64,
}  # fmt: skip


def grown(tree: DecisionTreeClassifier) -> Trees:
    """A fitted tree for classes 0 and 1, whose decisions on float32 sites it takes exactly."""
    nodes = tree.tree_
    leaf = nodes.children_left < 0
    threshold = nodes.threshold.astype(np.float32)
    above = threshold.astype(np.float64) > nodes.threshold  # rounded up: the next number below decides alike
    threshold[above] = np.nextafter(threshold[above], np.float32(-np.inf))
    counts = nodes.value[:, 0, :]
    column = list(tree.classes_).index(1)
    share = counts[:, column] / counts.sum(axis=1)
    return Trees(
        np.where(leaf, LEAF, nodes.feature).astype(np.int16), threshold, nodes.children_left.astype(np.int32),
        nodes.children_right.astype(np.int32), share.astype(np.float32), np.zeros(1, np.int64),
    )  # fmt: skip


def joined(every: Sequence[Trees]) -> Trees:
    """All of them as one."""
    starts = np.cumsum([0, *(len(trees.feature) for trees in every)])
    moved = [
        Trees(t.feature, t.threshold, t.left + at, t.right + at, t.share, t.roots + at)
        for t, at in zip(every, starts.tolist(), strict=False)
    ]
    return Trees(
        *(
            np.concatenate([np.zeros(0, kind), *(getattr(t, name) for t in moved)]).astype(kind)
            for name, kind in ARRAYS.items()
        )
    )
