"""Three networks on the Landsat cube [band 6, quarter 4, year 21]."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from torch import Tensor, nn

from sdm.data.dataset import TargetKind
from sdm.modalities import LANDSAT
from sdm.models.contract import Network
from sdm.models.preparation import Batch
from sdm.models.specification import Size

BANDS, QUARTERS, YEARS = LANDSAT.shape
INPUTS = MappingProxyType({"landsat": "standardise"})


@dataclass(frozen=True)
class LandsatCnnConfig:
    """Channels of the two convolutions, units of the hidden layer."""

    channels: tuple[Size, Size] = (32, 64)
    hidden: Size = 128


class LandsatCnn(Network):
    """Two convolutions over year x quarter, each with ReLU and 2x2 max-pooling, then one hidden layer."""

    configuration = LandsatCnnConfig
    inputs = INPUTS

    def __init__(self, kind: TargetKind, width: int, config: LandsatCnnConfig) -> None:
        super().__init__(kind, width)
        first, second = config.channels
        self.body = nn.Sequential(
            nn.Conv2d(BANDS, first, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # (B, 32, 10, 2)
            nn.Conv2d(first, second, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # (B, 64, 5, 1)
            nn.Flatten(),
            nn.Linear(second * (YEARS // 4) * (QUARTERS // 4), config.hidden),
            nn.ReLU(),
        )
        self.head = nn.Linear(config.hidden, width)

    def features(self, batch: Batch) -> Tensor:
        return self.body(batch["landsat"].transpose(2, 3))  # (B, 6, 21, 4)


@dataclass(frozen=True)
class LandsatMlpConfig:
    """Units of the two hidden layers."""

    hidden: tuple[Size, Size] = (1024, 512)


class LandsatMlp(Network):
    """Layer normalisation of all 504 values, then two hidden layers."""

    configuration = LandsatMlpConfig
    inputs = INPUTS

    def __init__(self, kind: TargetKind, width: int, config: LandsatMlpConfig) -> None:
        super().__init__(kind, width)
        values = BANDS * QUARTERS * YEARS
        first, second = config.hidden
        self.body = nn.Sequential(
            nn.Flatten(),
            nn.LayerNorm(values),
            nn.Linear(values, first),
            nn.ReLU(),
            nn.Linear(first, second),
            nn.ReLU(),
        )
        self.head = nn.Linear(second, width)

    def features(self, batch: Batch) -> Tensor:
        return self.body(batch["landsat"])


@dataclass(frozen=True)
class LandsatLstmConfig:
    """Hidden units."""

    hidden: Size = 100


class LandsatLstm(Network):
    """An LSTM over the 84 quarters in order of time; the last state feeds the head."""

    configuration = LandsatLstmConfig
    inputs = INPUTS

    def __init__(self, kind: TargetKind, width: int, config: LandsatLstmConfig) -> None:
        super().__init__(kind, width)
        self.lstm = nn.LSTM(BANDS, config.hidden, batch_first=True)
        self.head = nn.Linear(config.hidden, width)

    def features(self, batch: Batch) -> Tensor:
        series = batch["landsat"].permute(0, 3, 2, 1).flatten(1, 2)  # (B, 84, 6): years, then quarters
        _, (last, _) = self.lstm(series)
        return last[-1]
