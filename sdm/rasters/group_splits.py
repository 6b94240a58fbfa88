"""Splits of labelled pixels into 80 % training, 10 % validation and 10 % test, per class, by whole groups.

A group is a pixel, a polygon, a block or a site. Neighbouring pixels are nearly the same, so that a split by
random pixel measures how well a model remembers. Roberts et al. 2017 (doi:10.1111/ecog.02881) block by what makes
rows alike, here the place and the polygon (one label for all of it): a block is made of whole polygons.
Every split is a function of seed, groups and classes alone, whatever the order of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from sdm.data.splits import SEED, TEST, TRAIN, VALIDATION
from sdm.geo.hashing import combine, stream, uniform

SIDES = (TRAIN, VALIDATION, TEST)
WANTED = np.array([0.8, 0.1, 0.1])
PASSES = 20
BLOCK_METRES = 200.0
BLOCKS_A_SIDE = 8  # at least, of the longest source


def split_80_10_10(groups: np.ndarray, classes: np.ndarray, seed: int = SEED) -> np.ndarray:
    """ "train", "validation" or "test" of each row: whole `groups`, each of `classes` near 80/10/10.

    A class with one group stays in training; one with two groups has one of them there, the other in validation;
    one with three or more is on each side where the other classes of its groups allow it. Groups are visited in an
    order drawn from `seed`, and moved where this lowers the squared distances from the wanted shares, until no
    single move does.

    >>> split_80_10_10(np.repeat(np.arange(10), 3), np.zeros(30), seed=2)[::3].tolist().count("train")
    8
    """
    names, group = np.unique(groups, return_inverse=True)
    _, label = np.unique(classes, return_inverse=True)
    if len(names) == len(groups):
        return _split_of_rows(_draw(names, seed)[group], label)
    counts = np.zeros((len(names), label.max(initial=-1) + 1), np.int64)
    np.add.at(counts, (group, label), 1)
    assignment = _Assignment(counts, _draw(names, seed))
    assignment.improve()
    assignment.fill_empty_sides()
    return np.array(SIDES, "<U10")[assignment.side[group]]


def blocks(x: np.ndarray, y: np.ndarray, source: np.ndarray, metres: float = BLOCK_METRES) -> np.ndarray:
    """int64 (N,): the number of the square of `metres` that each position lies in, apart for each source.

    >>> blocks(np.array([10, 190, 210.]), np.array([5, 5, 5.]), np.array(["a", "a", "a"])).tolist()
    [0, 0, 1]
    """
    cells = pd.DataFrame({"source": source, "row": np.floor(y / metres), "column": np.floor(x / metres)})
    return cells.groupby(["source", "row", "column"], sort=True).ngroup().to_numpy(np.int64)


def polygon_blocks(
    x: np.ndarray, y: np.ndarray, source: np.ndarray, polygon: np.ndarray, metres: float = BLOCK_METRES
) -> np.ndarray:
    """int64 (N,): the block of each row, whole polygons: the square in which the mean position of its rows lies.

    >>> x, zero, one = np.array([150, 180, 260, 260.]), np.zeros(4), np.array(["a"] * 4)
    >>> polygon_blocks(x, zero, one, np.array([1, 1, 1, 2])).tolist()
    [0, 0, 0, 1]
    """
    rows = pd.DataFrame({"x": x, "y": y, "source": source, "polygon": polygon})
    centre = rows.groupby(["source", "polygon"])[["x", "y"]].transform("mean")
    return blocks(centre["x"].to_numpy(), centre["y"].to_numpy(), source, metres)


def site_split(source: np.ndarray, groups: np.ndarray, classes: np.ndarray, seed: int = SEED) -> np.ndarray:
    """The largest site is training and, by whole `groups`, validation; every other site is test.

    Its validation is what `split_80_10_10` takes out of training, test included, so about a fifth of it.
    """
    names, counts = np.unique(source, return_counts=True)
    split = np.full(len(source), TEST, dtype="<U10")
    largest = source == names[counts.argmax()] if len(names) else np.zeros(0, bool)
    inner = split_80_10_10(groups[largest], classes[largest], seed)
    split[largest] = np.where(inner == TRAIN, TRAIN, VALIDATION)
    return split


def all_splits(sites: pd.DataFrame, classes: np.ndarray, seed: int = SEED) -> pd.DataFrame:
    """Columns split_random, split_polygon, split_block and split_site of a table of sites with `classes` (N,).

    `sites` has the columns source, survey_id (unique), polygon and block (`polygon_blocks`).
    """
    source = sites["source"].to_numpy(str)
    polygon = sites.groupby(["source", "polygon"], sort=True).ngroup().to_numpy()
    block = sites.groupby(["source", "block"], sort=True).ngroup().to_numpy()
    groups = {"random": sites["survey_id"].to_numpy(), "polygon": polygon, "block": block}
    splits = splits_by_group(groups, classes, seed).set_index(sites.index)
    return splits.assign(split_site=site_split(source, block, classes, seed))


def splits_by_group(groups: Mapping[str, np.ndarray], classes: np.ndarray, seed: int = SEED) -> pd.DataFrame:
    """A column `split_<scheme>` for each scheme -> groups (N,), of which none is cut."""
    return pd.DataFrame(
        {f"split_{scheme}": split_80_10_10(group, classes, seed) for scheme, group in groups.items()}
    )


def block_side(x: np.ndarray, y: np.ndarray, source: np.ndarray, most: float, least: float) -> float:
    """`most` metres, less where no source is BLOCKS_A_SIDE blocks long, but `least` in any case.

    >>> block_side(np.array([0, 800.0]), np.array([0, 80.0]), np.array(["a", "a"]), 200, 10)
    100.0
    """
    places = pd.DataFrame({"x": x, "y": y}).groupby(source)
    longest = float((places.max() - places.min()).to_numpy().max())
    return max(min(most, longest / BLOCKS_A_SIDE), least)


def intersections(split: np.ndarray, groups: np.ndarray) -> dict[str, int]:
    """Groups that are on both sides of each pair of sides: all 0 where no group was cut.

    >>> intersections(np.array(["train", "test", "test"]), np.array([7, 7, 8]))
    {'train and validation': 0, 'train and test': 1, 'validation and test': 0}
    """
    on = {side: set(np.unique(groups[split == side]).tolist()) for side in SIDES}
    return {f"{one} and {other}": len(on[one] & on[other]) for one, other in combinations(SIDES, 2)}


def class_shares(split: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """Rows of each class per side, as counts; index the classes in ascending order, columns SIDES."""
    table = pd.crosstab(pd.Series(classes, name="class"), pd.Series(split, name="split"))
    return table.reindex(columns=list(SIDES), fill_value=0)


def _draw(names: np.ndarray, seed: int) -> np.ndarray:
    """A number in [0, 1) of each group, a function of `seed` and its name."""
    numbers = names if names.dtype.kind in "iu" else np.array([stream(str(name)) for name in names], np.int64)
    return uniform(combine(seed, numbers), "group split")


def _split_of_rows(draw: np.ndarray, label: np.ndarray) -> np.ndarray:
    """The split of groups of one row each: the lowest tenth of each class is test, the next validation."""
    split = np.full(len(label), TRAIN, dtype="<U10")
    order = np.lexsort((draw, label))
    starts = np.searchsorted(label[order], np.arange(label.max(initial=-1) + 1))
    sizes = np.diff(np.append(starts, len(label)))
    rank, size = np.arange(len(label)) - np.repeat(starts, sizes), np.repeat(sizes, sizes)
    tenth = np.where(size >= 3, np.maximum(np.rint(size * WANTED[1]), 1), 0)
    split[order[rank < tenth]] = TEST
    split[order[(rank >= tenth) & (rank < 2 * tenth)]] = VALIDATION
    split[order[(size == 2) & (rank == 0)]] = VALIDATION
    return split


class _Assignment:
    """Groups with `counts` (group, class) of rows, all in training (side 0) at first.

    `filled` (side, class) counts rows and `groups_on` (side, class) groups.
    """

    def __init__(self, counts: np.ndarray, draw: np.ndarray) -> None:
        self.counts, self.has = counts, counts > 0
        self.totals = counts.sum(axis=0)
        self.order = np.argsort(draw, kind="stable")
        self.side = np.zeros(len(counts), np.int64)
        self.filled = np.zeros((len(SIDES), counts.shape[1]), np.int64)
        self.groups_on = np.zeros_like(self.filled)
        self.filled[0], self.groups_on[0] = self.totals, self.has.sum(axis=0)

    def improve(self) -> None:
        """Move single groups as long as a move brings the shares closer to those wanted."""
        for _ in range(PASSES):
            moves = [self._improve(group) for group in self.order]
            if not any(moves):
                return

    def fill_empty_sides(self) -> None:
        """Give each side that lacks a class of enough groups the group of training that fits best."""
        number = self.has.sum(axis=0)
        for wanted in np.argsort(number, kind="stable"):
            for side, least in ((1, 2), (2, 3)):
                if self.groups_on[side, wanted] or number[wanted] < least:
                    continue
                free = [g for g in self.order if self.has[g, wanted] and self.side[g] == 0 and self._may_leave(g)]
                if free:
                    self._move(min(free, key=lambda group: self._cost(group, side)), side)

    def _improve(self, group: int) -> bool:
        """Move `group` to the side with the least cost; whether it had been on another."""
        if not self._may_leave(group):
            return False
        costs = [self._cost(group, side) for side in range(len(SIDES))]
        best = int(np.argmin(costs))
        if costs[best] > costs[self.side[group]] - 1e-12:
            return False
        self._move(group, best)
        return True

    def _cost(self, group: int, side: int) -> float:
        """The squared distances from the wanted shares, of the classes of `group`, were it on `side`."""
        present = np.flatnonzero(self.has[group])
        rows = self.filled[:, present]
        rows[self.side[group]] -= self.counts[group, present]
        rows[side] += self.counts[group, present]
        return float(((rows / self.totals[present] - WANTED[:, None]) ** 2).sum())

    def _may_leave(self, group: int) -> bool:
        """Whether `group` is out of training, or each of its classes has another group there."""
        return bool(self.side[group] > 0 or (self.groups_on[0, self.has[group]] > 1).all())

    def _move(self, group: int, side: int) -> None:
        for change, to in ((-1, self.side[group]), (1, side)):
            self.filled[to] += change * self.counts[group]
            self.groups_on[to] += change * self.has[group]
        self.side[group] = side
