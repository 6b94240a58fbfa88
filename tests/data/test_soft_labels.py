"""Soft labels are those of a plain loop over surveys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.data.soft_labels import WEIGHTS, nearby_species
from sdm.errors import DataError
from tests.datasets import ROWS, SPECIES, multiclass, multilabel

OFFSETS = st.sampled_from([0.0, 0.00002, 0.0004, 0.004, 0.04, 0.4, 2.0, float("nan")])
POSITIONS = st.lists(st.tuples(OFFSETS, OFFSETS), min_size=ROWS, max_size=ROWS)
LABELS = st.lists(st.lists(st.booleans(), min_size=SPECIES, max_size=SPECIES), min_size=ROWS, max_size=ROWS)


def placed(lon: np.ndarray, lat: np.ndarray, labels: np.ndarray) -> Dataset:
    data = multilabel()
    sites = data.sites.assign(lon=lon, lat=lat)
    return replace(data, sites=sites, targets=replace(data.targets, values=csr_matrix(labels.astype(np.uint8))))


def by_loop(data: Dataset, row: int, decimals: tuple[int, ...]) -> np.ndarray:
    """The labels of one survey, pair by pair."""
    labels, known = data.targets.values.toarray(), data.targets.known
    places = {d: data.sites[["lon", "lat"]].round(d).to_numpy().tolist() for d in decimals}
    soft = np.where(known[row] & (labels[row] > 0), 1.0, 0.0)
    for other in range(len(data)):
        same = [d for d in decimals if places[d][row] == places[d][other]]
        if same and known[other]:
            soft = np.maximum(soft, WEIGHTS[max(same)] * labels[other] * (labels[row] * known[row] == 0))
    return soft


@given(POSITIONS, LABELS, st.sets(st.sampled_from([*WEIGHTS]), min_size=1), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_soft_labels_are_those_of_a_loop(positions, labels, decimals, seed) -> None:
    lon, lat = np.array(positions).T
    data = placed(lon + 5.1, lat + 50.2, np.array(labels))
    known = data.targets.known.copy()
    known[seed % ROWS] = False
    data = replace(data, targets=replace(data.targets, known=known))
    soft = nearby_species(data, tuple(decimals))
    rows = np.random.default_rng(seed).integers(0, ROWS, 9)
    batch = soft(rows)
    assert batch.dtype == np.float32
    for values, row in zip(batch, rows.tolist(), strict=True):
        np.testing.assert_allclose(values, by_loop(data, row, tuple(decimals)), rtol=1e-6)


def test_the_finest_precision_wins_and_own_species_count_in_full() -> None:
    lon, lat = np.full(ROWS, np.nan), np.full(ROWS, 50.0)
    lon[:4] = 5.0, 5.00001, 5.0004, 5.4
    labels = np.zeros((ROWS, SPECIES), bool)
    labels[0, 0] = labels[1, 1] = labels[2, [1, 2]] = labels[3, [0, 3]] = True
    soft = nearby_species(placed(lon, lat, labels), (4, 3, 2, 1, 0))
    np.testing.assert_allclose(soft(np.array([0]))[0, :4], [1, 0.95, 0.9, 0.1])
    np.testing.assert_allclose(soft(np.array([3]))[0, :4], [1, 0.1, 0.1, 1])


def test_other_decimals_and_other_targets_are_refused() -> None:
    with pytest.raises(DataError, match="no weights for these decimals"):
        nearby_species(multilabel(), (5,))
    with pytest.raises(DataError, match="no weights for these decimals"):
        nearby_species(multilabel(), ())
    with pytest.raises(DataError, match="only sets of species"):
        nearby_species(multiclass(), (2,))
