"""Where a training runs and who watches its progress: device, precision and processes, through accelerate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from sdm.errors import TrainingError
from sdm.jobs import Progress
from sdm.training.validation import Validation

DEVICES = ("auto", "cpu", "cuda", "mps")
SAVE_SECONDS = 60.0


@dataclass(frozen=True)
class TrainingProgress(Progress):
    """Progress in steps of all epochs; `total` is 0 until the first epoch has shown how many steps one takes. Of a
    model that is fitted in one go it is in its own parts, which `what` names, without a loss.

    `loss` is that of the last step or, after an epoch, which also has its `validation`, the mean of its steps.
    """

    epoch: int = 1
    epochs: int = 1
    loss: float | None = None
    validation: Validation | None = None


def ignore(_: TrainingProgress) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Runtime:
    """What does not change the result: where a training runs, who watches, how often its state is saved.

    `progress` is called on the first process after every step and epoch, or part of what is fitted in one go.
    `should_stop` is called then, too; once it is True, the state, if there is one, is saved and the training ends
    unfinished. `warn` is called before the training with
    each sentence about inputs that few surveys have.
    """

    device: str = "auto"
    progress: Callable[[TrainingProgress], None] = ignore
    should_stop: Callable[[], bool] = lambda: False
    save_seconds: float = SAVE_SECONDS
    warn: Callable[[str], None] = lambda _: None


def seed_device(device: torch.device, seed: int) -> None:
    """Seed what draws random numbers in work on `device`, such as dropout.

    `torch.manual_seed` seeds every kind of device; for those not in use it notes the stack of calls, each time.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)


def half_precision(device: str) -> bool:
    """Whether a training on `device` can run in fp16."""
    return device in ("auto", "cuda") and torch.cuda.is_available()


def make_accelerator(device: str, precision: str) -> Accelerator:
    """An accelerator on `device` ("auto": the best there is); TrainingError when it is not there."""
    there = {
        "auto": True,
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there.get(device, False):
        known = ", ".join(name for name in DEVICES if there[name])
        raise TrainingError("no such device here", expected=known, got=device)
    # One process, such as the app's, may train several times, each time as asked.
    AcceleratorState._reset_state(reset_partial_state=True)
    try:
        return Accelerator(cpu=device == "cpu", mixed_precision=precision)
    except ValueError as problem:
        raise TrainingError(f"precision {precision} does not run on {device}", got=problem) from None
