"""The layers of a network as a table."""

from __future__ import annotations

import pytest
import torch

from sdm.data.dataset import TargetKind
from sdm.modalities import MODALITIES
from sdm.models.contract import Network
from sdm.models.layers import layer_table, model_layers
from sdm.models.registry import REGISTRY, build
from sdm.models.specification import EXAMPLE_WIDTH

NETWORKS = [
    pytest.param(name, marks=[pytest.mark.slow] if spec.full_size else [])
    for name, spec in REGISTRY.items() if not spec.baseline
]  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_add_up_to_those_of_the_model(name: str) -> None:
    table = model_layers(name, TargetKind.MULTILABEL, EXAMPLE_WIDTH)
    assert table["parameters"].sum() == REGISTRY[name].parameters
    assert table.iloc[-1][["layer", "shape"]].tolist() == ["head", (EXAMPLE_WIDTH,)]
    assert not table.duplicated(["branch", "layer"]).any()


def test_layers_are_the_published_ones() -> None:
    cnn = model_layers("landsat-cnn", TargetKind.MULTILABEL, EXAMPLE_WIDTH)
    assert cnn["shape"].tolist() == [
        (6, 4, 21), (32, 21, 4), (32, 21, 4), (32, 10, 2), (64, 10, 2), (64, 10, 2), (64, 5, 1), (320,), (128,),
        (128,), (EXAMPLE_WIDTH,),
    ]  # fmt: skip
    resnet = model_layers("resnet18-patch", TargetKind.MULTILABEL, EXAMPLE_WIDTH)
    assert resnet["type"].tolist()[1:] == ["Conv2d 7 x 7, stride 2", "BatchNorm2d", *["2 x Block"] * 4, "Linear"]


def test_branches_of_a_fusion_end_in_what_is_joined() -> None:
    table = model_layers("fusion-series", TargetKind.MULTICLASS, 7, {"hidden": 96})
    assert list(table["branch"].unique()) == ["environment", "landsat", "climate", ""]
    ends = table[table["layer"] == "missing"]["shape"]
    after = table[table["branch"] == ""]
    joined = sum(width for (width,) in ends)
    assert after.iloc[0]["parameters"] == (joined + 1) * 96
    assert after.iloc[-1]["parameters"] == 97 * 7


def test_a_network_with_numbers_tells_the_same_and_stays_in_training() -> None:
    network = build("landsat-mlp", TargetKind.MULTILABEL, 5)
    assert isinstance(network, Network)
    shapes = {name: MODALITIES[name].shape for name in network.inputs}
    table = layer_table(network.train(), shapes)
    assert table.equals(model_layers("landsat-mlp", TargetKind.MULTILABEL, 5))
    assert network.training
    assert not any(module._forward_hooks for module in network.modules())
    assert torch.isfinite(network.head.weight).all()
