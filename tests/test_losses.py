"""Losses: known values, and weight 0 is ignored."""

from __future__ import annotations

import math

import pytest
import torch

from sdm.errors import TrainingError, UnknownNameError
from sdm.losses import LOSSES, make_loss
from tests.datasets import DATASETS


@pytest.mark.parametrize("name", LOSSES)
def test_weight_zero_is_ignored(name: str) -> None:
    targets = DATASETS[LOSSES[name].kind]().targets
    loss = make_loss(name, targets)
    logits = torch.randn(4, targets.width, generator=torch.Generator().manual_seed(0), requires_grad=True)
    labels = {
        "multilabel": torch.eye(4, targets.width),
        "multiclass": torch.arange(4) % targets.width,
        "regression": torch.arange(4.0),
    }[targets.kind]
    shape = (4, 1) if targets.kind == "multilabel" else (4,)
    weight = torch.tensor([1.0, 1, 0, 0]).reshape(shape)
    torch.testing.assert_close(loss(logits, labels, weight), loss(logits[:2], labels[:2], torch.ones(shape)[:2]))
    nothing = loss(logits, labels, torch.zeros(shape))
    nothing.backward()
    assert nothing.item() == 0
    assert logits.grad is not None
    assert not logits.grad.any()


def test_known_values() -> None:
    one = torch.ones(1, 1)
    logits = torch.zeros(1, 7)
    species = make_loss("", DATASETS["multilabel"]().targets)
    assert species(logits, logits, one).item() == pytest.approx(math.log(2))
    classes = make_loss("", DATASETS["multiclass"]().targets)
    assert classes(torch.zeros(1, 4), torch.tensor([2]), one[0]).item() == pytest.approx(math.log(4))
    squares = make_loss("", DATASETS["regression"]().targets)
    assert squares(torch.tensor([[1.0]]), torch.tensor([4.0]), one[0]).item() == pytest.approx(9)


def test_presences_of_rare_species_weigh_more() -> None:
    loss = make_loss("weighted-bce", DATASETS["multilabel"]().targets)
    logits, one = torch.zeros(1, 7), torch.ones(1, 1)
    missed = [loss(logits, torch.eye(7)[j : j + 1], one).item() for j in range(7)]
    assert missed == sorted(missed)
    assert missed[-1] == pytest.approx(math.log(2) * (6 + math.sqrt(18)) / 7, rel=1e-4)  # 1 in 19 known surveys


def test_wrong_names() -> None:
    targets = DATASETS["regression"]().targets
    with pytest.raises(UnknownNameError, match="weighted-bce"):
        make_loss("focal", targets)
    with pytest.raises(TrainingError, match="mse"):
        make_loss("bce", targets)
