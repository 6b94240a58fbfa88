"""The encoders by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from sdm.errors import UnknownNameError
from sdm.modalities import ENVIRONMENT, MODALITIES, PATCH, WIDE_PATCH, Modality
from sdm.modalities.predictors import is_predictors
from sdm.modalities.raster_bands import family_of
from sdm.models.encoders import backbones
from sdm.models.encoders.backbones import Backbone
from sdm.models.specification import LazyClass

ENCODER_OF_TABLES = (
    "numbers, class codes as categories and marks of what is missing; layer normalisation and three layers"
)
SITE = "site"  # the place itself in a batch, which is no modality: no file, no preparation
FUSION = "multi-modal fusion for GeoLifeCLEF 2024"
RESNET = "He et al. 2016, Deep residual learning for image recognition"
TRANSFORMER = "Vaswani et al. 2017, Attention is all you need"
CONVNEXT = "Liu et al. 2022, A ConvNet for the 2020s"
NIN = "ecosystem types (NiN) from pixels and patches"
TREES = "tree species from monthly Sentinel-2 series; Hochreiter and Schmidhuber 1997, Long short-term memory"
SPACE2VEC = "Mai et al. 2020, Multi-scale representation learning for spatial feature distributions (space2vec)"
MAXVIT = "Tu et al. 2022, MaxViT: multi-axis vision transformer"
SWINV2 = "Liu et al. 2022, Swin Transformer V2"
TORCHVISION = "torchvision's table of classification models (pytorch.org/vision/stable/models)"
TIMM_TABLE = "timm's benchmark tables (github.com/huggingface/pytorch-image-models, results)"


@dataclass(frozen=True)
class Published:
    """Parameters of a backbone as printed, in millions, for three colours and ImageNet's thousand classes."""

    millions: str
    source: str


@dataclass(frozen=True)
class EncoderSpec:
    """One encoder.

    - modality: what it reads of a batch, SITE for the place alone
    - preparation: a name of `sdm.models.preparation.PREPARATIONS`
    - make: its class, an `sdm.models.encoders.encoder.Encoder`
    - parameters, features: trainable numbers without a head, and numbers it gives
    - uses_masks: whether it sees which values were missing
    - full_size: whether it wants a GPU
    """

    name: str
    title: str
    description: str
    reference: str
    modality: str
    preparation: str
    make: LazyClass
    parameters: int
    features: int
    published: Published | None = None
    uses_masks: bool = True
    full_size: bool = False

    @property
    def inputs(self) -> Mapping[str, str]:
        """Modality -> preparation, of those that come from files."""
        return MappingProxyType({} if self.modality == SITE else {self.modality: self.preparation})


def _patch(
    name: str, title: str, description: str, reference: str, backbone: Backbone, size: tuple[int, int],
    published: Published | None = None,
) -> EncoderSpec:  # fmt: skip
    """An image network of `size` (parameters, features)."""
    make = LazyClass("sdm.models.encoders.patch:PatchBackbone", backbone)
    return EncoderSpec(
        f"patch-{name}", f"{title} on the patch", description, reference, "patch",
        PATCH.preparations[0], make, *size, published, full_size=backbone.side > PATCH.shape[-1],
    )  # fmt: skip


