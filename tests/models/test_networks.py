"""What the networks see, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from sdm.data.dataset import TargetKind
from sdm.errors import RunError
from sdm.models.landsat import LandsatCnn, LandsatLstm
from sdm.models.registry import build
from sdm.models.resnet import PatchResNet18


def test_lstm_reads_the_quarters_in_order_of_time() -> None:
    network = build("landsat-lstm", TargetKind.MULTILABEL, 2)
    assert isinstance(network, LandsatLstm)
    seen: list[torch.Tensor] = []
    network.lstm.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    time = torch.arange(84.0).reshape(21, 4).T  # [quarter, year]
    cube = time.expand(1, 6, 4, 21) + 1000 * torch.arange(6.0).reshape(1, 6, 1, 1)
    network({"landsat": cube})
    assert seen[0][0, :, 0].tolist() == list(range(84))
    assert seen[0][0, 0].tolist() == [0, 1000, 2000, 3000, 4000, 5000]


@pytest.mark.parametrize("name", ["series-lstm", "series-transformer"])
def test_steps_after_the_last_date_do_not_count(name: str) -> None:
    """Whatever stands there; the LSTM reads the last date again and again, as a series so padded."""
    torch.manual_seed(0)
    network = build(name, TargetKind.MULTICLASS, 5, {"modality": "series6-B2-B3"})
    values, valid = torch.randn(3, 2, 6), torch.ones(3, 2, 6, dtype=torch.bool)
    valid[:, :, 4:], valid[1] = False, False
    batch = {"series6-B2-B3": torch.where(valid, values, 0), "series6-B2-B3_valid": valid}
    network.eval()
    out = network.predict(batch)
    assert torch.isfinite(out).all()
    if name == "series-lstm":
        copied = {"series6-B2-B3": values[..., [0, 1, 2, 3, 3, 3]], "series6-B2-B3_valid": torch.ones_like(valid)}
        torch.testing.assert_close(network.predict(copied)[[0, 2]], out[[0, 2]])
    else:
        other = {**batch, "series6-B2-B3": torch.cat([values[..., :4], torch.randn(3, 2, 2)], dim=2)}
        torch.testing.assert_close(network.predict(other)[[0, 2]], out[[0, 2]])


def test_cnn_sees_years_by_quarters() -> None:
    network = build("landsat-cnn", TargetKind.MULTILABEL, 2)
    assert isinstance(network, LandsatCnn)
    seen: list[torch.Tensor] = []
    network.body[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network({"landsat": torch.zeros(1, 6, 4, 21)})
    assert seen[0].shape == (1, 6, 21, 4)


def test_resnet_starts_without_padding() -> None:
    network = build("resnet18-patch", TargetKind.MULTILABEL, 2)
    assert isinstance(network, PatchResNet18)
    assert network.conv1(torch.zeros(1, 4, 64, 64)).shape == (1, 64, 29, 29)
    assert network.conv1.bias is not None


def imagenet(path: Path, colours: int = 3) -> dict[str, torch.Tensor]:
    """A file with torchvision's names of a ResNet-18."""
    torch.manual_seed(1)
    network = build("resnet18-patch", TargetKind.MULTILABEL, 2)
    assert isinstance(network, PatchResNet18)
    weights = {
        k: v.contiguous() for k, v in network.state_dict().items() if not k.startswith(("head.", "conv1.bias"))
    }
    weights["conv1.weight"] = weights["conv1.weight"][:, :colours].contiguous()
    weights["fc.weight"] = torch.zeros(1000, 512)
    save_file(weights, path)
    return weights


def test_imagenet_weights_load_by_name(tmp_path: Path) -> None:
    weights = imagenet(tmp_path / "resnet18.safetensors")
    torch.manual_seed(2)
    network = build("resnet18-patch", TargetKind.MULTILABEL, 2)
    assert isinstance(network, PatchResNet18)
    network.load_imagenet(tmp_path / "resnet18.safetensors")
    torch.testing.assert_close(network.conv1.weight[:, :3], nn.Parameter(weights["conv1.weight"]))
    torch.testing.assert_close(network.conv1.weight[:, 3], weights["conv1.weight"].mean(dim=1))
    torch.testing.assert_close(network.layer4[1].bn2.weight.data, weights["layer4.1.bn2.weight"])


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    network = build("resnet18-patch", TargetKind.MULTILABEL, 2)
    assert isinstance(network, PatchResNet18)
    imagenet(tmp_path / "two.safetensors", colours=2)
    save_file({"conv1.weight": torch.zeros(64, 3, 7, 7)}, tmp_path / "other.safetensors")
    (tmp_path / "pickle.safetensors").write_bytes(b"\x80\x04K\x01.")
    for name in ("two", "other", "pickle", "absent"):
        with pytest.raises(RunError, match=name):
            network.load_imagenet(tmp_path / f"{name}.safetensors")
