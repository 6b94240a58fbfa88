"""The learning rate: a function of the step, so it has no state to keep."""

from __future__ import annotations

import math

from sdm.runs.training_options import TrainingOptions


def learning_rate(options: TrainingOptions, step: int, steps: int) -> float:
    """The rate of `step` (from 0) of `steps`: a linear rise during warm-up, then constant or a cosine to 0."""
    rising = round(options.warmup * steps)
    if step < rising:
        return options.lr * (step + 1) / rising
    if options.schedule == "constant":
        return options.lr
    return options.lr * 0.5 * (1 + math.cos(math.pi * (step - rising) / max(steps - rising, 1)))