def _transformer(modality: Modality) -> EncoderSpec:
    """Attention over the years, or the last axis, of any series."""
    axis = "year" if "year" in modality.axes else modality.axes[-1]
    title, steps = _title(modality), modality.shape[modality.axes.index(axis)]
    description = (
        f"attention over the {axis}s of the {title.removesuffix(' series')} series, missing {axis}s left out"
    )
    make = LazyClass("sdm.models.encoders.series:SeriesTransformer", modality.name)
    parameters = 595_072 + 128 * (2 * math.prod(modality.shape) // steps + steps + 2)  # layers, token, position
    return EncoderSpec(
        f"{modality.name}-transformer", f"Transformer on {title}", description, TRANSFORMER, modality.name,
        modality.preparations[0], make, parameters, 128,
    )  # fmt: skip


def _statistics(modality: Modality) -> EncoderSpec:
    """One layer on means and deviations over the years."""
    count = 2 * math.prod(modality.shape) // modality.shape[modality.axes.index("year")]
    return EncoderSpec(
        f"{modality.name}-statistics", f"Statistics of {_title(modality)}",
        "mean and deviation over the years of every band and season, and one layer", "ours", modality.name,
        modality.preparations[0], LazyClass("sdm.models.encoders.statistics:YearStatistics", modality.name),
        (count + 1) * 128, 128,
    )  # fmt: skip


def _lstm(modality: Modality) -> EncoderSpec:
    """The LSTM of the source, of two layers, on a series of one pixel."""
    parameters = 4 * 128 * (modality.shape[0] + 128 + 2) + 4 * 128 * (128 + 128 + 2)
    return EncoderSpec(
        f"{modality.name}-lstm", f"LSTM on {_title(modality)}",
        "two layers over the dates in order, the last date repeated up to the end; the last state", TREES,
        modality.name, modality.preparations[0],
        LazyClass("sdm.models.encoders.series:SeriesLstm", modality.name), parameters, 128,
    )  # fmt: skip


def _resnet(modality: Modality, half: bool = False, outputs: int = 0) -> EncoderSpec:
    """ResNet-18 on any cube (channel, row, column), with a last layer of `outputs` where they are given."""
    title, width = _title(modality), "half-width ResNet-18" if half else "ResNet-18"
    normalisation, convolution = 2 * math.prod(modality.shape), 9 * modality.shape[0] * (32 if half else 64)
    ending, features = "-half" if half else f"-{outputs}" if outputs else "", 256 if half else 512
    whole = f"{width} and its {outputs} outputs" if outputs else width
    return EncoderSpec(
        f"{modality.name}-resnet18{ending}", f"{whole[0].upper()}{whole[1:]} on {title}",
        f"layer normalisation and a {whole}, with a 3x3 first convolution, on the {title} cube",
        f"{FUSION}; {RESNET}", modality.name, modality.preparations[0],
        LazyClass("sdm.models.encoders.cube:CubeResNet18", modality.name, half, outputs),
        normalisation + convolution + (2_794_176 if half else 11_167_104) + outputs * (features + 1),
        outputs or features, None if half else Published("11.69", TORCHVISION), uses_masks=False,
    )  # fmt: skip


def _whole_patch(
    name: str, title: str, network: str, parameters: int, published: Published, side: int = 0
) -> EncoderSpec:
    """A network of torchvision on the colours of the whole patch; `published` holds its name and paper."""
    size = f"enlarged to {side} pixels" if side else "as it is"
    return EncoderSpec(
        f"wide_patch-{name}", f"{title} on the whole patch",
        f"torchvision's {title} and its 1000 outputs on red, green and blue of the whole patch, {size}",
        f"{FUSION}; {published.source}", WIDE_PATCH.name, WIDE_PATCH.preparations[0],
        LazyClass("sdm.models.encoders.wide_patch:ColourNetwork", network, side), parameters, 1000, published,
        full_size=True,
    )  # fmt: skip


def _title(modality: Modality) -> str:
    return modality.phrase.removeprefix("the ")


def _raster(
    name: str, make: str, title: str, description: str, reference: str,
    size: Callable[[int, bool], tuple[int, int]],
) -> tuple[str, Callable[[Modality], EncoderSpec]]:  # fmt: skip
    """A kind of encoder of raster modalities: its name, and its row of a modality.

    `size` of the number of bands, and of whether the image is small, gives parameters and features.
    """

    def row(modality: Modality) -> EncoderSpec:
        parameters, features = size(modality.shape[0], modality.shape[-1] <= LARGEST_SMALL_SIDE)
        return EncoderSpec(
            f"{modality.name}-{name}", f"{title} on {modality.phrase}", description, reference, modality.name,
            modality.preparations[0], LazyClass(f"sdm.models.encoders.raster:{make}", modality.name),
            parameters, features, uses_masks=False, full_size=name == "swinv2-tiny",
        )  # fmt: skip

    return name, row


LARGEST_SMALL_SIDE = 64  # pixels up to which an image is too small to be shrunk at once


def _predictors(modality: Modality) -> EncoderSpec:
    """The network of the environment on a data set's own predictors."""
    codes = sum(modality.coded)
    values = 2 * len(modality.coded) - codes + 4 * codes  # numbers, codes of four features each, marks
    parameters = 4 * 256 * codes + 2 * values + (values + 1) * 128 + 129 * 128 + 129 * 32
    return EncoderSpec(
        f"{modality.name}-mlp", f"MLP on {modality.phrase}", ENCODER_OF_TABLES, FUSION, modality.name,
        modality.preparations[0], LazyClass("sdm.models.encoders.environment:EnvironmentMlp", modality.name),
        parameters, 32,
    )  # fmt: skip


RASTER: Mapping[str, Callable[[Modality], EncoderSpec]] = dict((
    _raster("mlp", "PixelMlp", "MLP", "fully connected layers on the bands of one pixel, with dropout", NIN,
            lambda bands, _: ((bands + 1) * 128 + 129 * 64, 64)),
    _raster("cnn", "ImageCnn", "Small CNN", "three convolutions and the mean over the image", NIN,
            lambda bands, small: (bands * 32 * (9 if small else 49) + 92_608, 128)),
    _raster("resnet18", "ImageResNet18", "ResNet-18", "ResNet-18 on an image of any bands", f"{NIN}; {RESNET}",
            lambda bands, small: (bands * 64 * (9 if small else 49) + 11_167_104, 512)),
    _raster("swinv2-tiny", "ImageSwin", "SwinV2-T",
            "SwinV2-T, windows of 8, on an image of any bands at 256 pixels", f"{NIN}; {SWINV2}",
            lambda bands, _: (bands * 1536 + 27_573_546, 768)),
    ("lstm", _lstm),
    ("transformer", _transformer),
))  # fmt: skip
"""Kind of encoder -> its row for a modality cut from rasters (`sdm.modalities.raster_bands`)."""
GENERIC: Mapping[str, Callable[[Modality], EncoderSpec]] = {
    "resnet18": _resnet,
    "resnet18-half": partial(_resnet, half=True),
    "resnet18-1000": partial(_resnet, outputs=1000),
    "statistics": _statistics,
    "transformer": _transformer,
}
"""Kind of encoder -> its row for any other modality. A modality names the kinds that suit it."""
_SPECS = (
    EncoderSpec(
        "environment-mlp", "MLP on the environment",
        ENCODER_OF_TABLES, FUSION, ENVIRONMENT.name, ENVIRONMENT.preparations[0],
        LazyClass("sdm.models.encoders.environment:EnvironmentMlp"), 51_548, 32,
    ),
    EncoderSpec(
        "environment-table", "MLP on the environment as numbers",
        "all columns as numbers and marks of what is missing; layer normalisation and three layers", FUSION,
        ENVIRONMENT.name, "standardise", LazyClass("sdm.models.encoders.environment:EnvironmentTable"), 37_408, 32,
    ),
    EncoderSpec(
        "location-mlp", "MLP on the place",
        "longitude and latitude as sines and cosines of six wavelengths, and three layers", SPACE2VEC, SITE, "",
        LazyClass("sdm.models.encoders.location:LocationMlp"), 23_840, 32, uses_masks=False,
    ),
    EncoderSpec(
        "patch-statistics", "Statistics of the patch",
        "the pixel of the survey, mean and deviation of squares around it, and one layer", "ours", "patch",
        PATCH.preparations[0], LazyClass("sdm.models.encoders.statistics:PatchStatistics"), 3_712, 128,
    ),
    *(GENERIC[kind](modality) for modality in MODALITIES.values() for kind in modality.encoders),
    _patch("convnext-base", "ConvNeXt-Base", "ConvNeXt-Base on the patch at 224 pixels", f"{FUSION}; {CONVNEXT}",
           backbones.CONVNEXT_BASE, (87_568_512, 1024), Published("89", CONVNEXT)),
    _patch("convnext-large", "ConvNeXt-Large", "ConvNeXt-Large on the patch at 224 pixels",
           f"{FUSION}; {CONVNEXT}", backbones.CONVNEXT_LARGE, (196_233_408, 1536), Published("198", CONVNEXT)),
    _patch("maxvit-tiny", "MaxViT-T", "MaxViT-T on the patch at 224 pixels", f"{FUSION}; {MAXVIT}",
           backbones.MAXVIT_TINY, (30_404_104, 512), Published("31", MAXVIT)),
    _patch("swinv2-base", "SwinV2-Base", "SwinV2-Base, windows of 8, on the patch at 256 pixels",
           f"{FUSION}; {SWINV2}", backbones.SWINV2_BASE, (86_895_864, 1024), Published("88", SWINV2)),
    _patch("convnext-atto", "ConvNeXt-Atto", "ConvNeXt-Atto on the patch as it is", CONVNEXT,
           backbones.CONVNEXT_ATTO, (3_375_160, 320), Published("3.7", TIMM_TABLE)),
    _patch("maxvit-pico", "Shallow MaxViT-Pico", "MaxViT of pico widths, five blocks deep, on the patch as it is",
           MAXVIT, backbones.MAXVIT_PICO, (3_047_174, 256)),
    _patch("swinv2-mini", "Small SwinV2", "SwinV2 of width 48 in three stages of two blocks on the patch as it is",
           SWINV2, backbones.SWINV2_MINI, (1_296_378, 192)),
    _whole_patch("convnext-base", "ConvNeXt-Base", "convnext_base", 88_591_464, Published("88.6", TORCHVISION)),
    _whole_patch("convnext-large", "ConvNeXt-Large", "convnext_large", 197_767_336,
                 Published("197.8", TORCHVISION)),
    _whole_patch("maxvit-tiny", "MaxViT-T", "maxvit_t", 30_919_624, Published("30.9", TORCHVISION), 224),
    _whole_patch("swinv2-base", "SwinV2-Base", "swin_v2_b", 87_930_848, Published("87.9", TORCHVISION)),
)  # fmt: skip
ENCODERS: Mapping[str, EncoderSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})


def encoder_spec(name: str) -> EncoderSpec:
    """The row of encoder `name`; UnknownNameError lists the known ones.

    Those of raster modalities, of which there are any number, are called by modality and kind: `pixel-B2-B3-mlp`.
    """
    if name in ENCODERS:
        return ENCODERS[name]
    table = name.removesuffix("-mlp")
    if table != name and is_predictors(table) and table in MODALITIES:
        return _predictors(MODALITIES[table])
    for kind in RASTER:
        modality = name.removesuffix(f"-{kind}")
        known = modality != name and family_of(modality) is not None and modality in MODALITIES
        if known and kind in MODALITIES[modality].encoders:
            return RASTER[kind](MODALITIES[modality])
    raise UnknownNameError("unknown encoder", expected=", ".join([*ENCODERS, *RASTER]), got=name)
