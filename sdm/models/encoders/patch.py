"""Encoders of the patch: image networks of timm on four bands."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from sdm.modalities import PATCH
from sdm.models.encoders.backbones import Backbone
from sdm.models.encoders.encoder import Encoder
from sdm.models.encoders.timm_import import timm
from sdm.models.pretrained import load_imagenet

# Of red, green, blue in 0..1 over ImageNet (pytorch.org/vision/stable/models); near infrared takes their mean.
IMAGENET_MEAN = (0.485, 0.456, 0.406, 0.449)
IMAGENET_STD = (0.229, 0.224, 0.225, 0.226)


class PatchBackbone(Encoder):
    """An image network on patches in [0, 1], scaled as ImageNet's pictures were; missing pixels read as the mean.

    Patches are enlarged where the network wants larger images.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.side = backbone.side
        network = timm().create_model(backbone.timm, in_chans=PATCH.shape[0], num_classes=0, **backbone.options)
        self.network = network.to(memory_format=torch.channels_last)
        self.width = network.num_features
        pretrained = network.pretrained_cfg
        self.first = pretrained["first_conv"]
        self.hub = "" if backbone.options else pretrained["hf_hub_id"]
        bands = (1, -1, 1, 1)
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).reshape(bands), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).reshape(bands), persistent=False)

    def forward(self, values: Tensor, valid: Tensor) -> Tensor:
        x = (values - self.mean) / self.std * valid
        if x.shape[-1] != self.side:
            x = functional.interpolate(x, size=self.side, mode="bilinear", align_corners=False)
        return self.network(x)

    def load_imagenet(self, path: Path) -> None:
        load_imagenet(self.network, path, self.first)
