"""A transformer over the years, or the last axis, of any series."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from sdm.modalities import MODALITIES
from sdm.models.encoders.encoder import Encoder

WIDTH, HEADS, LAYERS = 128, 4, 3


class SeriesTransformer(Encoder):
    """One token per year, of its quarters or months and of marks of what is missing; for a series without years,
    one per position on its last axis.

    Tokens without any value are not attended to. The features are what a learnt first token has gathered (Vaswani
    et al. 2017, normalising first).
    """

    def __init__(self, modality: str) -> None:
        super().__init__()
        self.width = WIDTH
        shape, axes = MODALITIES[modality].shape, MODALITIES[modality].axes
        self.time_axis = 1 + (axes.index("year") if "year" in axes else len(axes) - 1)  # in a batch
        steps = shape[self.time_axis - 1]
        self.token = nn.Linear(2 * math.prod(shape) // steps, WIDTH)
        self.position = nn.Parameter(torch.randn(1, steps, WIDTH) * 0.02)
        self.first = nn.Parameter(torch.zeros(1, 1, WIDTH))
        layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, 4 * WIDTH, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, LAYERS, nn.LayerNorm(WIDTH), enable_nested_tensor=False)

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        series, seen = (x.movedim(self.time_axis, 1).flatten(2) for x in (values, valid))  # (B, steps, n)
        steps = self.token(torch.cat([series, seen.to(series.dtype)], dim=2)) + self.position
        tokens = torch.cat([self.first.expand(len(steps), 1, -1), steps], dim=1)
        empty = torch.cat([seen.new_zeros(len(seen), 1), ~seen.any(dim=2)], dim=1)
        return self.layers(tokens, src_key_padding_mask=empty)[:, 0]
