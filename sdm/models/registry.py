"""The models by name."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sdm.errors import RunError, TrainingError, UnknownNameError
from sdm.modalities import MODALITIES
from sdm.modalities.predictors import PREDICTORS
from sdm.modalities.raster_bands import EXPORT_BANDS, MONTHS, SENTINEL2_BANDS, raster_modality_name
from sdm.models.encoders import ENCODERS, EncoderSpec, encoder_spec
from sdm.models.encoders.registry import FUSION, NIN
from sdm.models.specification import EXAMPLE_WIDTH, LazyClass, ModelSpec

if TYPE_CHECKING:
    from sdm.data.dataset import TargetKind
    from sdm.models.contract import Model

IMAGES = tuple(name for name, modality in MODALITIES.items() if modality.is_image)  # what turning leaves true
EXAMPLE_PREDICTORS, PREPARATION = "predictors-c1to8", "standardise-numbers"
DEEPMAXENT = "Ryckewaert et al. 2024, Applying the maximum entropy principle to neural networks (arXiv:2412.19217)"
SATELLITE_ONLY = "satellite-only models for GeoLifeCLEF 2025"
PRESENCE_ONLY = "presence-only augmentation for GeoLifeCLEF 2024"
LANDSAT_INPUT = MappingProxyType({"landsat": "standardise"})
FUSION_RECIPE = MappingProxyType({"epochs": 24, "lr": 8e-4, "augment": True, "mixup": 0.4})
# That of the published fusion.
FULL_SIZE_RECIPE = MappingProxyType({**FUSION_RECIPE, "epochs": 15, "batch_size": 256, "precision": "bf16"})


def _single(encoder: EncoderSpec) -> ModelSpec:
    """An encoder alone under a head."""
    small = MappingProxyType({"epochs": 20, "augment": encoder.modality in IMAGES})
    parameters = encoder.parameters + (encoder.features + 1) * EXAMPLE_WIDTH
    return ModelSpec(
        encoder.name, encoder.title, encoder.description, encoder.reference,
        LazyClass("sdm.models.fusion:Single", encoder.name), encoder.inputs, parameters, encoder.uses_masks,
        recipe=FULL_SIZE_RECIPE if encoder.full_size else small, full_size=encoder.full_size,
    )  # fmt: skip


def _fusion(
    name: str, title: str, encoders: tuple[str, ...], hidden: int, recipe: Mapping[str, Any], **settings: float
) -> ModelSpec:
    """Encoders fused; a learnt vector stands in for the features of each."""
    specs = [ENCODERS[encoder] for encoder in encoders]
    joined = sum(spec.features for spec in specs)
    parameters = sum(spec.parameters for spec in specs) + joined
    parameters += (joined + 1) * hidden + (hidden + 1) * EXAMPLE_WIDTH
    description = f"{', '.join(spec.title for spec in specs)}; features side by side, one hidden layer"
    inputs = {modality: preparation for spec in specs for modality, preparation in spec.inputs.items()}
    return ModelSpec(
        name, title, description, FUSION, LazyClass("sdm.models.fusion:Fusion"), MappingProxyType(inputs),
        parameters, uses_masks=True, recipe=recipe,
        defaults=MappingProxyType({"encoders": encoders, "hidden": hidden, **settings}),
        full_size=any(spec.full_size for spec in specs),
    )  # fmt: skip


def _full(patch: str, title: str) -> ModelSpec:
    encoders = ("environment-mlp", "landsat-resnet18", "climate-resnet18", f"patch-{patch}")
    return _fusion(f"fusion-{patch}", f"Fusion with {title}", encoders, 1024, FULL_SIZE_RECIPE)


def _small(patch: str, title: str) -> ModelSpec:
    encoders = ("environment-mlp", "landsat-transformer", "climate-transformer", f"patch-{patch}")
    return _fusion(f"fusion-{patch}", f"Fusion with {title}", encoders, 512, FUSION_RECIPE)


def _pixel(name: str, title: str, hidden: tuple[int, ...]) -> ModelSpec:
    """Fully connected layers on one pixel, by default of the ten bands of Sentinel-2."""
    modality = MODALITIES[raster_modality_name("pixel", SENTINEL2_BANDS)]
    widths = (modality.shape[0], *hidden, EXAMPLE_WIDTH)
    return ModelSpec(
        name, title, f"{len(hidden)} hidden layers on the bands of one pixel, each pixel standardised", NIN,
        LazyClass("sdm.models.raster:PixelNetwork", "mlp"),
        MappingProxyType({modality.name: modality.preparations[0]}),
        sum((inward + 1) * outward for inward, outward in pairwise(widths)),
        recipe=MappingProxyType({"epochs": 60, "batch_size": 128, "lr": 3e-3}),
        defaults=MappingProxyType({"modality": modality.name, "hidden": hidden}), families=("pixel",),
    )  # fmt: skip


def _image(kind: str, recipe: Mapping[str, Any]) -> ModelSpec:
    """An image network, by default on three bands of 32 pixels."""
    encoder = encoder_spec(f"image32-c1to3-{kind}")
    return ModelSpec(
        f"image-{kind}", encoder.title.replace("the image of 32 pixels", "an image"),
        f"{encoder.description}, or on a ground photograph", encoder.reference,
        LazyClass("sdm.models.raster:ImageNetwork", kind), encoder.inputs,
        encoder.parameters + (encoder.features + 1) * EXAMPLE_WIDTH, recipe=MappingProxyType(recipe),
        defaults=MappingProxyType({"modality": encoder.modality}), full_size=encoder.full_size,
        families=("image", "photo"),
    )  # fmt: skip


def _series(kind: str, recipe: Mapping[str, Any]) -> ModelSpec:
    """A network on series of one pixel, by default on the months and bands of the published export."""
    encoder = encoder_spec(f"{raster_modality_name('series', EXPORT_BANDS, MONTHS)}-{kind}")
    network = f"sdm.models.series:{kind.capitalize()}Network"
    return ModelSpec(
        f"series-{kind}", encoder.title, encoder.description, encoder.reference, LazyClass(network),
        encoder.inputs, encoder.parameters + (encoder.features + 1) * EXAMPLE_WIDTH, uses_masks=True,
        recipe=MappingProxyType({"epochs": 100, "batch_size": 32, "lr": 1e-3, **recipe}),
        defaults=MappingProxyType({"modality": encoder.modality}), families=("series",),
    )  # fmt: skip


def _uninformed(name: str, title: str, build: str, description: str) -> ModelSpec:
    """A baseline that sees nothing of a survey."""
    return ModelSpec(
        name, title, description, "baseline: no information", LazyClass(f"sdm.models.uninformed:{build}"),
        MappingProxyType({}), 0, site=("nothing",),
    )  # fmt: skip


def _presence_only(name: str, title: str, build: str, reference: str, description: str) -> ModelSpec:
    """A model of presence-only records, by default on eight numbers."""
    return ModelSpec(
        name, title, f"{description}; relative intensities", reference,
        LazyClass(f"sdm.models.presence_only.{build}"), MappingProxyType({EXAMPLE_PREDICTORS: PREPARATION}), 0,
        defaults=MappingProxyType({"modality": EXAMPLE_PREDICTORS}), families=(PREDICTORS, "environment"),
        kinds=("multilabel",),
    )  # fmt: skip


_SPECS = (
    ModelSpec(
        "resnet18-patch",
        "ResNet-18 on the patch",
        "ImageNet's ResNet-18 on the quantile-normalised Sentinel-2 patch; first convolution 7x7 on four bands",
        f"{SATELLITE_ONLY}; He et al. 2016, Deep residual learning for image recognition",
        LazyClass("sdm.models.resnet:PatchResNet18"),
        MappingProxyType({"patch": "quantile"}),
        11_333_612,
        recipe=MappingProxyType({"epochs": 16, "lr": 5e-4, "augment": True}),
    ),
    ModelSpec(
        "landsat-cnn",
        "CNN on Landsat",
        "two small convolutions over year x quarter of the Landsat cube",
        SATELLITE_ONLY,
        LazyClass("sdm.models.landsat:LandsatCnn"),
        LANDSAT_INPUT,
        100_044,
        recipe=MappingProxyType({"epochs": 60, "lr": 2e-3}),
    ),
    ModelSpec(
        "landsat-mlp",
        "MLP on Landsat",
        "layer normalisation and two hidden layers on the 504 values of the Landsat cube",
        SATELLITE_ONLY,
        LazyClass("sdm.models.landsat:LandsatMlp"),
        LANDSAT_INPUT,
        1_196_828,
        recipe=MappingProxyType({"epochs": 20, "lr": 3e-4}),
    ),
    ModelSpec(
        "landsat-lstm",
        "LSTM on Landsat",
        "an LSTM over 84 quarters of six Landsat bands",
        f"{SATELLITE_ONLY}; Hochreiter and Schmidhuber 1997, Long short-term memory",
        LazyClass("sdm.models.landsat:LandsatLstm"),
        LANDSAT_INPUT,
        73_500,
        recipe=MappingProxyType({"epochs": 100, "lr": 5e-3}),
    ),
    ModelSpec(
        "resnet18-landsat",
        "ResNet-18 on Landsat, two linear layers",
        "layer normalisation, ResNet-18 with a 3x3 or 7x7 first convolution on the cube, and two linear layers",
        f"{PRESENCE_ONLY}; He et al. 2016, Deep residual learning for image recognition",
        LazyClass("sdm.models.presence_resnet:LandsatResNet18"),
        LANDSAT_INPUT,
        14_361_724,
        recipe=MappingProxyType({"epochs": 8, "batch_size": 128, "lr": 2e-4}),
    ),
    ModelSpec(
        "resnet18-whole-patch",
        "ResNet-18 on the whole patch",
        "ResNet-18 on all 128 x 128 pixels of a patch of GeoLifeCLEF 2024, in four bands or three",
        f"{PRESENCE_ONLY}; He et al. 2016, Deep residual learning for image recognition",
        LazyClass("sdm.models.presence_resnet:WholePatchResNet18"),
        MappingProxyType({"wide_patch": "gamma"}),
        11_333_548,
        recipe=MappingProxyType({"epochs": 8, "batch_size": 128, "lr": 2e-4}),
    ),
    ModelSpec(
        "country-frequency",
        "Frequency by country and region",
        "how often each species occurs in the survey's country and region, else its region, else anywhere",
        "baseline of GeoLifeCLEF: most frequent species of the region",
        LazyClass("sdm.models.baselines:CountryFrequency"),
        MappingProxyType({}),
        0,
        site=("country", "region"),
    ),
    ModelSpec(
        "nearest-surveys",
        "Nearest surveys",
        "what the nearest training surveys hold, weighted by 1 / (distance + 1 km)",
        "baseline: inverse distance weighting, Shepard 1968",
        LazyClass("sdm.models.baselines:NearestSurveys"),
        MappingProxyType({}),
        0,
    ),
    _pixel("pixel-mlp", "MLP on the pixel", (128, 64)),
    _pixel("lime-mlp", "MLP on the pixel for lime richness", (64, 128, 64)),
    _image("cnn", {"epochs": 30, "lr": 3e-3, "augment": True}),
    _image("resnet18", {"epochs": 20, "batch_size": 16, "lr": 1e-2, "augment": True}),
    _image("swinv2-tiny", {"epochs": 20, "batch_size": 16, "lr": 1e-4, "augment": True}),
    _series("lstm", {"optimizer": "adam", "weight_decay": 0.0, "schedule": "constant", "warmup": 0.0}),
    _series("transformer", {"epochs": 40}),
    _uninformed("class-frequency", "Class frequency, or mean", "Frequency",
                "how often each class occurs in training, or the mean value, everywhere"),
    _uninformed("random-guess", "Random guess", "RandomGuess", "what a training survey drawn by lot holds"),
    ModelSpec(
        "predictors-mlp", "MLP on the predictors", encoder_spec(f"{EXAMPLE_PREDICTORS}-mlp").description, "ours",
        LazyClass("sdm.models.raster:PredictorsNetwork"),
        MappingProxyType({EXAMPLE_PREDICTORS: MODALITIES[EXAMPLE_PREDICTORS].preparations[0]}),
        encoder_spec(f"{EXAMPLE_PREDICTORS}-mlp").parameters + 33 * EXAMPLE_WIDTH, uses_masks=True,
        recipe=MappingProxyType({"epochs": 20, "lr": 2e-3}),
        defaults=MappingProxyType({"modality": EXAMPLE_PREDICTORS}), families=(PREDICTORS,),
    ),
    _presence_only("poisson-ensemble", "Poisson networks on presences", "network:PoissonEnsemble", DEEPMAXENT,
                   "ten small networks on all species, a softmax over sites per species, averaged"),
    _presence_only("balanced-forest", "Down-sampled random forest", "forest:BalancedForest",
                   "Valavi et al. 2021, Modelling species presence-only data with random forests",
                   "a forest per species, each tree grown on as many background sites as presences"),
    _presence_only("maxent", "Maxent", "maxent:Maxent",
                   "Phillips et al. 2006, Maximum entropy modeling of species geographic distributions; elapid",
                   "linear, hinge and product features per species, lasso, fitted by elapid"),
    _presence_only("presence-blend", "Poisson networks and forests", "blend:PresenceBlend", DEEPMAXENT,
                   "the mean rank of ten Poisson networks and a down-sampled forest per species"),
    *map(_single, ENCODERS.values()),
    _small("convnext-atto", "ConvNeXt-Atto"),
    _small("maxvit-pico", "shallow MaxViT-Pico"),
    _small("swinv2-mini", "small SwinV2"),
    _fusion(
        "fusion-series", "Fusion of series", ("environment-mlp", "landsat-transformer", "climate-transformer"),
        512, MappingProxyType({"epochs": 30, "mixup": 0.4}),
    ),
    _fusion(
        "fusion-statistics", "Fusion of statistics",
        ("environment-mlp", "landsat-statistics", "climate-statistics", "patch-statistics"), 256,
        MappingProxyType({"epochs": 50, "lr": 2e-3, "weight_decay": 0.02, "mixup": 0.4}), dropout=0.5,
    ),
    _full("convnext-base", "ConvNeXt-Base"),
    _full("convnext-large", "ConvNeXt-Large"),
    _full("maxvit-tiny", "MaxViT-T"),
    _full("swinv2-base", "SwinV2-Base"),
)  # fmt: skip
REGISTRY: Mapping[str, ModelSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})


def spec_of(name: str) -> ModelSpec:
    """The row of model `name`; UnknownNameError lists the known ones."""
    if name not in REGISTRY:
        raise UnknownNameError("unknown model", expected=", ".join(REGISTRY), got=name)
    return REGISTRY[name]


def build(name: str, kind: TargetKind, width: int, config: Mapping[str, Any] | None = None) -> Model:
    """A fresh model for `width` columns of `kind`; `config` changes fields of the model's configuration.

    Networks start from torch's random state; baselines know nothing before `fit` or `restore`. TrainingError for
    a baseline of grades: it has no head to give them.
    """
    spec = spec_of(name)
    if spec.kinds and kind not in spec.kinds:
        raise RunError(f"{name} is not for {kind} targets", expected=", ".join(spec.kinds), got=kind)
    if kind.outputs > 1 and spec.baseline:
        raise TrainingError("a baseline cannot learn grades", where=name, remedy="Choose a network.")
    model: Model = spec.build(kind, width * kind.outputs, spec.configuration(config or {}))
    model.width = width
    return model
