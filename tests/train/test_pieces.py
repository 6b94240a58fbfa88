"""Order, learning rate, augmentation, state: each on its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from sdm.data.dataset import TargetKind
from sdm.errors import RunError
from sdm.runs import TrainConfig
from sdm.train import state
from sdm.train.augment import turn_patches
from sdm.train.order import batch_positions, share, steps_per_epoch, turns
from sdm.train.schedule import learning_rate
from sdm.train.validation import better


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(1, 64), st.integers(1, 5), st.integers(0, 9))
def test_every_survey_is_seen_once_an_epoch(surveys: int, batch_size: int, processes: int, epoch: int) -> None:
    config = TrainConfig("landsat-mlp", batch_size=batch_size)
    seen = [
        share(batch_positions(config, surveys, epoch, step), rank, processes)
        for step in range(steps_per_epoch(surveys, batch_size))
        for rank in range(processes)
    ]
    assert sorted(np.concatenate(seen).tolist()) == list(range(surveys))


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    config, other = TrainConfig("landsat-mlp"), TrainConfig("landsat-mlp", seed=1)
    orders = {tuple(batch_positions(c, 64, epoch, 0)) for c in (config, other) for epoch in (0, 1)}
    assert len(orders) == 4


def test_learning_rate_rises_then_falls() -> None:
    config = TrainConfig("landsat-mlp", lr=1.0, warmup=0.1)
    rates = [learning_rate(config, step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([0.1 * i for i in range(1, 11)])
    assert rates[10] == 1
    assert rates[55] == pytest.approx(0.5)
    assert rates == rates[:10] + sorted(rates[10:], reverse=True)
    assert rates[-1] > 0
    constant = TrainConfig("landsat-mlp", lr=1.0, warmup=0, schedule="constant")
    assert {learning_rate(constant, step, 10) for step in range(10)} == {1.0}


def test_the_eight_turns_differ_and_keep_the_mask_with_the_patch() -> None:
    patch = torch.arange(16.0).reshape(1, 1, 4, 4).repeat(8, 1, 1, 1)
    batch = {"patch": patch, "patch_valid": patch > 3, "labels": torch.zeros(8)}
    turned = turn_patches(batch, np.arange(8))
    assert len({tuple(image.flatten().tolist()) for image in turned["patch"]}) == 8
    assert torch.equal(turned["patch"][0], patch[0])
    assert torch.equal(turned["patch"] > 3, turned["patch_valid"])
    assert turned["labels"] is batch["labels"]
    assert turn_patches({"labels": batch["labels"]}, np.arange(8)).keys() == {"labels"}


def test_turns_are_a_function_of_the_step() -> None:
    config = TrainConfig("resnet18-patch")
    assert turns(config, 50, 1, 2).tolist() == turns(config, 50, 1, 2).tolist() != turns(config, 50, 1, 3).tolist()


def test_better_knows_which_way_is_up() -> None:
    assert better(0.3, 0.2, TargetKind.MULTILABEL)
    assert better(0.1, 0.2, TargetKind.REGRESSION)
    assert better(float("nan"), None, TargetKind.MULTILABEL)
    assert not better(float("nan"), 0.2, TargetKind.MULTILABEL)


def learner(seed: int) -> tuple[nn.Linear, torch.optim.AdamW]:
    """A network after one step, so that its optimiser has a state."""
    torch.manual_seed(seed)
    network = nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return network, optimizer


def test_state_survives(tmp_path: Path) -> None:
    network, optimizer = learner(0)
    position = state.Position(7, 1.5, 3.25, 0.4, 2)
    state.save_state(tmp_path, network, optimizer, None, position)
    other, theirs = learner(1)
    assert state.load_state(tmp_path, other, theirs, None) == position
    assert torch.equal(other.weight, network.weight)
    for ours, restored in zip(optimizer.state.values(), theirs.state.values(), strict=True):
        assert ours.keys() == restored.keys()
        assert all(torch.equal(ours[name], restored[name]) for name in ours)
    state.remove_state(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("killed_in", ["write_tensors", "write_json", "replace"])
def test_killed_while_saving_leaves_one_whole_state(
    killed_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.save_state(tmp_path, *learner(0), None, state.Position(1))

    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        if killed_in == "replace":
            real = Path.replace

            def replace(path: Path, target: Path) -> Path:
                if target.name == "resume.safetensors":
                    raise KilledError
                return real(path, target)

            patch.setattr(Path, "replace", replace)
        else:
            patch.setattr(state, killed_in, die)
        with pytest.raises(KilledError):
            state.save_state(tmp_path, *learner(1), None, state.Position(2))
    network, optimizer = learner(2)
    found = state.load_state(tmp_path, network, optimizer, None)
    assert found.step == (2 if killed_in == "replace" else 1)
    assert torch.equal(network.weight, learner(found.step - 1)[0].weight)


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    state.save_state(tmp_path, *learner(0), None, state.Position(1))
    path = tmp_path / "resume.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(RunError, match="damaged"):
        state.load_state(tmp_path, *learner(0), None)
    (tmp_path / "resume.json").write_text('{"position": {"step": "many"}}')
    with pytest.raises(RunError, match=r"resume\.json"):
        state.load_state(tmp_path, *learner(0), None)
