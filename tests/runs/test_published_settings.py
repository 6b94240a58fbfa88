"""Settings of the sources: every row is a training, and the fusion has the published sizes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from sdm.data.dataset import TargetKind
from sdm.errors import UnknownNameError
from sdm.evaluation.decoding import parse_decoder
from sdm.modalities import ENVIRONMENT
from sdm.models.encoders.encoder import NormalisedEncoder
from sdm.models.registry import build
from sdm.runs.published_settings import PUBLISHED_SETTINGS, PublishedSettings, published_names, published_settings
from sdm.runs.training_options import recipe

SPECIES = 11_255
FUSIONS = {"convnext-base": 18, "convnext-large": 19, "maxvit-tiny": 18, "swinv2-base": 17}
BACKBONES = {  # torchvision's table of classification models
    "convnext-base": 88_591_464, "convnext-large": 197_767_336,
    "maxvit-tiny": 30_919_624, "swinv2-base": 87_930_848,
}  # fmt: skip


@pytest.mark.parametrize("row", PUBLISHED_SETTINGS.values(), ids=lambda row: f"{row.model}-{row.name}")
def test_every_row_is_a_training(row: PublishedSettings) -> None:
    options = row.options()
    assert all(getattr(options, name) == value for name, value in row.settings.items())
    assert not row.settings.keys() & row.chosen.keys() and row.source and row.remark
    assert options.model == row.model and row.name in published_names(row.model)
    assert not options.decoder or parse_decoder(options.decoder)


@pytest.mark.parametrize(("patch", "top"), FUSIONS.items())
def test_the_options_of_the_fusion(patch: str, top: int) -> None:
    options = published_settings(f"fusion-{patch}", "published").options()
    found = (options.epochs, options.batch_size, options.lr, options.optimizer, options.mixup, options.decoder)
    assert found == (15, 256, 8e-4, "adamw", 0.4, f"top-k:{top}")
    assert (options.scheme, options.seed, options.precision, options.augment) == (
        "random_tenth",
        666,
        "fp16",
        False,
    )


def test_without_a_gpu_there_is_no_half_precision() -> None:
    row = published_settings("fusion-maxvit-tiny", "published")
    assert row.options(gpu=False) == replace(row.options(), precision="no")
    assert row.options(gpu=False, precision="bf16").precision == "bf16"


def test_single_fields_are_changed() -> None:
    row = published_settings("fusion-maxvit-tiny", "published")
    changed = row.options(epochs=1, model_config={"hidden": 64})
    assert changed.epochs == 1 and changed.model_config == {**row.options().model_config, "hidden": 64}


@pytest.fixture(scope="module", params=FUSIONS)
def fusion(request: pytest.FixtureRequest) -> tuple[str, nn.Module]:
    """A published fusion, its parameters without numbers."""
    name = f"fusion-{request.param}"
    config = published_settings(name, "published").options().model_config
    with torch.device("meta"):
        return request.param, build(name, TargetKind.MULTILABEL, SPECIES, config)  # type: ignore[return-value]


def test_the_branches_have_the_published_widths(fusion: tuple[str, nn.Module]) -> None:
    encoders = fusion[1].get_submodule("encoders")
    branches = dict(encoders.named_children())
    assert {name: branch.width for name, branch in branches.items()} == {
        "environment": 32, "landsat": 1000, "climate": 1000, "wide_patch": 1000,
    }  # fmt: skip
    for branch in branches.values():
        assert isinstance(branch, NormalisedEncoder) and branch.dropout.p == 0.15
        assert branch.norm.normalized_shape == (branch.width,)
    hidden, _, dropout = fusion[1].get_submodule("body").children()
    assert isinstance(hidden, nn.Linear) and (hidden.in_features, hidden.out_features) == (3032, 1024)
    assert isinstance(dropout, nn.Dropout) and dropout.p == 0.15
    assert fusion[1].get_submodule("head").weight.shape == (SPECIES, 1024)  # type: ignore[union-attr]


def test_the_branches_are_made_as_published(fusion: tuple[str, nn.Module]) -> None:
    table = fusion[1].get_submodule("encoders.environment.encoder.body").children()
    assert [layer.out_features for layer in table if isinstance(layer, nn.Linear)] == [128, 128, 32]
    for cube, shape in (("landsat", (6, 4, 21)), ("climate", (4, 19, 12))):
        encoder = fusion[1].get_submodule(f"encoders.{cube}.encoder")
        first = encoder.get_submodule("conv1")
        assert encoder.get_submodule("norm").normalized_shape == shape
        assert (first.kernel_size, first.stride) == ((3, 3), (1, 1))
        assert not [module for module in encoder.modules() if isinstance(module, nn.MaxPool2d)]


def test_parameters_add_up(fusion: tuple[str, nn.Module]) -> None:
    inputs = 2 * ENVIRONMENT.shape[0]
    table = 2 * inputs + (inputs + 1) * 128 + 129 * 128 + 129 * 32
    resnet = 11_689_512 - 3 * 49 * 64  # torchvision's, without its first convolution
    cubes = sum(resnet + 9 * bands * 64 + 2 * values for bands, values in ((6, 504), (4, 912)))
    joined = 3032 * 2 + 3032  # the normalisations, and what stands in for a missing input
    layers = 3033 * 1024 + 1025 * SPECIES
    expected = BACKBONES[fusion[0]] + table + cubes + joined + layers
    assert sum(p.numel() for p in fusion[1].parameters()) == expected


def test_published_epochs_of_the_satellite_models() -> None:
    epochs = {(row.model, row.name): row.settings.get("epochs") for row in PUBLISHED_SETTINGS.values()}
    assert epochs["landsat-mlp", "published"] is None  # not given
    assert (epochs["resnet18-patch", "published-2"], epochs["resnet18-patch", "published"]) == (2, 10)
    assert (epochs["landsat-cnn", "published-2"], epochs["landsat-cnn", "published"]) == (2, 20)
    study = [published_settings("landsat-lstm", name).options() for name in ("published-1e-4", "published")]
    assert [(one.lr, one.epochs, one.view) for one in study] == [
        (1e-4, 100, "single-label"), (5e-4, 90, "single-label"),
    ]  # fmt: skip
    assert recipe("landsat-cnn").epochs == 60  # our own stays


@pytest.mark.parametrize(
    ("model", "name", "known"),
    [("landsat-cnn", "printed", "published, published-2"), ("pixel-mlp", "published", "fusion-maxvit-tiny"),
     ("no-model", "published", "landsat-cnn")],
)  # fmt: skip
def test_unknown_names_list_the_known_ones(model: str, name: str, known: str) -> None:
    with pytest.raises(UnknownNameError, match=known):
        published_settings(model, name)
