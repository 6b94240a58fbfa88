"""Splits by whole groups: no group on two sides, shares per class, the same whatever the order of rows."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sdm.rasters.group_splits import (
    SIDES,
    all_splits,
    blocks,
    class_shares,
    intersections,
    polygon_blocks,
    site_split,
    split_80_10_10,
)

rows = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=120)


@given(rows, st.integers(0, 5), st.randoms())
def test_whole_groups_in_any_order(pairs: list[tuple[int, int]], seed: int, random: object) -> None:
    groups, classes = np.array(pairs).T
    split = split_80_10_10(groups, classes, seed)
    assert set(split) <= set(SIDES) and not any(intersections(split, groups).values())
    trained = set(classes[split == "train"])
    assert trained == set(classes), "every class is learnt"
    order = list(range(len(pairs)))
    random.shuffle(order)  # type: ignore[attr-defined]
    if len(set(groups)) < len(groups):
        assert (split_80_10_10(groups[order], classes[order], seed) == split[order]).all()


def cost(split: np.ndarray) -> float:
    """The squared distances from the wanted shares, for one class."""
    shares = np.array([(split == side).mean() for side in SIDES])
    return float(((shares - [0.8, 0.1, 0.1]) ** 2).sum())


@given(st.lists(st.integers(1, 40), min_size=3, max_size=20), st.integers(0, 5))
def test_no_polygon_of_one_class_could_move_closer_to_the_shares(sizes: list[int], seed: int) -> None:
    sizes = [*sizes, 2]
    groups = np.repeat(np.arange(len(sizes)), sizes)
    split = split_80_10_10(groups, np.zeros(len(groups)), seed)
    assert set(split) == set(SIDES)
    for group in range(len(sizes)):
        for side in SIDES:
            moved = np.where(groups == group, side, split)
            assert set(moved) < set(SIDES) or cost(moved) > cost(split) - 1e-9


def test_pixels_are_split_exactly() -> None:
    classes = np.repeat([0, 1, 2, 3, 4], [1000, 37, 3, 2, 1])
    split = split_80_10_10(np.arange(len(classes)) * 7, classes, 1)
    assert class_shares(split, classes).to_numpy().tolist() == [
        [800, 100, 100], [29, 4, 4], [1, 1, 1], [1, 1, 0], [1, 0, 0],
    ]  # fmt: skip
    order = np.random.default_rng(0).permutation(len(classes))
    assert (split_80_10_10(order * 7, classes[order], 1) == split[order]).all()


def test_equal_polygons() -> None:
    groups, classes = np.repeat(np.arange(40), 5), np.repeat([0, 1], 100)
    shares = class_shares(split_80_10_10(groups, classes, 3), classes)
    assert shares.to_numpy().tolist() == [[80, 10, 10], [80, 10, 10]]


def test_a_class_with_one_group_keeps_its_group_in_training() -> None:
    groups, classes = np.repeat(np.arange(30), 4), np.zeros(120, int)
    classes[8] = 1
    for seed in range(10):
        assert (split_80_10_10(groups, classes, seed)[groups == 2] == "train").all()


def test_text_groups_and_seeds() -> None:
    groups, classes = np.repeat([f"p{i}" for i in range(50)], 3), np.zeros(150)
    splits = [split_80_10_10(groups, classes, seed).tolist() for seed in range(3)]
    assert splits[0] != splits[1] != splits[2]
    assert split_80_10_10(np.empty(0, int), np.empty(0, int)).size == 0


def test_site_split() -> None:
    source = np.repeat(["Vega", "Landsvik"], [60, 100])
    split = site_split(source, np.arange(160) // 5, np.zeros(160))
    assert set(split[source == "Vega"]) == {"test"}
    assert set(split[source == "Landsvik"]) == {"train", "validation"}


def test_blocks_are_apart_by_source() -> None:
    x, y = np.array([0, 199, 200, 0, 0.0]), np.array([0, 0, 0, -1, 0.0])
    number = blocks(x, y, np.array(["a", "a", "a", "a", "b"]))
    assert number[0] == number[1] and len(set(number)) == 4


def test_a_polygon_across_squares_is_in_one_block() -> None:
    x, zero, source = np.array([10.0, 190, 230, 230, 10]), np.zeros(5), np.array(["a", "a", "a", "a", "b"])
    number = polygon_blocks(x, zero, source, np.array([7, 7, 7, 8, 7]))
    assert number[0] == number[1] == number[2] != number[3] and number[4] not in number[:4]


def test_all_splits_of_a_table() -> None:
    random = np.random.default_rng(4)
    x, y = random.uniform(0, 2000, (2, 3000))
    source = np.where(x < 1200, "A", "B")
    polygon = (x // 70 + 100 * (y // 70)).astype(int)
    block = polygon_blocks(x, y, source, polygon)
    sites = pd.DataFrame({"source": source, "survey_id": np.arange(3000), "polygon": polygon, "block": block})
    classes = (polygon % 5).astype(int)
    splits = all_splits(sites, classes)
    whole = polygon + 10**6 * (source == "A")
    for name, groups in (("polygon", whole), ("block", block), ("block", whole), ("site", whole)):
        split = splits[f"split_{name}"].to_numpy(str)
        assert not any(intersections(split, groups).values())
        shares = class_shares(split, classes)
        off = (shares.div(shares.sum(axis=1), axis=0) - [0.8, 0.1, 0.1]).abs().to_numpy().max()
        assert off < 0.03 or name == "site"


def test_fast_enough() -> None:
    """Two hundred thousand pixels of two thousand polygons."""
    groups = np.repeat(np.arange(2000), 100)
    start = time.process_time()
    split_80_10_10(groups, groups % 40)
    split_80_10_10(np.arange(200_000), groups % 40)
    assert time.process_time() - start < 2
