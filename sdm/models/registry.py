"""The models by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sdm.data.dataset import TargetKind
from sdm.errors import RunError, UnknownNameError
from sdm.models.baselines import CountryFrequency, CountryFrequencyConfig, NearestSurveys, NearestSurveysConfig
from sdm.models.config import from_mapping
from sdm.models.contract import Baseline, Predictor
from sdm.models.landsat import (
    LandsatCnn,
    LandsatCnnConfig,
    LandsatLstm,
    LandsatLstmConfig,
    LandsatMlp,
    LandsatMlpConfig,
)
from sdm.models.resnet import PatchResNet18, PatchResNet18Config

SATELLITE_ONLY = "satellite-only models for GeoLifeCLEF 2025"


@dataclass(frozen=True)
class ModelCard:
    """What is known of a model before it is trained.

    `config` is the frozen dataclass its builder takes; `recipe` the training settings it is known to work with;
    `uses_masks` tells whether it sees which values were missing (else a missing value reads as the band mean).
    """

    name: str
    title: str
    description: str
    reference: str
    build: Callable[[TargetKind, int, Any], Predictor]
    config: type[Any]
    inputs: Mapping[str, str]
    uses_masks: bool = False
    recipe: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def baseline(self) -> bool:
        """Whether it counts instead of learning by gradient descent."""
        return isinstance(self.build, type) and issubclass(self.build, Baseline)


_CARDS = (
    ModelCard(
        "resnet18-patch",
        "ResNet-18 on the patch",
        "ImageNet's ResNet-18 on the quantile-normalised Sentinel-2 patch; first convolution 7x7 on four bands",
        f"{SATELLITE_ONLY}; He et al. 2016, Deep residual learning for image recognition",
        PatchResNet18,
        PatchResNet18Config,
        PatchResNet18.inputs,
        recipe=MappingProxyType({"epochs": 16, "lr": 5e-4, "augment": True}),
    ),
    ModelCard(
        "landsat-cnn",
        "CNN on Landsat",
        "two small convolutions over year x quarter of the Landsat cube",
        SATELLITE_ONLY,
        LandsatCnn,
        LandsatCnnConfig,
        LandsatCnn.inputs,
        recipe=MappingProxyType({"epochs": 60, "lr": 2e-3}),
    ),
    ModelCard(
        "landsat-mlp",
        "MLP on Landsat",
        "layer normalisation and two hidden layers on the 504 values of the Landsat cube",
        SATELLITE_ONLY,
        LandsatMlp,
        LandsatMlpConfig,
        LandsatMlp.inputs,
        recipe=MappingProxyType({"epochs": 20, "lr": 3e-4}),
    ),
    ModelCard(
        "landsat-lstm",
        "LSTM on Landsat",
        "an LSTM over 84 quarters of six Landsat bands",
        f"{SATELLITE_ONLY}; Hochreiter and Schmidhuber 1997, Long short-term memory",
        LandsatLstm,
        LandsatLstmConfig,
        LandsatLstm.inputs,
        recipe=MappingProxyType({"epochs": 100, "lr": 5e-3}),
    ),
    ModelCard(
        "country-frequency",
        "Frequency by country and region",
        "how often each species occurs in the survey's country and region, else its region, else anywhere",
        "baseline of GeoLifeCLEF: most frequent species of the region",
        CountryFrequency,
        CountryFrequencyConfig,
        CountryFrequency.inputs,
    ),
    ModelCard(
        "nearest-surveys",
        "Nearest surveys",
        "what the nearest training surveys hold, weighted by 1 / (distance + 1 km)",
        "baseline: inverse distance weighting, Shepard 1968",
        NearestSurveys,
        NearestSurveysConfig,
        NearestSurveys.inputs,
    ),
)
REGISTRY: Mapping[str, ModelCard] = MappingProxyType({card.name: card for card in _CARDS})


def card_of(name: str) -> ModelCard:
    """The card of model `name`; UnknownNameError lists the known ones."""
    if name not in REGISTRY:
        raise UnknownNameError("unknown model", expected=", ".join(REGISTRY), got=name)
    return REGISTRY[name]


def build(name: str, kind: TargetKind, width: int, config: Mapping[str, Any] | None = None) -> Predictor:
    """A fresh model for `width` columns of `kind`; `config` changes fields of the card's config dataclass.

    Networks start from torch's random state; baselines know nothing before `fit` or `restore`.
    """
    card = card_of(name)
    chosen = from_mapping(card.config, config or {}, RunError, f"configuration of {name}")
    return card.build(kind, width, chosen)
