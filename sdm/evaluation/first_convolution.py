"""The kernels of the first convolution of a run: what its network looks for first, band by band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.modalities import MODALITIES
from sdm.runs import Run
from sdm.runs.weights import read_tensors

FIRST = ("conv1.weight", "encoder.conv1.weight", "encoder.network.patch_embed.proj.weight")


@dataclass(frozen=True)
class Kernels:
    """`values` float32 (kernels, bands, rows, columns) of the first convolution on `modality`, of `bands`."""

    modality: str
    bands: tuple[str, ...]
    values: np.ndarray

    @property
    def weights(self) -> pd.DataFrame:
        """The mean absolute weight of each band: how much the convolution makes of it."""
        return pd.DataFrame({"band": self.bands, "mean absolute weight": np.abs(self.values).mean(axis=(0, 2, 3))})


def first_kernels(run: Run) -> Kernels | None:
    """The kernels of the network of `run`; None where it has no convolution that reads one image directly.

    RunError for damaged weights.
    """
    card = run.card
    images = [name for name in card.inputs if name in MODALITIES and MODALITIES[name].is_image]
    if card.weights is None or card.weights.file != "weights.safetensors" or len(images) != 1:
        return None
    tensors = read_tensors(run.path / card.weights.file)
    bands = MODALITIES[images[0]].channels
    for name in FIRST:
        if name in tensors and tensors[name].ndim == 4 and tensors[name].shape[1] == len(bands):
            return Kernels(images[0], bands, tensors[name].float().numpy())
    return None
