"""Where a training runs: device, precision and processes, through accelerate."""

from __future__ import annotations

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from sdm.errors import TrainingError

DEVICES = ("auto", "cpu", "cuda", "mps")


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
