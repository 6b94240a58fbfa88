"""Networks on series of one pixel, whose bands and steps the data set decides."""

from __future__ import annotations

from dataclasses import dataclass

from sdm.data.dataset import TargetKind
from sdm.errors import RunError
from sdm.models.encoders import encoder_spec
from sdm.models.encoders.series import HEADS, LAYERS, WIDTH
from sdm.models.raster import RasterConfig, RasterNetwork
from sdm.models.specification import Share, Size


@dataclass(frozen=True, kw_only=True)
class LstmConfig(RasterConfig):
    """Units of each layer, layers, and the share of units dropped between layers in training."""

    hidden: Size = 128
    layers: Size = 2
    dropout: Share = 0.2


@dataclass(frozen=True, kw_only=True)
class TransformerConfig(RasterConfig):
    """Numbers of a token, a multiple of the heads; layers; and the share dropped in training."""

    width: Size = WIDTH
    layers: Size = LAYERS
    dropout: Share = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width % HEADS:
            raise RunError("width does not fit the heads", expected=f"a multiple of {HEADS}", got=self.width)


class LstmNetwork(RasterNetwork):
    """An LSTM whose last state feeds the head."""

    configuration = LstmConfig

    def __init__(self, kind: TargetKind, width: int, config: LstmConfig) -> None:
        make = encoder_spec(f"{config.modality}-lstm").make
        super().__init__(kind, width, config, make(config.hidden, config.layers, config.dropout))


class TransformerNetwork(RasterNetwork):
    """Attention over the steps of a series."""

    configuration = TransformerConfig

    def __init__(self, kind: TargetKind, width: int, config: TransformerConfig) -> None:
        make = encoder_spec(f"{config.modality}-transformer").make
        super().__init__(kind, width, config, make(config.width, config.layers, config.dropout))
