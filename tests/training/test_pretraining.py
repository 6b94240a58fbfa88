"""Pre-training without labels: the loss against its definition, the views, and weights a training starts from."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

from sdm.errors import TrainingError
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.training.pretraining import PretrainingOptions, nt_xent, pretrain, view
from tests.datasets import multilabel

QUICK = PretrainingOptions("patch-convnext-atto", epochs=2, batch_size=8)


def plainly(first: np.ndarray, second: np.ndarray, temperature: float) -> float:
    """The loss as Chen et al. print it."""
    views = np.concatenate([first, second])
    views = views / np.linalg.norm(views, axis=1, keepdims=True)
    alike, count, total = np.exp(views @ views.T / temperature), len(first), 0.0
    for i in range(2 * count):
        partner = (i + count) % (2 * count)
        total -= math.log(alike[i, partner] / sum(alike[i, k] for k in range(2 * count) if k != i))
    return total / (2 * count)


@given(count=st.integers(2, 6), seed=st.integers(0, 99), temperature=st.sampled_from([0.1, 0.5, 1.0]))
def test_the_loss_is_that_of_the_paper(count: int, seed: int, temperature: float) -> None:
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(2, count, 5))
    loss = nt_xent(torch.from_numpy(first), torch.from_numpy(second), temperature)
    assert float(loss) == pytest.approx(plainly(first, second, temperature), rel=1e-9)


def test_views_differ_and_stay_patches() -> None:
    patches = torch.rand(6, 4, 64, 64)
    batch = {"patch": patches, "patch_valid": torch.ones_like(patches, dtype=torch.bool)}
    random = np.random.default_rng(0)
    one, other = view(batch, random), view(batch, random)
    assert one[0].shape == patches.shape
    assert 0 <= float(one[0].min()) <= float(one[0].max()) <= 1
    assert not torch.equal(one[0], other[0])
    assert one[1].all()


def test_what_is_missing_stays_missing() -> None:
    patches = torch.rand(3, 4, 64, 64)
    batch = {"patch": patches, "patch_valid": torch.zeros_like(patches, dtype=torch.bool)}
    values, valid = view(batch, np.random.default_rng(0))
    assert not valid.any()
    assert not values.any()


def test_a_training_starts_from_it(tmp_path: Path) -> None:
    data, out = multilabel(), tmp_path / "encoder.safetensors"
    losses = pretrain(data, QUICK, out)
    assert len(losses) == 2
    assert all(np.isfinite(losses))
    again = pretrain(data, QUICK, tmp_path / "again.safetensors")
    assert again == losses
    assert all(value.isfinite().all() for value in load_file(out).values())
    config = TrainingOptions("patch-convnext-atto", epochs=1, batch_size=11)
    run = train(data, tmp_path / "run", config, Runtime(device="cpu"), out)
    assert run.config.training.initial_weights.startswith("encoder.safetensors sha256:")


def test_what_cannot_be_pretrained_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="does not look at patches"):
        pretrain(multilabel(), PretrainingOptions("climate-transformer"), tmp_path / "x")
    with pytest.raises(TrainingError, match="batch_size"):
        PretrainingOptions.of("patch-convnext-atto", batch_size=1)
    with pytest.raises(TrainingError, match="too few patches"):
        pretrain(multilabel().take(np.array([3])), QUICK, tmp_path / "x")
