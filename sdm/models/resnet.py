"""ResNet-18 on Sentinel-2 patches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn import functional

from sdm.data.dataset import TargetKind
from sdm.models.contract import Network
from sdm.models.preparation import Batch
from sdm.models.pretrained import load_imagenet

STAGES = (64, 128, 256, 512)


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut (He et al. 2016, basic block)."""

    def __init__(self, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or channels_in != channels:
            shortcut = nn.Conv2d(channels_in, channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        out = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(out)) + self.downsample(x))


def stage(channels_in: int, channels: int, stride: int) -> nn.Sequential:
    """Two blocks; the first one halves the image when `stride` is 2."""
    return nn.Sequential(Block(channels_in, channels, stride), Block(channels, channels, 1))


def he_initialise(network: nn.Module) -> None:
    """Random kernels that keep the variance of gradients through ReLU (He et al. 2015)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


@dataclass(frozen=True)
class PatchResNet18Config:
    """Nothing to choose: the architecture is as published."""


class PatchResNet18(Network):
    """ResNet-18 whose first convolution is 4->64, 7x7, stride 2, without padding and with bias.

    Parameter names are torchvision's, so that its ImageNet weights load by name.
    """

    configuration = PatchResNet18Config
    inputs = MappingProxyType({"patch": "quantile"})
    hub = "timm/resnet18.tv_in1k"

    def __init__(self, kind: TargetKind, width: int, _config: PatchResNet18Config) -> None:
        super().__init__(kind, width)
        self.conv1 = nn.Conv2d(4, STAGES[0], 7, stride=2)
        self.bn1 = nn.BatchNorm2d(STAGES[0])
        self.layer1 = stage(STAGES[0], STAGES[0], 1)
        self.layer2 = stage(STAGES[0], STAGES[1], 2)
        self.layer3 = stage(STAGES[1], STAGES[2], 2)
        self.layer4 = stage(STAGES[2], STAGES[3], 2)
        self.head = nn.Linear(STAGES[3], width)
        he_initialise(self)
        # Halves the time of one survey on a CPU.
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def features(self, batch: Batch) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(batch["patch"])))  # (B, 64, 29, 29)
        x = functional.max_pool2d(x, 3, stride=2, padding=1)  # (B, 64, 15, 15)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))  # (B, 512, 2, 2)
        return x.mean(dim=(2, 3))

    def load_imagenet(self, path: Path) -> None:
        """torchvision's or timm's names; the new bias starts at 0, the head stays random."""
        load_imagenet(self, path, "conv1", fresh=("conv1.bias", "head.weight", "head.bias"))
        nn.init.zeros_(self.conv1.bias)  # type: ignore[arg-type]
