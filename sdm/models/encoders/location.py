"""The encoder of the place itself."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sdm.models.encoders.encoder import Encoder

WAVELENGTHS = tuple(360.0 / 2**k for k in range(6))  # degrees: the globe down to about 1,250 km
HIDDEN = 128


class LocationMlp(Encoder):
    """Longitude and latitude as sines and cosines of several wavelengths (Mai et al. 2020), then three layers.

    Its values are degrees, (B, 2): longitude, latitude.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.width = width
        self.register_buffer("rates", 2 * torch.pi / torch.tensor(WAVELENGTHS), persistent=False)
        self.body = nn.Sequential(
            nn.Linear(4 * len(WAVELENGTHS), HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, width),
        )

    rates: Tensor

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        degrees = torch.where(valid, values, 0).float()
        angles = (degrees[:, :, None] * self.rates).flatten(1)
        return self.body(torch.cat([angles.sin(), angles.cos()], dim=1))
