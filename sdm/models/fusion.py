"""Networks made of encoders: one alone under a head, or several fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor, nn

from sdm.data.dataset import TargetKind
from sdm.errors import RunError, UnknownNameError
from sdm.modalities import MODALITIES
from sdm.models.contract import Network
from sdm.models.encoders import SITE, encoder_spec
from sdm.models.encoders.encoder import NormalisedEncoder
from sdm.models.preparation import PREPARATIONS, Batch, suits
from sdm.models.specification import Share, Size


@dataclass(frozen=True)
class SingleConfig:
    """The share of features dropped in training."""

    dropout: Share = 0.15


class Single(Network):
    """One encoder and a head."""

    configuration = SingleConfig

    def __init__(self, encoder: str, kind: TargetKind, width: int, config: SingleConfig) -> None:
        super().__init__(kind, width)
        card = encoder_spec(encoder)
        self.modality = card.modality
        self.inputs = card.inputs
        self.encoder = card.make()
        self.hub = self.encoder.hub
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(self.encoder.width, width)

    def features(self, batch: Batch) -> Tensor:
        return self.dropout(self.encoder(*_read(batch, self.modality)))

    def load_imagenet(self, path: Path) -> None:
        self.encoder.load_imagenet(path)


@dataclass(frozen=True)
class FusionConfig:
    """Encoders (names of `sdm.models.encoders.ENCODERS`, one per modality), units of the hidden layer, the shares
    of hidden units and of whole modalities dropped in training, modality -> preparation where it is not the
    encoder's own, and whether the features of each encoder are normalised and, in the share of hidden units,
    dropped before they are joined."""

    encoders: tuple[str, ...]
    hidden: Size = 512
    dropout: Share = 0.15
    modality_dropout: Share = 0.15
    preparations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    normalised: bool = False

    def __post_init__(self) -> None:
        modalities = [encoder_spec(name).modality for name in self.encoders]
        _check_preparations(self.preparations, modalities)
        if not modalities or len(set(modalities)) < len(modalities):
            raise RunError(
                "encoders do not fit together", expected="one per modality", got=", ".join(self.encoders) or "none"
            )

    @property
    def inputs(self) -> Mapping[str, str]:
        """Modality -> preparation."""
        cards = [encoder_spec(name) for name in self.encoders]
        own = {name: preparation for card in cards for name, preparation in card.inputs.items()}
        return MappingProxyType({**own, **self.preparations})

    @property
    def sees_place(self) -> bool:
        """Whether one of the encoders reads the place."""
        return any(encoder_spec(name).modality == SITE for name in self.encoders)


class Fusion(Network):
    """Features of each modality side by side, one hidden layer, a head.

    A modality that is missing, and in training some that are not, gives a learnt vector instead.
    """

    configuration = FusionConfig

    def __init__(self, kind: TargetKind, width: int, config: FusionConfig) -> None:
        super().__init__(kind, width)
        self.inputs = config.inputs
        self.share = config.modality_dropout
        encoders = {card.modality: card.make() for card in map(encoder_spec, config.encoders)}
        if config.normalised:
            encoders = {name: NormalisedEncoder(one, config.dropout) for name, one in encoders.items()}
        self.encoders = nn.ModuleDict(encoders)
        self.missing = nn.ParameterDict({name: torch.zeros(encoder.width) for name, encoder in encoders.items()})
        self.starting = [encoder for encoder in encoders.values() if encoder.hub]
        self.hub = self.starting[0].hub if self.starting else ""
        joined = sum(encoder.width for encoder in encoders.values())
        self.body = nn.Sequential(nn.Linear(joined, config.hidden), nn.ReLU(), nn.Dropout(config.dropout))
        self.head = nn.Linear(config.hidden, width)

    def features(self, batch: Batch) -> Tensor:
        seen = {name: _read(batch, name) for name in self.encoders}
        present = torch.stack([valid.flatten(1).any(dim=1) for _, valid in seen.values()], dim=1)  # (B, M)
        if self.training:
            present = drop_modalities(present, self.share)
        parts = []
        for (name, encoder), there in zip(self.encoders.items(), present.unbind(dim=1), strict=True):
            encoded = encoder(*seen[name])
            parts.append(torch.where(there[:, None], encoded, self.missing[name]))
        return self.body(torch.cat(parts, dim=1))

    def load_imagenet(self, path: Path) -> None:
        self.starting[0].load_imagenet(path)


def _read(batch: Batch, modality: str) -> tuple[Tensor, Tensor]:
    """Values and mask of a modality, or of the place: longitude and latitude."""
    if modality == SITE:
        degrees = batch[SITE][:, :2]
        return degrees, degrees.isfinite()
    return batch[modality], batch[f"{modality}_valid"]


def drop_modalities(present: Tensor, share: float) -> Tensor:
    """bool (B, M): each true entry of `present` (B, M) made false with probability `share`.

    A survey that has any modality keeps at least one.
    """
    luck = torch.rand(present.shape, device=present.device).masked_fill(~present, -1)
    kept = (luck >= share).scatter(1, luck.argmax(dim=1, keepdim=True), True)
    return kept & present


def _check_preparations(preparations: Mapping[str, str], modalities: Sequence[str]) -> None:
    for name, preparation in preparations.items():
        if name not in modalities or name == SITE:
            raise RunError("a preparation of what no encoder sees", expected=", ".join(modalities), got=name)
        if preparation not in PREPARATIONS:
            raise UnknownNameError("unknown preparation", expected=", ".join(PREPARATIONS), got=preparation)
        if not suits(preparation, name):
            expected = ", ".join(MODALITIES[name].preparations)
            raise RunError(f"{preparation} does not suit {name}", expected=expected)
