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
from sdm.errors import RunError, TrainingError
from sdm.modalities import ENVIRONMENT
from sdm.runs import TrainingOptions
from sdm.training import resume
from sdm.training.augmentation import mix, shift_years, turn_patches
from sdm.training.batch_sampler import BatchSampler, own_shares, share, shifts, turns
from sdm.training.monitor import WINDOW, LossMonitor
from sdm.training.repeat_factors import repeat_factors
from sdm.training.schedule import learning_rate
from sdm.training.task import make_task
from sdm.training.validation import better
from tests.datasets import DATASETS, multilabel

CODES = np.array(ENVIRONMENT.coded)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(1, 64), st.integers(1, 5), st.integers(0, 9))
def test_every_survey_is_seen_once_an_epoch(surveys: int, batch_size: int, processes: int, epoch: int) -> None:
    order = BatchSampler(TrainingOptions("landsat-mlp", batch_size=batch_size), surveys)
    seen = [
        share(order.batch(epoch, step), rank, processes)
        for step in range(order.steps)
        for rank in range(processes)
    ]
    assert sorted(np.concatenate(seen).tolist()) == list(range(surveys))


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    config, other = TrainingOptions("landsat-mlp"), TrainingOptions("landsat-mlp", seed=1)
    orders = {tuple(BatchSampler(c, 64).batch(epoch, 0)) for c in (config, other) for epoch in (0, 1)}
    assert len(orders) == 4


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1, 5), min_size=1, max_size=60), st.integers(0, 9))
def test_surveys_come_as_often_as_asked(times: list[float], epoch: int) -> None:
    asked = np.array(times)
    order = BatchSampler(TrainingOptions("landsat-mlp", batch_size=7), len(asked), asked)
    seen = np.concatenate([order.batch(epoch, step) for step in range(order.steps)])
    counts = np.bincount(seen, minlength=len(asked))
    scaled = asked * order.length / asked.sum()
    assert len(seen) == order.length == round(asked.sum())
    assert (np.abs(counts - scaled) < 2).all()
    assert seen.tolist() == np.concatenate([order.batch(epoch, step) for step in range(order.steps)]).tolist()


def test_repeats_follow_their_mean_over_epochs() -> None:
    asked = np.array([1.0, 1.3, 2.5, 1.2])
    order = BatchSampler(TrainingOptions("landsat-mlp", batch_size=6), 4, asked)
    counts = np.mean([np.bincount(order.batch(epoch, 0), minlength=4) for epoch in range(2000)], axis=0)
    np.testing.assert_allclose(counts, asked, atol=0.05)


def test_surveys_with_rare_species_come_more_often() -> None:
    targets = multilabel().targets
    times = repeat_factors(targets, 0.2)
    assert times.max() == times[13] == pytest.approx(np.sqrt(0.2 * 19))  # species 6: once in 19 known surveys
    assert times[7] == times[11] == 1  # no species; unknown
    # Above the prevalence no species is rare.
    assert (repeat_factors(targets, 0.01) == 1).all()
    classes = repeat_factors(DATASETS["multiclass"]().targets, 1.0)
    np.testing.assert_allclose(classes[[0, 3]], [np.sqrt(19 / 5), np.sqrt(19 / 4)], rtol=1e-6)
    with pytest.raises(TrainingError, match="regression"):
        repeat_factors(DATASETS["regression"]().targets, 0.1)


