"""What every encoder fulfils."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn


class Encoder(nn.Module):
    """A network on one modality.

    `width` is the number of features it gives; `hub` the public repository, or the address, of its ImageNet
    weights, "" when there are none.
    """

    width: int
    hub: str = ""

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        """float32 (B, width) of `values` (B, *shape), prepared, and the mask `valid` of the same shape."""
        raise NotImplementedError

    def load_imagenet(self, path: Path) -> None:
        """Start from the ImageNet weights in `path` (safetensors), where there is a `hub`; RunError for others."""
        raise NotImplementedError


class NormalisedEncoder(Encoder):
    """Another encoder whose features are normalised (LayerNorm), a share of them dropped in training."""

    def __init__(self, encoder: Encoder, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.width, self.hub = encoder.width, encoder.hub
        self.norm = nn.LayerNorm(encoder.width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        return self.dropout(self.norm(self.encoder(values, valid)))

    def load_imagenet(self, path: Path) -> None:
        self.encoder.load_imagenet(path)
