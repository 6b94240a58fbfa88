"""Encoders of inputs cut from rasters: the bands of one pixel, and images of any bands and size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from sdm.errors import RunError
from sdm.modalities import MODALITIES
from sdm.models import resnet
from sdm.models.encoders.encoder import Encoder
from sdm.models.encoders.registry import LARGEST_SMALL_SIDE
from sdm.models.encoders.timm_import import timm
from sdm.models.pretrained import load_imagenet

CNN_CHANNELS = (32, 64, 128)


class PixelMlp(Encoder):
    """Fully connected layers on the bands of one pixel, each with ReLU and dropout; a missing band reads as 0."""

    def __init__(self, modality: str, hidden: Sequence[int] = (128, 64), dropout: float = 0.2) -> None:
        super().__init__()
        widths = (MODALITIES[modality].shape[0], *hidden)
        self.width = widths[-1]
        layers = ((nn.Linear(a, b), nn.ReLU(), nn.Dropout(dropout)) for a, b in pairwise(widths))
        self.body = nn.Sequential(*(module for layer in layers for module in layer))

    def forward(self, values: Tensor, _valid: Tensor) -> Tensor:
        return self.body(values)


class ImageCnn(Encoder):
    """Three 3x3 convolutions with batch normalisation, ReLU and 2x2 max-pooling, then the mean over the image.

    A larger image goes through a 7x7 convolution of stride 4 first, a small one through 3x3 of stride 1. An image
    is brought to `side` pixels first, where they are given.
    """

    def __init__(self, modality: str, side: int = 0) -> None:
        super().__init__()
        bands, own = MODALITIES[modality].shape[:2]
        self.side = side or own
        first, self.width = CNN_CHANNELS[0], CNN_CHANNELS[-1]
        size, stride = (3, 1) if is_small(self.side) else (7, 4)
        self.conv1 = nn.Conv2d(bands, first, size, stride, padding=size // 2, bias=False)
        layers: list[nn.Module] = [nn.BatchNorm2d(first), nn.ReLU(), nn.MaxPool2d(2)]
        for inward, outward in pairwise(CNN_CHANNELS):
            layers += [nn.Conv2d(inward, outward, 3, padding=1, bias=False), nn.BatchNorm2d(outward), nn.ReLU()]
            layers += [nn.MaxPool2d(2)]
        self.body = nn.Sequential(*layers[:-1])
        resnet.he_initialise(self)

    def forward(self, values: Tensor, _valid: Tensor) -> Tensor:
        return self.body(self.conv1(resized(values, self.side))).mean(dim=(2, 3))


class ImageResNet18(Encoder):
    """ResNet-18 on any bands, its parameters named as torchvision's.

    Large images: the first convolution is 7x7 of stride 2 and max-pooling follows, as published. Small ones: 3x3
    of stride 1 and no max-pooling, as in the cubes; that kernel starts at random, whatever the other weights.
    An image is brought to `side` pixels first, where they are given.
    """

    hub = "timm/resnet18.tv_in1k"

    def __init__(self, modality: str, side: int = 0) -> None:
        super().__init__()
        (bands, own, _), stages = MODALITIES[modality].shape, resnet.STAGES
        self.side = side or own
        self.width, self.small = stages[-1], is_small(self.side)
        size, stride = (3, 1) if self.small else (7, 2)
        self.conv1 = nn.Conv2d(bands, stages[0], size, stride, padding=size // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(stages[0])
        self.layer1 = resnet.stage(stages[0], stages[0], 1)
        self.layer2 = resnet.stage(stages[0], stages[1], 2)
        self.layer3 = resnet.stage(stages[1], stages[2], 2)
        self.layer4 = resnet.stage(stages[2], stages[3], 2)
        resnet.he_initialise(self)

    def forward(self, values: Tensor, _valid: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(resized(values, self.side))))
        if not self.small:
            x = functional.max_pool2d(x, 3, stride=2, padding=1)
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean(dim=(2, 3))

    def load_imagenet(self, path: Path) -> None:
        load_imagenet(self, path, "conv1", fresh=("conv1.weight",) if self.small else ())


class ImageSwin(Encoder):
    """Swin Transformer V2, tiny, windows of 8, on any bands; images of another size become ones of `side` pixels.

    As published 256. Its weights do not depend on the side: at 128 pixels a step costs a quarter. RunError where
    it is no multiple of 32: patches of 4 pixels are halved three times.
    """

    def __init__(self, modality: str, side: int = 256) -> None:
        super().__init__()
        if side % 32:
            raise RunError("SwinV2 halves its image five times", expected="a side that 32 divides", got=side)
        self.side = side
        self.network = timm().create_model(
            "swinv2_tiny_window8_256.ms_in1k", in_chans=MODALITIES[modality].shape[0], num_classes=0, img_size=side
        )
        self.width = self.network.num_features
        self.first = self.network.pretrained_cfg["first_conv"]
        self.hub = self.network.pretrained_cfg["hf_hub_id"]

    def forward(self, values: Tensor, _valid: Tensor) -> Tensor:
        return self.network(resized(values, self.side))

    def load_imagenet(self, path: Path) -> None:
        load_imagenet(self.network, path, self.first)


def resized(images: Tensor, side: int) -> Tensor:
    """`images` (B, C, H, W) at `side` x `side` pixels."""
    if images.shape[-1] == side:
        return images
    return functional.interpolate(images, size=side, mode="bilinear", align_corners=False)


def is_small(side: int) -> bool:
    """Whether an image of `side` pixels is too small to be shrunk at once."""
    return side <= LARGEST_SMALL_SIDE
