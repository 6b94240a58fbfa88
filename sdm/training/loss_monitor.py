"""Checks of every batch and loss of a training: numbers that are not finite, losses that diverge."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

import torch
from torch import Tensor

from sdm.errors import TrainingError
from sdm.models.preparation import Batch

WINDOW = 20  # steps whose mean loss is compared
DIVERGED = 5.0  # times the mean of the first window
LOWER = "Train into another folder with a lower --lr."


class LossMonitor:
    """Monitor of one training in `where`; `losses` are those of the steps done before it was resumed."""

    def __init__(self, where: Path, losses: Iterable[float] = ()) -> None:
        self.where = where
        self.losses = list(losses)

    def batch(self, batch: Batch, step: int) -> None:
        """TrainingError when an input or target of the batch of `step`, from 1, is not finite.

        Places may be unknown; what is missing elsewhere was filled and marked.
        """
        for name, values in batch.items():
            if name == "site" or not values.is_floating_point() or _is_finite(values):
                continue
            bad = ~torch.isfinite(values.flatten(1) if values.ndim > 1 else values[:, None]).all(dim=1)
            survey = int(batch["survey_id"][bad][0])
            raise TrainingError(
                f"{name} of survey {survey} is not finite at step {step}", where=self.where,
                remedy="The weights before that step are kept. Check that survey's files.",
            )  # fmt: skip

    def numbers(self, loss: float, step: int, *, taken: bool) -> None:
        """TrainingError unless `step` was `taken`: its loss, or its gradient, is no number."""
        if not taken:
            what = f"the loss is {loss}" if not math.isfinite(loss) else "the gradient is no number"
            raise TrainingError(
                f"{what} at step {step}",
                where=self.where,
                remedy=f"The weights before that step are kept. {LOWER}",
            )

    def trend(self, loss: float, step: int, best_epoch: int) -> None:
        """TrainingError when losses, the last being that of `step`, have risen far above where they began."""
        self.losses.append(loss)
        if len(self.losses) < 2 * WINDOW:
            return
        first, last = fmean(self.losses[:WINDOW]), fmean(self.losses[-WINDOW:])
        if last > DIVERGED * first:
            kept = f"The weights of epoch {best_epoch}, the best so far, are kept." if best_epoch else ""
            raise TrainingError(
                f"the loss diverges: up to step {step} its mean is {last:.4g}", where=self.where,
                expected=f"not far above {first:.4g}, where it began", remedy=f"{kept} {LOWER}".strip(),
            )  # fmt: skip


def _is_finite(values: Tensor) -> bool:
    """Whether all of `values` are; on a batch of patches their sum tells it 35 times as fast as a look at each."""
    adds_up = math.isfinite(values.sum().item())
    return adds_up or bool(torch.isfinite(values).all())  # the sum of large ones may be infinite
