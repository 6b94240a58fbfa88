"""Numbers that are not finite, and losses that diverge."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from sdm.errors import TrainingError
from sdm.training.loss_monitor import WINDOW, LossMonitor


def test_numbers_that_are_not_finite_are_told_by_survey(tmp_path: Path) -> None:
    watch = LossMonitor(tmp_path)
    batch = {
        "survey_id": torch.tensor([7, 8, 9]),
        "site": torch.full((3, 4), torch.nan),
        "landsat": torch.zeros(3, 6, 4, 21),
        "labels": torch.tensor([1.0, 2, 3]),
    }
    watch.batch(batch, 1)
    watch.batch({"landsat": torch.full((3, 1), torch.finfo().max)}, 2)  # finite, though their sum is not
    batch["landsat"][1, 0, 0, 0] = torch.inf
    with pytest.raises(TrainingError, match=r"landsat of survey 8 is not finite at step 4.*weights before"):
        watch.batch(batch, 4)
    batch["landsat"][2, 0, 0, 0] = -torch.inf  # whose sum with the other is no number
    with pytest.raises(TrainingError, match="landsat of survey 8"):
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
