"""One step: accumulated gradients, a scaler of half precision, random numbers; batches cached in pieces."""

from __future__ import annotations

import importlib.util
import traceback

import numpy as np
import pytest
import torch

from sdm.data.dataset import TargetKind
from sdm.models.contract import Network
from sdm.models.preparation import Batch, fit_statistics
from sdm.models.registry import build
from sdm.training import batch_loader
from sdm.training.batch_loader import BatchLoader
from sdm.training.losses import make_loss
from sdm.training.runtime import make_accelerator, seed_device
from sdm.training.trainer import Trainer
from tests.datasets import DATASETS
from tests.training.small import small

BANDS = "pixel-B2-B3-B4"


def loader() -> BatchLoader:
    dataset = DATASETS["multiclass"](BANDS)
    statistics = fit_statistics(dataset, np.arange(12), (BANDS,))
    return BatchLoader(dataset, np.arange(12), {BANDS: "standardise-pixel"}, statistics)


def trainer(**changes: object) -> Trainer:
    torch.manual_seed(0)
    config = {"modality": BANDS, "hidden": [8], "dropout": 0.0}
    network = build("pixel-mlp", TargetKind.MULTICLASS, 4, config)
    assert isinstance(network, Network)
    loss = make_loss("", DATASETS["multiclass"](BANDS).targets)
    return Trainer(
        network, loss, small("pixel-mlp", model_config=config, **changes), make_accelerator("cpu", "no")
    )


def weights(trained: Trainer) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in trained.parameters])


def batch() -> Batch:
    return loader().batch(np.arange(4))


def test_parts_of_a_batch_add_up_to_its_gradient() -> None:
    whole, parts = trainer(), trainer(accumulate=3)
    assert whole.step(batch(), 0.01, 1.0, False).loss == pytest.approx(parts.step(batch(), 0.01, 1.0, False).loss)
    for ours, theirs in zip(parts.parameters, whole.parameters, strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)


def test_a_scaler_changes_nothing_but_leaves_out_infinite_gradients() -> None:
    plain, scaled = trainer(), trainer()
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    scaled.accelerator.scaler = scaler
    for one in (plain, scaled):
        assert one.step(batch(), 0.01, 1.0, False).taken
    torch.testing.assert_close(weights(scaled), weights(plain))
    before = weights(scaled)
    scaler.update(1e38)
    assert scaled.step(batch(), 0.01, 1e5, False).taken  # finite itself, infinite times the scale
    torch.testing.assert_close(weights(scaled), before, rtol=0, atol=0)
    assert scaler.get_scale() == pytest.approx(5e37)


def test_a_step_is_in_training_mode_after_a_validation() -> None:
    one = trainer()
    one.mean_loss(loader(), np.arange(4))
    assert not one.network.training
    one.step(batch(), 0.01, 1.0, False)
    assert all(module.training for module in one.model.modules())


def test_a_step_neither_searches_the_disk_nor_notes_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both cost more than the step of a small network."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError

    one, data = trainer(), batch()
    one.step(data, 0.01, 1.0, False)
    monkeypatch.setattr(importlib.util, "find_spec", refused)
    monkeypatch.setattr(traceback, "format_stack", refused)
    one.step(data, 0.01, 1.0, False)
    seed_device(torch.device("cpu"), 5)
    drawn = torch.rand(3)
    monkeypatch.undo()
    torch.manual_seed(5)
    assert torch.equal(drawn, torch.rand(3))


def test_pieces_of_a_cache_are_what_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = loader().cache().cached
    monkeypatch.setattr(batch_loader, "PIECE_BYTES", 40)  # of rows of 15
    pieces = loader().cache().cached
    assert whole is not None and pieces is not None
    torch.testing.assert_close(pieces, whole, rtol=0, atol=0, equal_nan=True)
    assert len(whole["survey_id"]) == 12
