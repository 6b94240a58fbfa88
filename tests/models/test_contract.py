"""One contract for every model of the registry on every kind of target."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.prepare import Batch, Statistics, fit_statistics, read_batch
from sdm.errors import RunError, UnknownNameError
from sdm.models import REGISTRY, Baseline, Network, Predictor, build, card_of, parameters
from sdm.schema import MODALITIES
from tests.datasets import DATASETS

CASES = [(name, kind) for name in REGISTRY for kind in DATASETS]


def ready(name: str, dataset: Dataset) -> tuple[Predictor, Statistics]:
    torch.manual_seed(0)
    predictor = build(name, dataset.targets.kind, dataset.targets.width)
    rows = dataset.rows("train")
    statistics = fit_statistics(dataset, rows, tuple(predictor.inputs))
    if isinstance(predictor, Baseline):
        predictor.fit(dataset, rows[dataset.targets.known[rows]], statistics)
    else:
        assert isinstance(predictor, Network)
        predictor.eval()
    return predictor, statistics


def everything(dataset: Dataset, predictor: Predictor, statistics: Statistics) -> Batch:
    return read_batch(dataset, np.arange(len(dataset)), predictor.inputs, statistics, targets=False)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_predicts_probabilities(name: str, kind: str) -> None:
    dataset = DATASETS[kind]()
    predictor, statistics = ready(name, dataset)
    batch = everything(dataset, predictor, statistics)
    out = predictor.predict(batch)
    assert out.shape == (len(dataset), dataset.targets.width)
    assert out.dtype == torch.float32
    assert not out.requires_grad
    assert torch.isfinite(out).all()
    if dataset.targets.kind is not TargetKind.REGRESSION:
        assert out.min() >= 0
        assert out.max() <= 1
    if dataset.targets.kind is TargetKind.MULTICLASS:
        torch.testing.assert_close(out.sum(dim=1), torch.ones(len(dataset)))


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_survey_does_not_depend_on_its_neighbours_in_the_batch(name: str, kind: str) -> None:
    dataset = DATASETS[kind]()
    predictor, statistics = ready(name, dataset)
    batch = everything(dataset, predictor, statistics)
    one = {key: value[4:5] for key, value in batch.items()}
    torch.testing.assert_close(predictor.predict(one), predictor.predict(batch)[4:5], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", [n for n, card in REGISTRY.items() if not card.baseline])
def test_networks_give_logits_features_and_gradients(name: str) -> None:
    dataset = DATASETS["multilabel"]()
    network, statistics = ready(name, dataset)
    assert isinstance(network, Network)
    batch = everything(dataset, network, statistics)
    logits = network(batch)
    torch.testing.assert_close(logits.sigmoid(), network.predict(batch))
    features = network.features(batch)
    assert features.shape == (len(dataset), network.head.in_features)
    logits.sum().backward()
    assert all(p.grad is not None for p in network.parameters())


@pytest.mark.parametrize("name", [n for n, card in REGISTRY.items() if card.baseline])
@pytest.mark.parametrize("kind", DATASETS)
def test_baselines_survive_their_table(name: str, kind: str) -> None:
    dataset = DATASETS[kind]()
    fitted, statistics = ready(name, dataset)
    restored = build(name, dataset.targets.kind, dataset.targets.width)
    assert isinstance(fitted, Baseline)
    assert isinstance(restored, Baseline)
    restored.restore(fitted.table())
    batch = everything(dataset, fitted, statistics)
    torch.testing.assert_close(restored.predict(batch), fitted.predict(batch))
    with pytest.raises(RunError, match="lacks arrays"):
        restored.restore({})
    other = build(name, dataset.targets.kind, dataset.targets.width + 3)
    assert isinstance(other, Baseline)
    if name == "country-frequency":
        with pytest.raises(RunError, match="does not fit"):
            other.restore(fitted.table())


@pytest.mark.parametrize("name", REGISTRY)
def test_cards_tell_what_a_reader_asks(name: str) -> None:
    card = card_of(name)
    assert card.title
    assert card.description
    assert card.reference
    assert set(card.inputs) <= set(MODALITIES)
    assert dict(build(name, TargetKind.MULTILABEL, 3).inputs) == dict(card.inputs)


def test_sizes_are_the_published_ones() -> None:
    sizes = {name: parameters(build(name, TargetKind.MULTILABEL, 300)) for name in REGISTRY}
    first = 4 * 64 * 49 + 64  # instead of 3 * 64 * 49 without bias
    assert sizes["resnet18-patch"] == 11_176_512 - 3 * 64 * 49 + first + 513 * 300 == 11_333_612
    assert sizes["landsat-cnn"] == (6 * 9 + 1) * 32 + (32 * 9 + 1) * 64 + 321 * 128 + 129 * 300
    assert sizes["landsat-mlp"] == 2 * 504 + 505 * 1024 + 1025 * 512 + 513 * 300
    assert sizes["landsat-lstm"] == 4 * 100 * (6 + 100 + 2) + 101 * 300


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="landsat-mlp"):
        build("resnet50", TargetKind.MULTILABEL, 3)
    with pytest.raises(RunError, match="hidden"):
        build("landsat-lstm", TargetKind.MULTILABEL, 3, {"hiden": 5})
    with pytest.raises(RunError, match="expected int"):
        build("landsat-lstm", TargetKind.MULTILABEL, 3, {"hidden": "5"})


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("landsat-cnn", {"channels": [8]}),
        ("landsat-cnn", {"hidden": 0}),
        ("landsat-mlp", {"hidden": [8, -1]}),
        ("landsat-lstm", {"hidden": 10**30}),
        ("nearest-surveys", {"neighbours": 0}),
        ("nearest-surveys", {"softening_km": -1.0}),
        ("nearest-surveys", {"softening_km": 10**400}),
    ],
)
def test_configurations_no_model_can_have_are_refused_by_name(name: str, changes: dict[str, object]) -> None:
    with pytest.raises(RunError, match=next(iter(changes))):
        build(name, TargetKind.MULTILABEL, 5, changes)
