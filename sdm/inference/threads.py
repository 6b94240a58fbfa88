"""How many threads torch computes with: more than one slow a small batch down, by waiting for one another."""

from __future__ import annotations

import torch

ALL = torch.get_num_threads()  # of the machine, or of OMP_NUM_THREADS
SMALL_BATCH = 8  # surveys; measured on fusion and convolutional models


def use_threads(batch: int) -> None:
    """Let the calling thread compute batches of that size; one that computes for the first time does as the thread
    that asked last."""
    torch.set_num_threads(1 if batch <= SMALL_BATCH else ALL)
