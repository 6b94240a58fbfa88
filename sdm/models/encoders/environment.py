"""The encoders of tables of predictors: those of the environment, and those of a data set's own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sdm.modalities import ENVIRONMENT, MODALITIES
from sdm.models.encoders.encoder import Encoder

LARGEST_CODE = 255  # class codes are unsigned bytes
CODE_WIDTH = 4


class EnvironmentMlp(Encoder):
    """Standardised numbers, class codes as categories and marks of what is missing; LayerNorm and three layers.

    A category starts at zeros, as what is missing is: one that never occurs in training says nothing later.
    """

    def __init__(self, modality: str = ENVIRONMENT.name, hidden: int = 128, width: int = 32) -> None:
        super().__init__()
        self.width = width
        coded = torch.tensor(MODALITIES[modality].coded, device="cpu")
        count = sum(MODALITIES[modality].coded)
        # Positions, not marks: the shape of what they pick is known before its values are.
        self.register_buffer("coded", coded.nonzero().flatten(), persistent=False)
        self.register_buffer("numbers", (~coded).nonzero().flatten(), persistent=False)
        self.register_buffer("first", torch.arange(count) * (LARGEST_CODE + 1), persistent=False)
        self.categories = nn.Embedding(count * (LARGEST_CODE + 1), CODE_WIDTH)
        nn.init.zeros_(self.categories.weight)
        values = len(coded) - count + count * CODE_WIDTH + len(coded)
        self.body = _layers(values, hidden, width)

    coded: Tensor
    numbers: Tensor
    first: Tensor

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        categories = self._embedded(values[:, self.coded], valid[:, self.coded])
        return self.body(torch.cat([values[:, self.numbers], categories, valid.to(values.dtype)], dim=1))

    def _embedded(self, codes: Tensor, valid: Tensor) -> Tensor:
        """(B, 10 x 4): zeros for a code that is missing or no byte."""
        known = valid & (codes >= 0) & (codes <= LARGEST_CODE)
        index = torch.where(known, codes, 0).round().long() + self.first
        return (self.categories(index) * known[..., None]).flatten(1)


class EnvironmentTable(Encoder):
    """All columns as standardised numbers, class codes too, and marks of what is missing; LayerNorm and three
    layers."""

    def __init__(self, hidden: int = 128, width: int = 32) -> None:
        super().__init__()
        self.width = width
        self.body = _layers(2 * ENVIRONMENT.shape[0], hidden, width)

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        return self.body(torch.cat([values, valid.to(values.dtype)], dim=1))


def _layers(values: int, hidden: int, width: int) -> nn.Sequential:
    """LayerNorm of `values` numbers, two hidden layers and `width` features."""
    return nn.Sequential(
        nn.LayerNorm(values),
        nn.Linear(values, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, width),
    )
