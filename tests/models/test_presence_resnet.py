"""The networks of the work on presence-only augmentation have the published layers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from sdm.data.dataset import TargetKind
from sdm.models.presence_resnet import (
    LandsatResNet18,
    LandsatResNetConfig,
    WholePatchResNet18,
    WholePatchResNetConfig,
)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """An eighth as wide."""
    monkeypatch.setattr("sdm.models.presence_resnet.STAGES", (8, 16, 32, 64))


KIND = TargetKind.MULTILABEL


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(("stem", "size", "stride", "shape"), [("3x3", 3, 1, (4, 21)), ("7x7", 7, 2, (2, 11))])
def test_the_cube_is_normalised_and_never_pooled(
    stem: str, size: int, stride: int, shape: tuple[int, int]
) -> None:
    config = LandsatResNetConfig(stem=stem, outputs=1000, hidden=2056)  # type: ignore[arg-type]
    network = LandsatResNet18(KIND, 30, config).eval()
    assert network.norm.normalized_shape == (6, 4, 21)
    first = network.trunk.conv1
    assert (first.kernel_size, first.stride) == ((size, size), (stride, stride))
    cube = {"landsat": torch.randn(3, 6, 4, 21)}
    assert network.trunk.pool(first(cube["landsat"])).shape[2:] == shape
    assert [type(layer) for layer in network.body] == [nn.LayerNorm, nn.Linear]
    assert (network.body[1].in_features, network.body[1].out_features) == (1000, 2056)
    assert network(cube).shape == (3, 30)


@pytest.mark.usefixtures("narrow")
def test_the_last_layers_are_one_linear_map() -> None:
    """No activation between them: the sum of two inputs gives the sum of the outputs, less that of nothing."""
    network = LandsatResNet18(KIND, 5, LandsatResNetConfig(outputs=8, hidden=6))
    after = nn.Sequential(network.body[1], network.head)
    one, other = torch.randn(2, 4, 8)
    torch.testing.assert_close(after(one + other) + after(torch.zeros(4, 8)), after(one) + after(other))


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("bands", [3, 4])
def test_the_whole_patch_in_three_bands_or_four(bands: int) -> None:
    network = WholePatchResNet18(KIND, 9, WholePatchResNetConfig(bands=bands)).eval()  # type: ignore[arg-type]
    patch = torch.randn(2, 4, 128, 128)
    seen = network({"wide_patch": patch})
    assert seen.shape == (2, 9)
    patch[:, 3] += 1
    assert torch.equal(seen, network({"wide_patch": patch})) == (bands == 3)
    patch[:, :3, 0, 0] += 9  # a corner that the middle 64 x 64 does not hold
    assert not torch.equal(seen, network({"wide_patch": patch}))


def test_parameters_by_hand() -> None:
    network = LandsatResNet18(KIND, 300, LandsatResNetConfig())
    resnet = 11_167_104 + 9 * 6 * 64
    expected = 2 * 504 + resnet + 513 * 1000 + 2000 + 1001 * 2056 + 2057 * 300
    assert sum(values.numel() for values in network.parameters()) == expected
