"""ResNet-18 on Sentinel-2 patches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from sdm.data.dataset import TargetKind
from sdm.data.prepare import Batch
from sdm.errors import RunError
from sdm.models.contract import Network

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


@dataclass(frozen=True)
class PatchResNet18Config:
    """Nothing to choose: the architecture is as published."""


class PatchResNet18(Network):
    """ResNet-18 whose first convolution is 4->64, 7x7, stride 2, without padding and with bias.

    Parameter names are torchvision's, so that its ImageNet weights load by name.
    """

    inputs: ClassVar[Mapping[str, str]] = {"patch": "quantile"}

    def __init__(self, kind: TargetKind, width: int, _config: PatchResNet18Config) -> None:
        super().__init__(kind, width)
        self.conv1 = nn.Conv2d(4, STAGES[0], 7, stride=2)
        self.bn1 = nn.BatchNorm2d(STAGES[0])
        self.layer1 = stage(STAGES[0], STAGES[0], 1)
        self.layer2 = stage(STAGES[0], STAGES[1], 2)
        self.layer3 = stage(STAGES[1], STAGES[2], 2)
        self.layer4 = stage(STAGES[2], STAGES[3], 2)
        self.head = nn.Linear(STAGES[3], width)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        # Halves the time of one survey on a CPU.
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def features(self, batch: Batch) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(batch["patch"])))  # (B, 64, 29, 29)
        x = functional.max_pool2d(x, 3, stride=2, padding=1)  # (B, 64, 15, 15)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))  # (B, 512, 2, 2)
        return x.mean(dim=(2, 3))


def load_imagenet(network: PatchResNet18, path: Path) -> None:
    """ImageNet weights of a ResNet-18 (safetensors, torchvision's or timm's names) into `network`.

    The near-infrared kernel starts as the mean of the three colours', the new bias at 0; the head stays random.
    """
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as problem:
        raise RunError("not readable as safetensors", where=path, got=problem) from None
    weights = {name: value for name, value in weights.items() if not name.startswith("fc.")}
    kernel = weights.get("conv1.weight")
    if kernel is None or kernel.shape != (64, 3, 7, 7):
        shape = None if kernel is None else tuple(kernel.shape)
        raise RunError(
            "no ResNet-18 on three colours", where=path, expected="conv1.weight (64, 3, 7, 7)", got=shape
        )
    weights["conv1.weight"] = torch.cat([kernel, kernel.mean(dim=1, keepdim=True)], dim=1)
    weights["conv1.bias"] = torch.zeros(len(kernel))
    own = {name: value.shape for name, value in network.state_dict().items() if not name.startswith("head.")}
    unfit = sorted(name for name, shape in own.items() if name not in weights or weights[name].shape != shape)
    if unfit:
        raise RunError("weights of another network", where=path, expected=", ".join(unfit[:3]))
    network.load_state_dict({name: weights[name] for name in own}, strict=False)
