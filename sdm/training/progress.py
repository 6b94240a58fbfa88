"""How far a training is."""

from __future__ import annotations

from dataclasses import dataclass

from sdm.jobs import Progress
from sdm.training.validation import Validation


@dataclass(frozen=True)
class TrainingProgress(Progress):
    """Progress in steps of all epochs; `total` is 0 until the first epoch has shown how many steps one takes.

    `loss` is that of the last step or, after an epoch, which also has its `validation`, the mean of its steps.
    """

    epoch: int = 1
    epochs: int = 1
    loss: float | None = None
    validation: Validation | None = None
