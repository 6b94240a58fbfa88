"""Encoders that summarise an input by means and deviations before they learn: for few training surveys."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from sdm.modalities import MODALITIES, PATCH
from sdm.models.encoders.encoder import Encoder

WIDTH = 128
SQUARES = (3, 9, PATCH.shape[-1])  # sides in pixels, around the pixel of the survey
# Deviations are a fraction of the units their means are in: brought to about the same size.
GAIN = 4.0
CENTRE, SPREAD = 0.4, 0.15  # of a patch in 0..1


class _Statistics(Encoder):
    """One layer on `count` statistics."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.width = WIDTH
        self.body = nn.Sequential(nn.Linear(count, WIDTH), nn.ReLU())


class YearStatistics(_Statistics):
    """Mean and standard deviation over the years of every other position of a cube; missing values are left out.

    A position without any value has the mean of its channel, 0, and no deviation.
    """

    def __init__(self, modality: str) -> None:
        row = MODALITIES[modality]
        axis = row.axes.index("year")
        super().__init__(2 * math.prod(row.shape) // row.shape[axis])
        self.axis = 1 + axis

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        mean, deviation = _moments(values, valid, self.axis)
        return self.body(torch.cat([mean.flatten(1), GAIN * deviation.flatten(1)], dim=1))


class PatchStatistics(_Statistics):
    """The pixel of the survey, mean and deviation per band in squares around it; missing pixels are left out."""

    def __init__(self) -> None:
        super().__init__(PATCH.shape[0] * (1 + 2 * len(SQUARES)))

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        x, middle = (values - CENTRE) / SPREAD * valid, PATCH.shape[-1] // 2
        parts = [x[:, :, middle, middle]]
        for side in SQUARES:
            at = slice(middle - side // 2, middle - side // 2 + side)
            parts += _moments(x[:, :, at, at].flatten(2), valid[:, :, at, at].flatten(2), 2)
        return self.body(torch.cat(parts, dim=1))


def _moments(values: Tensor, valid: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation along an axis of what is valid, 0 where nothing is."""
    weight = valid.to(values.dtype)
    count = weight.sum(axis).clamp(min=1)
    mean = (values * weight).sum(axis) / count
    square = ((values - mean.unsqueeze(axis)) ** 2 * weight).sum(axis) / count
    return mean, square.clamp(min=1e-12).sqrt()
