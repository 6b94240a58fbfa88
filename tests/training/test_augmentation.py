"""Augmented batches: turned, shifted, mixed."""

from __future__ import annotations

import numpy as np
import torch

from sdm.modalities import ENVIRONMENT
from sdm.training.augmentation import mix, shift_years, turn_patches

CODES = np.array(ENVIRONMENT.coded)


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
