"""Encoders of the whole patch: image networks of torchvision, whose thousand outputs are the features."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor
from torch.nn import functional

from sdm.models.encoders.encoder import Encoder
from sdm.models.encoders.timm_import import torchvision_models
from sdm.models.pretrained import load_imagenet

CLASSES = 1000  # of ImageNet
COLOURS = 3
MIDDLE, HALF_RANGE = 0.5, 0.5  # of brightness in [0, 1]


class ColourNetwork(Encoder):
    """A network of torchvision on red, green and blue in [0, 1], scaled to -1 .. 1; missing pixels read as 0.5.

    The patch is enlarged where `side`, the pixels of what the network wants, is not 0.
    """

    def __init__(self, network: str, side: int = 0) -> None:
        super().__init__()
        models = torchvision_models()
        self.side = side
        self.width = CLASSES
        self.network = models.get_model(network, weights=None)
        self.hub = models.get_model_weights(network).IMAGENET1K_V1.url

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        x = (values[:, :COLOURS] - MIDDLE) / HALF_RANGE * valid[:, :COLOURS]
        if self.side and x.shape[-1] != self.side:
            x = functional.interpolate(x, size=self.side, mode="bilinear", align_corners=False)
        return self.network(x)

    def load_imagenet(self, path: Path) -> None:
        load_imagenet(self.network, path, first="", published=self.hub)
