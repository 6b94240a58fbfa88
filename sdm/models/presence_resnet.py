"""ResNet-18 as the work on presence-only augmentation used it: on Landsat cubes, and on whole patches."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from torch import Tensor, nn
from torch.nn import functional

from sdm.data.dataset import TargetKind
from sdm.modalities import LANDSAT, WIDE_PATCH
from sdm.models.contract import Network
from sdm.models.preparation import Batch
from sdm.models.resnet import STAGES, he_initialise, stage
from sdm.models.specification import Size


class Trunk(nn.Module):
    """ResNet-18 without its last layer: (B, channels, rows, columns) to (B, width), the mean over positions.

    The first convolution is 3x3 of stride 1, or 7x7 of stride 2; `pooled`: max-pooling follows, as in
    torchvision's. `half` halves the channels of every stage.
    """

    def __init__(self, channels: int, stem: str, *, pooled: bool, half: bool) -> None:
        super().__init__()
        widths = [width // 2 for width in STAGES] if half else [*STAGES]
        size, stride = (3, 1) if stem == "3x3" else (7, 2)
        self.width = widths[-1]
        self.conv1 = nn.Conv2d(channels, widths[0], size, stride, padding=size // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.pool: nn.Module = nn.MaxPool2d(3, 2, padding=1) if pooled else nn.Identity()
        self.stages = nn.Sequential(*map(stage, (widths[0], *widths[:-1]), widths, (1, 2, 2, 2)))
        he_initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(functional.relu(self.bn1(self.conv1(x))))
        return self.stages(x).mean(dim=(2, 3))


@dataclass(frozen=True)
class LandsatResNetConfig:
    """The first convolution, outputs of the ResNet, units of the layer after it; `half`: half as wide a ResNet."""

    stem: Literal["3x3", "7x7"] = "3x3"
    outputs: Size = 1000
    hidden: Size = 2056
    half: bool = False


class LandsatResNet18(Network):
    """LayerNorm of the cube, ResNet-18 without max-pooling, LayerNorm of its outputs, and two linear layers.

    There is no activation between the last layers, as published: together they are one of bounded rank.
    """

    configuration = LandsatResNetConfig
    inputs = MappingProxyType({LANDSAT.name: LANDSAT.preparations[0]})

    def __init__(self, kind: TargetKind, width: int, config: LandsatResNetConfig) -> None:
        super().__init__(kind, width)
        self.norm = nn.LayerNorm(LANDSAT.shape)
        self.trunk = Trunk(LANDSAT.shape[0], config.stem, pooled=False, half=config.half)
        self.last = nn.Linear(self.trunk.width, config.outputs)
        self.body = nn.Sequential(nn.LayerNorm(config.outputs), nn.Linear(config.outputs, config.hidden))
        self.head = nn.Linear(config.hidden, width)

    def features(self, batch: Batch) -> Tensor:
        return self.body(self.last(self.trunk(self.norm(batch[LANDSAT.name]))))


@dataclass(frozen=True)
class WholePatchResNetConfig:
    """How many of red, green, blue and near infrared are seen; `half`: half as wide a network."""

    bands: Literal[3, 4] = 4
    half: bool = False


class WholePatchResNet18(Network):
    """ResNet-18 with the stem of torchvision on all 128 x 128 pixels: the mean over (B, 512, 4, 4)."""

    configuration = WholePatchResNetConfig
    inputs = MappingProxyType({WIDE_PATCH.name: WIDE_PATCH.preparations[0]})

    def __init__(self, kind: TargetKind, width: int, config: WholePatchResNetConfig) -> None:
        super().__init__(kind, width)
        self.bands = config.bands
        self.trunk = Trunk(config.bands, "7x7", pooled=True, half=config.half)
        self.head = nn.Linear(self.trunk.width, width)

    def features(self, batch: Batch) -> Tensor:
        return self.trunk(batch[WIDE_PATCH.name][:, : self.bands])
