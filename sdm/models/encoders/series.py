"""Networks over the steps of any series: a transformer, and an LSTM for series of one pixel."""

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

    def __init__(self, modality: str, width: int = WIDTH, layers: int = LAYERS, dropout: float = 0.1) -> None:
        super().__init__()
        self.width = width
        shape, axes = MODALITIES[modality].shape, MODALITIES[modality].axes
        self.time_axis = 1 + (axes.index("year") if "year" in axes else len(axes) - 1)  # in a batch
        steps = shape[self.time_axis - 1]
        self.token = nn.Linear(2 * math.prod(shape) // steps, width)
        self.position = nn.Parameter(torch.randn(1, steps, width) * 0.02)
        self.first = nn.Parameter(torch.zeros(1, 1, width))
        layer = nn.TransformerEncoderLayer(
            width, HEADS, 4 * width, dropout=dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, nn.LayerNorm(width), enable_nested_tensor=False)

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        series, seen = (x.movedim(self.time_axis, 1).flatten(2) for x in (values, valid))  # (B, steps, n)
        steps = self.token(torch.cat([series, seen.to(series.dtype)], dim=2)) + self.position
        tokens = torch.cat([self.first.expand(len(steps), 1, -1), steps], dim=1)
        empty = torch.cat([seen.new_zeros(len(seen), 1), ~seen.any(dim=2)], dim=1)
        return self.layers(tokens, src_key_padding_mask=empty)[:, 0]


class SeriesLstm(Encoder):
    """An LSTM over the steps of a series (band, step); the features are the hidden state after the last step.

    As in the published model, a series with fewer dates than steps repeats its last date up to the end, so that
    the last state has seen every date. A value that is missing before that is 0, the mean.
    """

    def __init__(self, modality: str, hidden: int = 128, layers: int = 2, dropout: float = 0.2) -> None:
        super().__init__()
        self.width = hidden
        bands = MODALITIES[modality].shape[0]
        between = dropout if layers > 1 else 0.0
        self.lstm = nn.LSTM(bands, hidden, layers, batch_first=True, dropout=between)

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        states, _ = self.lstm(last_repeated(values, valid).transpose(1, 2))
        return states[:, -1]


def last_repeated(values: Tensor, valid: Tensor) -> Tensor:
    """`values` (B, band, step) in which the steps after the last one with any valid value are copies of it.

    >>> series = torch.tensor([[[1.0, 2.0, 0.0, 0.0]]])
    >>> last_repeated(series, series > 0).tolist()
    [[[1.0, 2.0, 2.0, 2.0]]]
    """
    steps = torch.arange(values.shape[2], device=values.device)
    last = (valid.any(dim=1) * steps).amax(dim=1, keepdim=True)  # (B, 1), 0 where nothing is valid
    return values.gather(2, torch.minimum(steps, last)[:, None].expand_as(values))
