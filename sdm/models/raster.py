"""Networks on inputs cut from rasters, whose bands the data set decides: `modality` of their configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from torch import Tensor, nn

from sdm.data.dataset import TargetKind
from sdm.errors import RunError
from sdm.modalities import MODALITIES
from sdm.models.contract import Network
from sdm.models.encoders import encoder_spec
from sdm.models.encoders.encoder import Encoder
from sdm.models.preparation import Batch, suits
from sdm.models.specification import Share, Side, Size


@dataclass(frozen=True, kw_only=True)
class RasterConfig:
    """The modality that is read, by name, and its preparation where it is not the modality's first."""

    modality: str
    preparation: str = ""

    def __post_init__(self) -> None:
        if self.modality not in MODALITIES:
            raise RunError("no such modality", expected="pixel-B2-B3 or the like", got=self.modality)
        if self.preparation and not suits(self.preparation, self.modality):
            expected = ", ".join(MODALITIES[self.modality].preparations)
            raise RunError(f"{self.preparation} does not suit {self.modality}", expected=expected)

    @property
    def inputs(self) -> Mapping[str, str]:
        """Modality -> preparation."""
        return MappingProxyType({self.modality: self.preparation or MODALITIES[self.modality].preparations[0]})


@dataclass(frozen=True, kw_only=True)
class PixelConfig(RasterConfig):
    """Units of the hidden layers, and the share of each that is dropped in training."""

    hidden: tuple[Size, ...] = (128, 64)
    dropout: Share = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.hidden:
            raise RunError("no hidden layer", expected="at least one width")


@dataclass(frozen=True, kw_only=True)
class ImageConfig(RasterConfig):
    """The share of features dropped in training; `frozen`: the backbone stays as it starts, the head alone learns.

    Freezing is for a backbone that starts from weights learnt elsewhere. `side`: pixels to which an image is
    brought first; 0: as the network is published, its own or the 256 of SwinV2-T.
    """

    dropout: Share = 0.0
    frozen: bool = False
    side: Side = 0


class RasterNetwork(Network):
    """One encoder of a raster modality under a head."""

    def __init__(self, kind: TargetKind, width: int, config: RasterConfig, encoder: Encoder) -> None:
        super().__init__(kind, width)
        self.modality, self.inputs = config.modality, config.inputs
        self.encoder = encoder
        self.hub = encoder.hub
        self.head = nn.Linear(encoder.width, width)

    def features(self, batch: Batch) -> Tensor:
        return self.encoder(batch[self.modality], batch[f"{self.modality}_valid"])

    def load_imagenet(self, path: Path) -> None:
        self.encoder.load_imagenet(path)


class PixelNetwork(RasterNetwork):
    """Fully connected layers on one pixel."""

    configuration = PixelConfig

    def __init__(self, encoder: str, kind: TargetKind, width: int, config: PixelConfig) -> None:
        made = encoder_spec(f"{config.modality}-{encoder}").make(config.hidden, config.dropout)
        super().__init__(kind, width, config, made)


class PredictorsNetwork(RasterNetwork):
    """A network on a data set's own predictors."""

    configuration = RasterConfig

    def __init__(self, kind: TargetKind, width: int, config: RasterConfig) -> None:
        super().__init__(kind, width, config, encoder_spec(f"{config.modality}-mlp").make())


class ImageNetwork(RasterNetwork):
    """An image network on an image or photograph of any bands."""

    configuration = ImageConfig

    def __init__(self, encoder: str, kind: TargetKind, width: int, config: ImageConfig) -> None:
        make = encoder_spec(f"{config.modality}-{encoder}").make
        super().__init__(kind, width, config, make(config.side) if config.side else make())
        self.dropout, self.frozen = nn.Dropout(config.dropout), config.frozen
        self.encoder.requires_grad_(not config.frozen)

    def features(self, batch: Batch) -> Tensor:
        return self.dropout(super().features(batch))

    def train(self, mode: bool = True) -> Self:
        """A frozen backbone stays in evaluation mode: its running statistics too are those it started with."""
        super().train(mode)
        if self.frozen:
            self.encoder.eval()
        return self
