"""Groups by rounded position are those of a plain groupby."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.data import position_groups
from sdm.data.position_groups import group_by_position
from sdm.errors import DataError

DEGREES = st.one_of(
    st.integers(-40, 40).map(lambda steps: steps / 8),  # ties of rounding
    st.floats(-180, 180),
    st.just(float("nan")),
    st.sampled_from([-0.0, 0.04, -0.04, 5.05, 4.95]),
)
PLACES = st.lists(st.tuples(DEGREES, DEGREES), min_size=1, max_size=30)


def by_pandas(lon: np.ndarray, lat: np.ndarray, decimals: int) -> list[list[int]]:
    """The rows of each group, ascending by position; then each row without a position."""
    table = pd.DataFrame({"lon": lon, "lat": lat}).round(decimals) + 0.0  # no negative zero
    groups = [sorted(rows) for _, rows in sorted(table.dropna().groupby(["lon", "lat"]).groups.items())]
    return [*map(list, groups), *([row] for row in np.flatnonzero(table.isna().any(axis=1)))]


@given(PLACES, st.integers(0, 4), st.booleans())
@settings(max_examples=50, deadline=None)
def test_groups_are_those_of_pandas(places: list[tuple[float, float]], decimals: int, packed: bool) -> None:
    lon, lat = np.array(places).T
    with pytest.MonkeyPatch.context() as patch:
        if not packed:
            patch.setattr(position_groups, "MOST_BITS", 0)
        groups = group_by_position(lon, lat, decimals)
    parts = np.split(groups.order, groups.starts[1:-1])
    assert [part.tolist() for part in parts] == by_pandas(lon, lat, decimals)
    for group, part in enumerate(parts):
        assert (groups.group_of[part] == group).all()
    assert groups.first.tolist() == [part[0] for part in parts]


@given(PLACES, st.integers(0, 2), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_labels_and_means_are_those_of_pandas(places: list[tuple[float, float]], decimals: int, random) -> None:
    lon, lat = np.array(places).T
    dense = np.array([[random.random() < 0.3 for _ in range(5)] for _ in places], np.uint8)
    values = np.array([random.choice([1.5, -2.0, np.nan, 4.0]) for _ in places])
    groups = group_by_position(lon, lat, decimals)
    union, means = groups.union(csr_matrix(dense)), groups.means(values)
    flags = groups.any(values > 1)
    for group, rows in enumerate(by_pandas(lon, lat, decimals)):
        np.testing.assert_array_equal(union[group].toarray()[0], dense[rows].max(axis=0))
        np.testing.assert_allclose(means[group], pd.Series(values[rows]).mean(), equal_nan=True)
        assert flags[group] == (values[rows] > 1).any()
    assert union.dtype == np.uint8
    assert union.has_canonical_format


def test_stored_zeros_are_no_species() -> None:
    labels = csr_matrix((np.array([0, 1], np.uint8), np.array([0, 1]), np.array([0, 1, 2])), shape=(2, 2))
    groups = group_by_position(np.zeros(2), np.zeros(2), 0)
    assert groups.union(labels).toarray().tolist() == [[0, 1]]


def test_nothing_and_odd_roundings() -> None:
    none = group_by_position(np.empty(0), np.empty(0), 2)
    assert len(none) == 0
    assert none.means(np.empty(0)).size == none.any(np.empty(0, bool)).size == 0
    assert none.union(csr_matrix((0, 3), dtype=np.uint8)).shape == (0, 3)
    with pytest.raises(DataError, match="no such rounding"):
        group_by_position(np.zeros(1), np.zeros(1), 7)
