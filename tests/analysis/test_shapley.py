"""Shapley values: the axioms that define them, and modalities as models see them missing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sdm.analysis.shapley import coalitions, modality_values, shapley_values
from sdm.data.dataset import TargetKind
from sdm.data.prepare import Batch, fit_statistics, read_batch
from sdm.errors import DataError
from sdm.models import Network, build
from tests.datasets import SPECIES, multilabel

MODEL = "fusion-series"
GROUPS = {"satellite": ("landsat",), "climate": ("climate",), "environment": ("environment",)}


def worths(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2**count, 3))


@given(st.integers(1, 5), st.integers(0, 999))
def test_it_is_the_mean_over_all_orders_and_adds_up(count: int, seed: int) -> None:
    worth = worths(count, seed)
    expected = np.zeros((count, 3))
    orders = list(permutations(range(count)))
    for order in orders:
        there = 0
        for group in order:
            expected[group] += (worth[there | 1 << group] - worth[there]) / len(orders)
            there |= 1 << group
    found = shapley_values(worth)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=0), worth[-1] - worth[0], atol=1e-12)


def test_who_adds_nothing_gets_nothing_and_equals_get_the_same() -> None:
    subsets = coalitions(3)
    worth = (subsets[:, 0].astype(float) + subsets[:, 1]) ** 2  # the third changes nothing
    assert shapley_values(worth).tolist() == pytest.approx([2, 2, 0])


@pytest.fixture(scope="module")
def fusion() -> tuple[Network, Batch]:
    """A fusion of series, and all but the first surveys: one of them lacks every file."""
    torch.manual_seed(0)
    data = multilabel()
    network = build(MODEL, TargetKind.MULTILABEL, SPECIES)
    assert isinstance(network, Network)
    statistics = fit_statistics(data, np.arange(12), tuple(network.inputs))
    return network.eval(), read_batch(data, np.arange(2, 8), network.inputs, statistics, targets=False)


def test_values_of_a_fusion_add_up_to_its_prediction(fusion: tuple[Network, Batch]) -> None:
    network, batch = fusion
    values, none = modality_values(network.predict, batch, GROUPS)
    assert values.shape == (3, 6, SPECIES)
    whole = network.predict(batch).numpy()
    np.testing.assert_allclose(values.sum(axis=0) + none, whole, atol=1e-6)
    assert np.abs(values[:, [0, 2, 3, 4, 5]]).max(axis=(1, 2)).min() > 0
    np.testing.assert_allclose(values[:, 1], 0, atol=1e-7)  # survey 3 has no file: nothing adds anything


def test_absent_is_what_a_survey_without_the_file_is(fusion: tuple[Network, Batch]) -> None:
    network, batch = fusion
    two = {"landsat": ("landsat",), "others": ("climate", "environment")}
    values, none = modality_values(network.predict, batch, two)
    empty = {
        name: torch.zeros_like(v) if name.partition("_")[0] in network.inputs else v for name, v in batch.items()
    }
    np.testing.assert_allclose(none, network.predict(empty).numpy(), atol=1e-7)
    alone = {
        name: v if name.startswith("landsat") or name not in empty else empty[name] for name, v in batch.items()
    }
    only = network.predict(alone).numpy()
    whole = network.predict(batch).numpy()
    others = {name: empty[name] if name.startswith("landsat") else v for name, v in batch.items()}
    rest = network.predict(others).numpy()
    np.testing.assert_allclose(values[0], ((only - none) + (whole - rest)) / 2, atol=1e-6)


def test_the_batch_is_left_as_it_was_and_predicted_once(fusion: tuple[Network, Batch]) -> None:
    network, batch = fusion
    before = {name: values.clone() for name, values in batch.items()}
    sizes = []

    def predict(many: Batch) -> torch.Tensor:
        sizes.append(len(many["survey_id"]))
        return network(many).detach()

    modality_values(predict, batch, GROUPS)
    assert sizes == [8 * 6]
    assert all(torch.equal(before[name], batch[name]) or name == "site" for name in batch)


@pytest.mark.parametrize("groups", [{}, {"a": ("moon",)}, {"a": ("landsat",), "b": ("landsat",)}])
def test_groups_that_cannot_be(fusion: tuple[Network, Batch], groups: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(DataError, match="told apart"):
        modality_values(fusion[0].predict, fusion[1], groups)
    with pytest.raises(DataError, match="every subset"):
        shapley_values(np.zeros(3))
