"""The models by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

import torch

from sdm.data.dataset import TargetKind
from sdm.errors import RunError, UnknownNameError
from sdm.models.baselines import CountryFrequency, CountryFrequencyConfig, NearestSurveys, NearestSurveysConfig
from sdm.models.configuration import from_mapping
from sdm.models.encoders import ENCODERS, EncoderSpec
from sdm.models.encoders.registry import FUSION
from sdm.models.fusion import Fusion, FusionConfig, Single, SingleConfig
from sdm.models.landsat import (
    LandsatCnn,
    LandsatCnnConfig,
    LandsatLstm,
    LandsatLstmConfig,
    LandsatMlp,
    LandsatMlpConfig,
)
from sdm.models.model import Baseline, Model, parameters
from sdm.models.resnet import PatchResNet18, PatchResNet18Config

SATELLITE_ONLY = "satellite-only models for GeoLifeCLEF 2025"


@dataclass(frozen=True)
class ModelSpec:
    """What is known of a model before it is trained.

    `config` is the frozen dataclass its builder takes, `defaults` what this row sets in it, `inputs` what it then
    sees; `recipe` the training settings it is known to work with; `uses_masks` tells whether it sees which values
    were missing (else a missing value reads as the band mean); `full_size` marks what wants a GPU.
    """

    name: str
    title: str
    description: str
    reference: str
    build: Callable[[TargetKind, int, Any], Model]
    config: type[Any]
    inputs: Mapping[str, str]
    uses_masks: bool = False
    recipe: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    full_size: bool = False

    @property
    def baseline(self) -> bool:
        """Whether it counts instead of learning by gradient descent."""
        return isinstance(self.build, type) and issubclass(self.build, Baseline)

    def configuration(self, changes: Mapping[str, Any] | None = None) -> Any:
        """An instance of `config`; RunError for changes it cannot have."""
        return from_mapping(
            self.config, {**self.defaults, **(changes or {})}, RunError, f"configuration of {self.name}"
        )

    def inputs_of(self, changes: Mapping[str, Any] | None = None) -> Mapping[str, str]:
        """Modality -> preparation of a model so changed."""
        configuration = self.configuration(changes)
        return configuration.inputs if isinstance(configuration, FusionConfig) else self.inputs

    def survives_missing(self, changes: Mapping[str, Any] | None = None) -> bool:
        """Whether a model so changed learns to do without some of its inputs."""
        configuration = self.configuration(changes)
        return isinstance(configuration, FusionConfig) and configuration.modality_dropout > 0

    def sees_place(self, changes: Mapping[str, Any] | None = None) -> bool:
        """Whether a model so changed knows where a survey is."""
        configuration = self.configuration(changes)
        return configuration.sees_place if isinstance(configuration, FusionConfig) else not self.inputs


PATCH_RECIPE = MappingProxyType({"augment": True})
FUSION_RECIPE = MappingProxyType({"epochs": 24, "lr": 8e-4, "augment": True, "mixup": 0.4})
# That of the published fusion.
FULL_SIZE_RECIPE = MappingProxyType({**FUSION_RECIPE, "epochs": 15, "batch_size": 256, "precision": "bf16"})


def _single(encoder: EncoderSpec) -> ModelSpec:
    """An encoder alone."""
    small = MappingProxyType({"epochs": 20, "augment": encoder.modality == "patch"})
    return ModelSpec(
        encoder.name, encoder.title, encoder.description, encoder.reference, partial(Single, encoder.name),
        SingleConfig, encoder.inputs, encoder.uses_masks,
        recipe=FULL_SIZE_RECIPE if encoder.full_size else small, full_size=encoder.full_size,
    )  # fmt: skip


def _fusion(name: str, title: str, encoders: tuple[str, ...], hidden: int, recipe: Mapping[str, Any]) -> ModelSpec:
    """Encoders fused."""
    defaults = MappingProxyType({"encoders": encoders, "hidden": hidden})
    cards = [ENCODERS[encoder] for encoder in encoders]
    description = f"{', '.join(card.title for card in cards)}; features side by side, one hidden layer"
    return ModelSpec(
        name, title, description, FUSION, Fusion, FusionConfig, FusionConfig(encoders).inputs,
        uses_masks=True, recipe=recipe, defaults=defaults,
        full_size=any(card.full_size for card in cards),
    )  # fmt: skip


def _full(patch: str, title: str) -> ModelSpec:
    encoders = ("environment-mlp", "landsat-resnet18", "climate-resnet18", f"patch-{patch}")
    return _fusion(f"fusion-{patch}", f"Fusion with {title}", encoders, 1024, FULL_SIZE_RECIPE)


def _small(patch: str, title: str) -> ModelSpec:
    encoders = ("environment-mlp", "landsat-transformer", "climate-transformer", f"patch-{patch}")
    return _fusion(f"fusion-{patch}", f"Fusion with {title}", encoders, 512, FUSION_RECIPE)


_CARDS = (
    ModelSpec(
        "resnet18-patch",
        "ResNet-18 on the patch",
        "ImageNet's ResNet-18 on the quantile-normalised Sentinel-2 patch; first convolution 7x7 on four bands",
        f"{SATELLITE_ONLY}; He et al. 2016, Deep residual learning for image recognition",
        PatchResNet18,
        PatchResNet18Config,
        PatchResNet18.inputs,
        recipe=MappingProxyType({"epochs": 16, "lr": 5e-4, "augment": True}),
    ),
    ModelSpec(
        "landsat-cnn",
        "CNN on Landsat",
        "two small convolutions over year x quarter of the Landsat cube",
        SATELLITE_ONLY,
        LandsatCnn,
        LandsatCnnConfig,
        LandsatCnn.inputs,
        recipe=MappingProxyType({"epochs": 60, "lr": 2e-3}),
    ),
    ModelSpec(
        "landsat-mlp",
        "MLP on Landsat",
        "layer normalisation and two hidden layers on the 504 values of the Landsat cube",
        SATELLITE_ONLY,
        LandsatMlp,
        LandsatMlpConfig,
        LandsatMlp.inputs,
        recipe=MappingProxyType({"epochs": 20, "lr": 3e-4}),
    ),
    ModelSpec(
        "landsat-lstm",
        "LSTM on Landsat",
        "an LSTM over 84 quarters of six Landsat bands",
        f"{SATELLITE_ONLY}; Hochreiter and Schmidhuber 1997, Long short-term memory",
        LandsatLstm,
        LandsatLstmConfig,
        LandsatLstm.inputs,
        recipe=MappingProxyType({"epochs": 100, "lr": 5e-3}),
    ),
    ModelSpec(
        "country-frequency",
        "Frequency by country and region",
        "how often each species occurs in the survey's country and region, else its region, else anywhere",
        "baseline of GeoLifeCLEF: most frequent species of the region",
        CountryFrequency,
        CountryFrequencyConfig,
        CountryFrequency.inputs,
    ),
    ModelSpec(
        "nearest-surveys",
        "Nearest surveys",
        "what the nearest training surveys hold, weighted by 1 / (distance + 1 km)",
        "baseline: inverse distance weighting, Shepard 1968",
        NearestSurveys,
        NearestSurveysConfig,
        NearestSurveys.inputs,
    ),
    *map(_single, ENCODERS.values()),
    _small("convnext-atto", "ConvNeXt-Atto"),
    _small("maxvit-pico", "shallow MaxViT-Pico"),
    _small("swinv2-mini", "small SwinV2"),
    _fusion(
        "fusion-series", "Fusion of series", ("environment-mlp", "landsat-transformer", "climate-transformer"),
        512, MappingProxyType({"epochs": 30, "mixup": 0.4}),
    ),
    _full("convnext-base", "ConvNeXt-Base"),
    _full("convnext-large", "ConvNeXt-Large"),
    _full("maxvit-tiny", "MaxViT-T"),
    _full("swinv2-base", "SwinV2-Base"),
)  # fmt: skip
REGISTRY: Mapping[str, ModelSpec] = MappingProxyType({card.name: card for card in _CARDS})


def spec_of(name: str) -> ModelSpec:
    """The card of model `name`; UnknownNameError lists the known ones."""
    if name not in REGISTRY:
        raise UnknownNameError("unknown model", expected=", ".join(REGISTRY), got=name)
    return REGISTRY[name]


def build(name: str, kind: TargetKind, width: int, config: Mapping[str, Any] | None = None) -> Model:
    """A fresh model for `width` columns of `kind`; `config` changes fields of the card's config dataclass.

    Networks start from torch's random state; baselines know nothing before `fit` or `restore`.
    """
    card = spec_of(name)
    return card.build(kind, width, card.configuration(config))


def count_parameters(name: str, width: int, config: Mapping[str, Any] | None = None) -> int:
    """Parameters of a network for `width` columns, counted without making their numbers; 0 for a baseline."""
    if spec_of(name).baseline:
        return 0
    with torch.device("meta"):
        return parameters(build(name, TargetKind.MULTILABEL, width, config))
