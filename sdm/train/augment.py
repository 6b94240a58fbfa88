"""Flips and quarter turns of the patch: the ground has no up."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from sdm.data.prepare import Batch


def turn_patches(batch: Batch, turns: np.ndarray) -> Batch:
    """`batch` with patch i, and its mask, turned `turns[i]` % 4 quarters and, from 4 on, mirrored."""
    if "patch" not in batch:
        return batch
    which = torch.from_numpy(turns)
    return {**batch, **{name: _turned(batch[name], which) for name in ("patch", "patch_valid")}}


def _turned(images: Tensor, turns: Tensor) -> Tensor:
    result = images.clone()
    for turn in range(1, 8):
        chosen = turns == turn
        turned = torch.rot90(images[chosen], turn % 4, dims=(2, 3))
        result[chosen] = turned.flip(3) if turn >= 4 else turned
    return result
