"""Augmented batches: turned, shifted, mixed."""

from __future__ import annotations

import numpy as np
import torch

from sdm.modalities import ENVIRONMENT
from sdm.models.preparation import Batch
from sdm.runs import TrainingOptions
from sdm.training.augmentation import crop_images, jitter_bands, mix, shift_years, turn_patches
from sdm.training.batch_sampler import crops, jitters

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


def image_batch() -> Batch:
    """Four images of two bands whose values are their columns and rows; the second lacks its upper half."""
    row, column = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    values = torch.stack([column, row]).expand(4, 2, 16, 16).clone()
    valid = torch.ones_like(values, dtype=torch.bool)
    valid[1, :, :8] = False
    values[~valid] = 0
    return {"image16-c1to2": values, "image16-c1to2_valid": valid, "survey_id": torch.arange(4)}


def test_crops_are_windows_enlarged_again() -> None:
    batch = image_batch()
    whole, corner = np.tile(np.float32([1, 0, 0]), (4, 1)), np.tile(np.float32([0.5, -1, 1]), (4, 1))
    same, cropped = crop_images(batch, whole), crop_images(batch, corner)
    torch.testing.assert_close(same["image16-c1to2"], batch["image16-c1to2"])
    columns, rows = cropped["image16-c1to2"][0]
    assert columns.max() <= 8 and rows.min() >= 7  # lower left quarter
    assert columns[0].tolist() == sorted(columns[0].tolist())
    assert cropped["image16-c1to2_valid"][1].all()  # its valid half
    upper = crop_images(batch, np.tile(np.float32([0.5, -1, -1]), (4, 1)))
    assert not upper["image16-c1to2_valid"][1].any() and not upper["image16-c1to2"][1].any()


def test_jitter_changes_contrast_and_brightness_band_by_band() -> None:
    batch, jitters = image_batch(), np.zeros((4, 64, 2), np.float32)
    jitters[0, 0], jitters[1, 1] = (0.5, 0), (0, 0.25)
    changed = jitter_bands(batch, jitters)["image16-c1to2"]
    torch.testing.assert_close(changed[0, 0], batch["image16-c1to2"][0, 0] * 1.5)
    torch.testing.assert_close(changed[0, 1], batch["image16-c1to2"][0, 1])
    torch.testing.assert_close(changed[1, 1, 8:], batch["image16-c1to2"][1, 1, 8:] + 0.25)
    assert not changed[1, 1, :8].any()  # what is missing stays 0


def test_crops_and_jitter_are_drawn_anew_each_step_and_again_when_replayed() -> None:
    options = TrainingOptions("image-cnn", crop=0.6, jitter=0.2, seed=3)
    for draw in (crops, jitters):
        np.testing.assert_array_equal(draw(options, 5, 2, 1), draw(options, 5, 2, 1))
        assert not np.array_equal(draw(options, 5, 2, 1), draw(options, 5, 2, 2))
    drawn = crops(options, 1000, 0, 0)
    assert 0.6 <= drawn[:, 0].min() < 0.62 and drawn[:, 0].max() <= 1
    assert np.abs(jitters(options, 1000, 0, 0)).max() <= 0.2
