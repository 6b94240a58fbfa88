"""Encoders that start from weights of others: read, adapted to our bands, and refused where they are others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from sdm.errors import RunError
from sdm.models.encoders import ENCODERS, backbones, encoder_spec
from sdm.models.encoders.patch import PatchBackbone
from sdm.models.encoders.timm_import import timm
from sdm.models.encoders.wide_patch import ColourNetwork
from sdm.models.pretrained import from_hub


def test_imagenet_weights_are_adapted_to_the_fourth_band(tmp_path: Path) -> None:
    torch.manual_seed(1)
    published = timm().create_model("convnext_atto.d2_in1k")
    path = tmp_path / "model.safetensors"
    save_file({name: value.contiguous() for name, value in published.state_dict().items()}, path)
    encoder = PatchBackbone(backbones.CONVNEXT_ATTO)
    encoder.load_imagenet(path)
    kernel, theirs = encoder.network.stem[0].weight, published.stem[0].weight
    torch.testing.assert_close(kernel[:, :3], theirs)
    torch.testing.assert_close(kernel[:, 3], theirs.mean(dim=1))
    torch.testing.assert_close(encoder.network.head.norm.weight, published.head.norm.weight)
    with pytest.raises(RunError, match="another network"):
        PatchBackbone(backbones.SWINV2_MINI).load_imagenet(path)


def test_without_a_network_the_start_is_random_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("sdm.models.pretrained.log.warning", lambda text, *of: told.append(text % of))

    def unreachable(repository: str, file: str, **_: object) -> str:
        raise OSError(f"no way to {repository}/{file}")

    monkeypatch.setattr("huggingface_hub.hf_hub_download", unreachable)
    assert from_hub("timm/convnext_atto.d2_in1k") is None
    assert "timm/convnext_atto.d2_in1k cannot be fetched, so it starts from random weights" in told[0]
    monkeypatch.setattr("huggingface_hub.hf_hub_download", lambda *_, **__: "kept/model.safetensors")
    assert from_hub("timm/convnext_atto.d2_in1k") == Path("kept/model.safetensors")


def test_only_networks_as_published_start_from_published_weights(skeleton: Callable[..., Any]) -> None:
    hubs = {name: skeleton(name, encoder=True).hub for name, card in ENCODERS.items() if not card.full_size}
    assert {name for name, hub in hubs.items() if hub} == {"patch-convnext-atto"}


def test_registration_is_strict_again_after_the_import() -> None:
    timm()
    with pytest.raises(RuntimeError, match="does not exist"):
        torch.library.register_fake("torchvision::no_such_operator")(lambda x: x)


def test_further_bands_start_as_the_mean_of_the_colours(tmp_path: Path) -> None:
    source = encoder_spec("image128-c1to3-resnet18").make()
    save_file({name: value.contiguous() for name, value in source.state_dict().items()}, tmp_path / "weights")
    six, one, small = (
        encoder_spec(f"{name}-resnet18").make() for name in ("image128-c1to6", "image128-c1", "image32-c1to6")
    )
    for encoder in (six, one, small):
        encoder.load_imagenet(tmp_path / "weights")
        torch.testing.assert_close(encoder.layer4[1].conv2.weight, source.layer4[1].conv2.weight)
    torch.testing.assert_close(six.conv1.weight[:, :3], source.conv1.weight)
    torch.testing.assert_close(six.conv1.weight[:, 5], source.conv1.weight.mean(dim=1))
    torch.testing.assert_close(one.conv1.weight[:, 0], source.conv1.weight[:, 0])
    assert small.conv1.weight.shape == (64, 6, 3, 3)


@pytest.fixture(scope="module")
def colours() -> ColourNetwork:
    """A small network of torchvision in place of the published ones."""
    torch.manual_seed(0)
    return ColourNetwork("squeezenet1_1").eval()


def test_colours_are_scaled_by_half(colours: ColourNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.Tensor] = []
    monkeypatch.setattr(colours.network, "forward", seen.append)
    values, valid = torch.rand(2, 4, 8, 8), torch.rand(2, 4, 8, 8) < 0.9
    colours(values, valid)
    expected = torch.where(valid, (values - 0.5) / 0.5, 0)[:, :3]  # near infrared is not seen
    torch.testing.assert_close(seen[0], expected)
    monkeypatch.setattr(colours, "side", 16)
    colours(values, valid)
    assert seen[1].shape == (2, 3, 16, 16)


def test_the_whole_patch_is_seen(colours: ColourNetwork) -> None:
    values = torch.rand(1, 4, 128, 128, requires_grad=True)
    colours(values, torch.ones(1, 4, 128, 128, dtype=torch.bool)).sum().backward()
    assert values.grad is not None
    outside = values.grad[:, :3].abs().sum(dim=(0, 1))
    outside[32:96, 32:96] = 0  # the middle is what `patch` holds
    assert (outside > 0).float().mean() > 0.5


def test_weights_of_torchvision_are_read_where_their_digest_is_known(
    colours: ColourNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    other = ColourNetwork("squeezenet1_1").eval()
    written = tmp_path / "squeezenet1_1-b8a52dc0.pth"
    torch.save(other.network.state_dict(), written)
    with pytest.raises(RunError, match="not torchvision's file of these weights"):
        colours.load_imagenet(written)
    digest = hashlib.sha256(written.read_bytes()).hexdigest()[:8]
    monkeypatch.setattr(colours, "hub", f"https://weights.invalid/squeezenet1_1-{digest}.pth")
    colours.load_imagenet(written)
    patch, valid = torch.rand(1, 4, 64, 64), torch.ones(1, 4, 64, 64, dtype=torch.bool)
    torch.testing.assert_close(colours(patch, valid), other(patch, valid))
    save_file(other.network.state_dict(), tmp_path / "weights.safetensors")
    colours.load_imagenet(tmp_path / "weights.safetensors")


def test_weights_at_an_address_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "cache"))
    content = b"weights"
    source = tmp_path / f"net-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    source.write_bytes(content)
    kept = from_hub(source.as_uri())
    assert kept is not None and kept.read_bytes() == content and kept.is_relative_to(tmp_path / "cache")
    source.unlink()
    assert from_hub(source.as_uri()) == kept
    assert from_hub((tmp_path / "none-00000000.pth").as_uri()) is None