def test_learning_rate_rises_then_falls() -> None:
    config = TrainingOptions("landsat-mlp", lr=1.0, warmup=0.1)
    rates = [learning_rate(config, step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([0.1 * i for i in range(1, 11)])
    assert rates[10] == 1
    assert rates[55] == pytest.approx(0.5)
    assert rates == rates[:10] + sorted(rates[10:], reverse=True)
    assert rates[-1] > 0
    constant = TrainingOptions("landsat-mlp", lr=1.0, warmup=0, schedule="constant")
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


def test_series_shift_in_a_circle_with_their_masks() -> None:
    landsat = torch.arange(21.0).expand(3, 6, 4, 21).contiguous()
    climate = torch.arange(19.0)[:, None].expand(3, 4, 19, 12).contiguous()
    batch = {"landsat": landsat, "landsat_valid": landsat < 17, "climate": climate, "climate_valid": climate > -1}
    moved = shift_years(batch, np.array([0, 2, -1]))
    assert moved["landsat"][0, 0, 0].tolist() == list(range(21))
    assert moved["landsat"][1, 5, 3, :3].tolist() == [19, 20, 0]
    assert moved["landsat"][2, 0, 0, -2:].tolist() == [20, 0]
    assert moved["climate"][1, 0, :3, 7].tolist() == [17, 18, 0]
    assert torch.equal(moved["landsat"] < 17, moved["landsat_valid"])
    assert shift_years({"labels": landsat}, np.zeros(3, int)).keys() == {"labels"}


def test_shifts_and_shares_are_functions_of_the_step_within_their_limits() -> None:
    config = TrainingOptions("fusion-series", shift_years=3, mixup=0.4)
    by = shifts(config, 5000, 1, 2)
    assert set(by) == set(range(-3, 4))
    assert by.tolist() == shifts(config, 5000, 1, 2).tolist() != shifts(config, 5000, 1, 3).tolist()
    own = own_shares(config, 5000, 1, 2)
    assert 0.5 <= own.min() < own.max() == 1
    assert np.mean(own < 1) == pytest.approx(0.4, abs=0.03)


def mixable() -> dict[str, torch.Tensor]:
    environment = torch.arange(3.0)[:, None].expand(3, 64).contiguous()
    valid = torch.ones(3, 64, dtype=torch.bool)
    valid[1, 0] = False
    labels = torch.tensor([[1.0, 0], [0, 1], [1, 1]])
    return {
        "environment": environment * valid, "environment_valid": valid, "labels": labels,
        "weight": torch.tensor([[1.0], [1], [0]]), "site": torch.arange(12.0).reshape(3, 4),
    }  # fmt: skip


def test_mixing_blends_inputs_and_targets_alike() -> None:
    batch = mixable()
    mixed = mix(batch, np.array([0.75, 1.0, 0.5], np.float32), 2)
    number, code = int(CODES.argmin()) + 1, int(CODES.argmax())
    torch.testing.assert_close(mixed["environment"][:, number], torch.tensor([0.25, 1, 1]))
    assert mixed["environment"][:, code].tolist() == [0, 1, 2]  # codes have no middle
    torch.testing.assert_close(mixed["environment"][0, 0], batch["environment"][0, 0])  # its partner has none
    assert mixed["environment_valid"] is batch["environment_valid"]
    torch.testing.assert_close(mixed["labels"], torch.tensor([[0.75, 0.25], [0, 1], [1, 0.5]]))
    assert mixed["weight"].flatten().tolist() == [1, 1, 0]
    assert mixed["site"] is batch["site"]
    unknown = mix(batch, np.array([1.0, 0.9, 1.0], np.float32), 2)
    assert unknown["weight"].flatten().tolist() == [1, 0, 0]


def test_mixed_classes_are_shares_and_mixed_numbers_means() -> None:
    own = np.array([0.75, 1, 0.5], np.float32)
    classes = mixable() | {"labels": torch.tensor([1, 0, 3]), "weight": torch.ones(3)}
    expected = torch.tensor([[0.25, 0.75, 0, 0], [1, 0, 0, 0], [0, 0.5, 0, 0.5]])
    torch.testing.assert_close(mix(classes, own, 4)["labels"], expected)
    numbers = mixable() | {"labels": torch.tensor([1.0, 5, 3]), "weight": torch.ones(3)}
    torch.testing.assert_close(mix(numbers, own, 1)["labels"], torch.tensor([2.0, 5, 2]))


def test_numbers_that_are_not_finite_are_told_by_survey(tmp_path: Path) -> None:
    watch = LossMonitor(tmp_path)
    batch = {
        "survey_id": torch.tensor([7, 8, 9]),
        "site": torch.full((3, 4), torch.nan),
        "landsat": torch.zeros(3, 6, 4, 21),
        "labels": torch.tensor([1.0, 2, 3]),
    }
    watch.batch(batch, 1)
    batch["landsat"][1, 0, 0, 0] = torch.inf
    with pytest.raises(TrainingError, match=r"landsat of survey 8 is not finite at step 4.*weights before"):
        watch.batch(batch, 4)
    batch |= {"landsat": torch.zeros(3, 1), "labels": torch.tensor([1.0, 2, torch.nan])}
    with pytest.raises(TrainingError, match="labels of survey 9"):
        watch.batch(batch, 4)


def test_a_loss_that_rises_far_above_its_start_diverges(tmp_path: Path) -> None:
    watch = LossMonitor(tmp_path, [1.0] * WINDOW)
    for step in range(WINDOW):
        watch.trend(5.0 * step / WINDOW, step, 0)  # noisy, but not on average
    with pytest.raises(TrainingError, match=r"diverges: up to step \d+.*epoch 2, the best so far.*lower --lr"):
        for step in range(WINDOW):
            watch.trend(20.0, step, 2)
    falling = LossMonitor(tmp_path)
    for step in range(200):
        falling.trend(1 / (1 + step), step, 0)
    with pytest.raises(TrainingError, match="the gradient is no number at step 3"):
        falling.numbers(1.0, 3, taken=False)


def test_turns_are_a_function_of_the_step() -> None:
    config = TrainingOptions("resnet18-patch")
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
    position = resume.Position(7, 1.5, 3.25, 0.4, 2)
    resume.save_state(tmp_path, network, optimizer, None, position)
    other, theirs = learner(1)
    assert resume.load_state(tmp_path, other, theirs, None) == position
    assert torch.equal(other.weight, network.weight)
    for ours, restored in zip(optimizer.state.values(), theirs.state.values(), strict=True):
        assert ours.keys() == restored.keys()
        assert all(torch.equal(ours[name], restored[name]) for name in ours)
    resume.remove_state(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("killed_in", ["write_tensors", "write_json", "replace"])
def test_killed_while_saving_leaves_one_whole_state(
    killed_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume.save_state(tmp_path, *learner(0), None, resume.Position(1))

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
            patch.setattr(resume, killed_in, die)
        with pytest.raises(KilledError):
            resume.save_state(tmp_path, *learner(1), None, resume.Position(2))
    network, optimizer = learner(2)
    found = resume.load_state(tmp_path, network, optimizer, None)
    assert found.step == (2 if killed_in == "replace" else 1)
    assert torch.equal(network.weight, learner(found.step - 1)[0].weight)


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    resume.save_state(tmp_path, *learner(0), None, resume.Position(1))
    path = tmp_path / "resume.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(RunError, match="damaged"):
        resume.load_state(tmp_path, *learner(0), None)
    (tmp_path / "resume.json").write_text('{"position": {"step": "many"}}')
    with pytest.raises(RunError, match=r"resume\.json"):
        resume.load_state(tmp_path, *learner(0), None)


@pytest.mark.parametrize("view", ["", "single-label"])
def test_a_training_on_fewer_surveys_draws_them_by_the_seed(view: str) -> None:
    data = DATASETS["multilabel"]()
    whole, few = (
        make_task(data, TrainingOptions("landsat-mlp", view=view, surveys=surveys, seed=3)) for surveys in (0, 4)
    )
    assert len(few.seen) == 4
    assert set(few.seen) < set(whole.seen)
    drawn = set(data.sites["survey_id"].iloc[few.seen])
    assert set(few.dataset.sites["survey_id"].iloc[few.train]) <= drawn  # without species: no row
    assert len(few.train) < len(whole.train)
    np.testing.assert_array_equal(few.validation, whole.validation)
    again = make_task(data, TrainingOptions("landsat-mlp", view=view, surveys=4, seed=3))
    np.testing.assert_array_equal(few.train, again.train)
    assert len(make_task(data, TrainingOptions("landsat-mlp", view=view, surveys=999)).seen) == len(whole.seen)
