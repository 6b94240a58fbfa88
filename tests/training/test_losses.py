"""Losses: known values, and weight 0 is ignored."""

from __future__ import annotations

import math

import pytest
import torch

from sdm.data.dataset import GRADES
from sdm.errors import TrainingError, UnknownNameError
from sdm.training.losses import LOSSES, make_loss
from tests.datasets import DATASETS


@pytest.mark.parametrize("name", LOSSES)
def test_weight_zero_is_ignored(name: str) -> None:
    kind = LOSSES[name].kind
    targets = DATASETS[kind.predicted]().targets
    loss = make_loss(name, targets, kind)
    outputs = targets.width * (GRADES if kind == "graded" else 1)
    logits = torch.randn(4, outputs, generator=torch.Generator().manual_seed(0), requires_grad=True)
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


def test_focal_and_asymmetric_losses_by_hand() -> None:
    targets = DATASETS["multilabel"]().targets
    one, logits = torch.ones(1, 1), torch.tensor([[math.log(0.8 / 0.2)] * 7])  # probability 0.8
    present, absent = torch.ones(1, 7), torch.zeros(1, 7)
    focal = make_loss("focal", targets)
    assert focal(logits, present, one).item() == pytest.approx(-math.log(0.8) * 0.2**2)
    assert focal(logits, absent, one).item() == pytest.approx(-math.log(0.2) * 0.8**2)
    asymmetric = make_loss("asymmetric", targets)
    assert asymmetric(logits, present, one).item() == pytest.approx(-math.log(0.8))
    assert asymmetric(logits, absent, one).item() == pytest.approx(-math.log(0.25) * 0.75**4, rel=1e-5)
    assert asymmetric(torch.full((1, 7), -4.0), absent, one).item() == 0  # probability 0.018


def test_class_balance_weighs_species_by_their_effective_number() -> None:
    loss = make_loss("class-balanced", DATASETS["multilabel"]().targets)
    logits, one = torch.zeros(1, 7), torch.ones(1, 1)
    assert loss(logits, logits, one).item() == pytest.approx(math.log(2))  # one on average
    each = torch.zeros(1, 7, requires_grad=True)
    loss(each, torch.zeros(1, 7), one).backward()
    assert each.grad is not None
    weights = each.grad[0].tolist()
    assert weights == sorted(weights)
    ratio = (1 - 0.99**17) / (1 - 0.99)  # species 0 in 17 known surveys, species 6 in one
    assert weights[6] / weights[0] == pytest.approx(ratio, rel=1e-4)


@pytest.mark.parametrize("name", [name for name, card in LOSSES.items() if card.kind == "multilabel"])
def test_losses_take_mixed_labels(name: str) -> None:
    loss = make_loss(name, DATASETS["multilabel"]().targets)
    logits = torch.linspace(-3, 3, 14).reshape(2, 7).requires_grad_()
    found = loss(logits, torch.full((2, 7), 0.3), torch.ones(2, 1))
    found.backward()
    assert found.item() > 0
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


def test_wrong_names() -> None:
    targets = DATASETS["regression"]().targets
    with pytest.raises(UnknownNameError, match=r"weighted-bce.*class-balanced"):
        make_loss("dice", targets)
    with pytest.raises(TrainingError, match="mse"):
        make_loss("bce", targets)
