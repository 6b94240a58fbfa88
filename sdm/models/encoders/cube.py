"""ResNet-18 on the Landsat and climate cubes."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from sdm.modalities import MODALITIES
from sdm.models.encoders.encoder import Encoder
from sdm.models.resnet import STAGES, he_initialise, stage


class CubeResNet18(Encoder):
    """LayerNorm over the whole cube, then ResNet-18 with a 3x3 stride-1 first convolution and no max-pooling.

    Cubes are too small to be shrunk at once. Missing values read as the mean of their channel. `half`
    halves the channels of every stage. With `outputs` a linear layer of so many follows, as in torchvision's.
    """

    def __init__(self, modality: str, half: bool = False, outputs: int = 0) -> None:
        super().__init__()
        stages = tuple(channels // 2 for channels in STAGES) if half else STAGES
        shape = MODALITIES[modality].shape
        self.width = outputs or stages[-1]
        self.norm = nn.LayerNorm(shape)
        self.conv1 = nn.Conv2d(shape[0], stages[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(stages[0])
        inward = (stages[0], *stages[:-1])
        strides = (1, 2, 2, 2)
        self.stages = nn.Sequential(*map(stage, inward, stages, strides))
        self.last = nn.Linear(stages[-1], outputs) if outputs else None
        he_initialise(self)

    def forward(self, values: Tensor, _valid: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(self.norm(values))))
        x = self.stages(x).mean(dim=(2, 3))
        return x if self.last is None else self.last(x)
