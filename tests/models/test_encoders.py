"""Encoders: their sizes beside the published ones, and what each makes of its input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sdm.errors import RunError, UnknownNameError
from sdm.modalities import ENVIRONMENT, MODALITIES
from sdm.models.encoders import ENCODERS, backbones, encoder_spec
from sdm.models.encoders.backbones import Backbone
from sdm.models.encoders.cube import CubeResNet18
from sdm.models.encoders.environment import EnvironmentMlp
from sdm.models.encoders.location import LocationMlp
from sdm.models.encoders.patch import PatchBackbone
from sdm.models.encoders.series import SeriesTransformer
from sdm.models.encoders.timm_import import timm
from sdm.models.registry import REGISTRY

CODES = np.array(ENVIRONMENT.coded)

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {
    "patch-convnext-base": backbones.CONVNEXT_BASE,
    "patch-convnext-large": backbones.CONVNEXT_LARGE,
    "patch-maxvit-tiny": backbones.MAXVIT_TINY,
    "patch-swinv2-base": backbones.SWINV2_BASE,
    "patch-convnext-atto": backbones.CONVNEXT_ATTO,
}


def size(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def as_printed(count: int, printed: str) -> str:
    """`count` in millions with as many decimals as `printed`."""
    return f"{count / 1e6:.{len(printed.partition('.')[2])}f}"


@pytest.mark.parametrize("name", ENCODERS)
def test_rows_count_parameters_and_features(name: str, skeleton: Callable[..., Any]) -> None:
    encoder, spec = skeleton(name, encoder=True), ENCODERS[name]
    assert (size(encoder), encoder.width) == (spec.parameters, spec.features)


@pytest.mark.parametrize("modality", ["predictors-a-b", "predictors-a-b--c", "predictors-c1to40--k1to3"])
def test_tables_of_ones_own_have_an_encoder_of_their_size(modality: str, skeleton: Callable[..., Any]) -> None:
    spec = encoder_spec(f"{modality}-mlp")
    assert size(skeleton(spec.name, encoder=True)) == spec.parameters


@pytest.mark.parametrize("name", PUBLISHED)
def test_backbones_have_the_published_sizes(name: str, skeleton: Callable[..., Any]) -> None:
    card, backbone, ours = ENCODERS[name], PUBLISHED[name], skeleton(name, encoder=True)
    with torch.device("meta"):
        published = timm().create_model(backbone.timm, **backbone.options)
    assert card.published is not None
    assert as_printed(size(published), card.published.millions) == card.published.millions
    kernel = published.get_parameter(f"{ours.first}.weight")
    assert card.parameters == size(published) - 1000 * (ours.width + 1) + kernel.numel() // 3


@pytest.mark.parametrize("modality", ["landsat", "climate"])
def test_cube_resnets_have_the_published_size_but_for_their_ends(modality: str) -> None:
    card, shape = ENCODERS[f"{modality}-resnet18"], MODALITIES[modality].shape
    normalised = torch.zeros(shape).numel()
    imagenet = card.parameters - 2 * normalised - shape[0] * 9 * 64 + 3 * 49 * 64 + 1000 * 513
    assert imagenet == 11_689_512  # as torchvision's table prints it
    assert card.published is not None
    assert as_printed(imagenet, card.published.millions) == card.published.millions


@pytest.mark.parametrize("name", [name for name, card in ENCODERS.items() if not card.full_size and card.inputs])
def test_masks_are_seen_where_the_card_says_so(name: str) -> None:
    card = ENCODERS[name]
    torch.manual_seed(0)
    encoder, shape = card.make().eval(), MODALITIES[card.modality].shape
    values = torch.rand(2, *shape)
    valid = torch.ones(2, *shape, dtype=torch.bool)
    holes = torch.rand(2, *shape) < 0.9
    filled = torch.where(holes, values, 0)
    with torch.inference_mode():
        seen = not torch.allclose(encoder(filled, holes), encoder(filled, valid))
        nothing = encoder(torch.zeros_like(values), ~valid)
    assert seen == card.uses_masks
    assert torch.isfinite(nothing).all()
    assert nothing.shape == (2, encoder.width)


def test_a_class_code_is_a_category() -> None:
    torch.manual_seed(0)
    encoder = EnvironmentMlp()
    coded = int(CODES.argmax())
    values, valid = torch.zeros(3, 64), torch.ones(3, 64, dtype=torch.bool)
    values[:, coded] = torch.tensor([1.0, 12.0, 300.0])
    fresh = encoder(values, valid)
    torch.testing.assert_close(fresh[0], fresh[1])  # until training tells them apart
    torch.nn.init.normal_(encoder.categories.weight)
    told = encoder(values, valid)
    assert not torch.allclose(told[0], told[1])
    valid[0, coded] = False
    values[0, coded] = 12.0
    assert not torch.allclose(encoder(values, valid)[0], told[1])
    assert encoder.categories(torch.tensor(12)).shape == (4,)


def test_a_code_that_is_no_byte_says_nothing() -> None:
    encoder = EnvironmentMlp()
    torch.nn.init.normal_(encoder.categories.weight)
    values, valid = torch.full((1, 10), 300.0), torch.ones(1, 10, dtype=torch.bool)
    assert not encoder._embedded(values, valid).any()
    assert not encoder._embedded(values - 200, ~valid).any()
    assert encoder._embedded(values - 200, valid).all()


def test_series_become_one_token_per_year() -> None:
    encoder = SeriesTransformer("landsat")
    seen: list[torch.Tensor] = []
    encoder.token.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    cube = torch.arange(21.0).expand(1, 6, 4, 21)
    encoder(cube, torch.ones(1, 6, 4, 21, dtype=torch.bool))
    assert seen[0].shape == (1, 21, 48)
    assert seen[0][0, :, 0].tolist() == list(range(21))
    assert (seen[0][0, :, 24:] == 1).all()
    climate = SeriesTransformer("climate")
    climate.token.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    years = torch.arange(19.0)[:, None].expand(1, 4, 19, 12)
    climate(years, years > -1)
    assert seen[1][0, :, 0].tolist() == list(range(19))


def test_a_year_without_values_is_not_attended_to() -> None:
    torch.manual_seed(0)
    encoder = SeriesTransformer("landsat").eval()
    values, valid = torch.randn(1, 6, 4, 21), torch.ones(1, 6, 4, 21, dtype=torch.bool)
    valid[..., 17:] = False
    moved = torch.randn(1, 21, encoder.width)
    with torch.no_grad():
        before = encoder(values * valid, valid)
        encoder.position[:, 17:] += moved[:, 17:]
        torch.testing.assert_close(encoder(values * valid, valid), before)
        encoder.position[:, :3] += moved[:, :3]
        assert not torch.allclose(encoder(values * valid, valid), before)


def test_the_same_place_again_after_a_turn_round_the_globe() -> None:
    encoder = LocationMlp()
    degrees = torch.tensor([[5.0, 50.0], [365.0, 50.0], [6.0, 50.0]])
    encoded = encoder(degrees, torch.ones(3, 2, dtype=torch.bool))
    torch.testing.assert_close(encoded[0], encoded[1])
    assert not torch.allclose(encoded[0], encoded[2])


def test_cubes_keep_their_size_at_first() -> None:
    encoder = CubeResNet18("climate")
    seen: list[torch.Tensor] = []
    encoder.stages.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    encoder(torch.zeros(2, 4, 19, 12), torch.ones(2, 4, 19, 12, dtype=torch.bool))
    assert seen[0].shape == (2, 64, 19, 12)


def test_patches_are_scaled_as_imagenet_and_enlarged() -> None:
    encoder = PatchBackbone(Backbone("convnext_atto.d2_in1k", 96))
    seen: list[torch.Tensor] = []
    encoder.network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    valid = torch.ones(2, 4, 64, 64, dtype=torch.bool)
    valid[1] = False
    encoder(torch.full((2, 4, 64, 64), 0.485), valid)
    assert seen[0].shape == (2, 4, 96, 96)
    torch.testing.assert_close(seen[0][0, 1, 5, 5], torch.tensor((0.485 - 0.456) / 0.224))
    assert not seen[0][0, 0].any()  # the mean of red
    assert not seen[0][1].any()


def test_the_page_of_models_has_the_same_numbers() -> None:
    page = (ROOT / "docs" / "models.md").read_text()
    rows = {line.split("`")[1]: line for line in page.splitlines()[::-1] if line.startswith("| `")}
    assert {name for name in ENCODERS if "patch" in name} <= rows.keys()
    for name, row in ((name, row) for name, row in rows.items() if name in ENCODERS):
        card = ENCODERS[name]
        published = f"{card.published.millions} M" if card.published else ""
        assert f"| {card.parameters:,} | {published} |".replace("  ", " ") in row
    for name, spec in REGISTRY.items():
        if name.startswith("fusion-") or (spec.families and spec.parameters):
            assert f"| {spec.parameters:,} |" in rows[name]


RASTER_ENCODERS = [
    "pixel-B2-B3-mlp", "image32-c1to3-cnn", "image128-c1to4-cnn", "image32-c1to3-resnet18",
    "image128-c1to4-resnet18", "photo224-R-G-B-resnet18", "image32-c1to3-swinv2-tiny",
    "photo224-R-G-B-swinv2-tiny", "series12-B2-B3-lstm", "series12-B2-B3-transformer", "series5-c1to30-lstm",
]  # fmt: skip


@pytest.mark.parametrize("name", RASTER_ENCODERS)
def test_encoders_of_rasters_are_known_by_modality_and_kind(name: str, skeleton: Callable[..., Any]) -> None:
    encoder, spec = skeleton(name, encoder=True), encoder_spec(name)
    assert name not in ENCODERS and spec.name == name
    assert (size(encoder), encoder.width) == (spec.parameters, spec.features)
    assert spec.preparation in MODALITIES[spec.modality].preparations


@pytest.mark.parametrize(
    "name", ["pixel-B2-resnet18", "image32-c1-mlp", "landsat-mlp", "mlp", "image-c1-cnn", "pixel-B2-lstm"]
)
def test_an_encoder_that_does_not_suit_the_modality_is_unknown(name: str) -> None:
    with pytest.raises(UnknownNameError, match="swinv2-tiny"):
        encoder_spec(name)


def test_small_images_are_not_shrunk_at_once() -> None:
    small, large = (encoder_spec(f"image{side}-c1to3-resnet18").make() for side in (32, 128))
    assert small.conv1(torch.zeros(1, 3, 32, 32)).shape[-1] == 32
    assert large.conv1(torch.zeros(1, 3, 128, 128)).shape[-1] == 64


def test_images_are_brought_to_another_side_first() -> None:
    enlarged = encoder_spec("image32-c1to3-resnet18").make(128)
    assert enlarged.conv1.kernel_size == (7, 7)  # as an image of 128 pixels
    seen: list[int] = []
    enlarged.conv1.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].shape[-1]))
    assert enlarged.eval()(torch.zeros(1, 3, 32, 32), torch.ones(1, 3, 32, 32)).shape == (1, 512)
    assert seen == [128]


def test_weights_of_swin_do_not_depend_on_the_side() -> None:
    spec = encoder_spec("image128-c1to3-swinv2-tiny")
    with torch.device("meta"):
        assert size(spec.make(128)) == spec.parameters
    with pytest.raises(RunError, match="32 divides"):
        spec.make(100)


def test_statistics_are_those_of_what_is_valid() -> None:
    encoder = encoder_spec("landsat-statistics").make()
    values = torch.randn(2, 6, 4, 21)
    valid = torch.rand(2, 6, 4, 21) > 0.3
    valid[0, 2, 1] = False  # a quarter that was never seen
    seen: list[torch.Tensor] = []
    encoder.body.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    assert encoder(values, valid).shape == (2, encoder.width)
    known = np.where(valid.numpy(), values.numpy(), np.nan)
    with np.errstate(invalid="ignore"), pytest.warns(RuntimeWarning):
        mean, deviation = np.nanmean(known, axis=3), np.nanstd(known, axis=3)
    expected = np.concatenate([mean.reshape(2, -1), 4 * deviation.reshape(2, -1)], axis=1)
    np.testing.assert_allclose(seen[0].numpy(), np.nan_to_num(expected), atol=1e-4)
    hidden = encoder(torch.where(valid, values, 1e6), valid)
    torch.testing.assert_close(hidden, encoder(values, valid))


def test_statistics_of_a_patch_are_centred_on_the_survey() -> None:
    encoder = encoder_spec("patch-statistics").make()
    values = torch.zeros(1, 4, 64, 64)
    values[0, 1, 32, 32] = 1.0
    seen: list[torch.Tensor] = []
    encoder.body.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0].reshape(7, 4)))
    encoder(values, torch.ones(1, 4, 64, 64, dtype=torch.bool))
    pixel, mean_3, _, mean_9, *_ = seen[0][:, 1] - seen[0][:, 0]
    np.testing.assert_allclose([pixel, mean_3, mean_9], [1 / 0.15, 1 / 0.15 / 9, 1 / 0.15 / 81], rtol=1e-3)
