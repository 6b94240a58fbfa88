"""What every encoder fulfils."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn


class Encoder(nn.Module):
    """A network on one modality.

    `width` is the number of features it gives; `hub` the public repository of its ImageNet weights, "" when there
    are none.
    """

    width: int
    hub: str = ""

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        """float32 (B, width) of `values` (B, *shape), prepared, and the mask `valid` of the same shape."""
        raise NotImplementedError

    def load_imagenet(self, path: Path) -> None:
        """Start from the ImageNet weights in `path` (safetensors), where there is a `hub`; RunError for others."""
        raise NotImplementedError
