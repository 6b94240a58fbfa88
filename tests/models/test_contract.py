"""One contract for every model of the registry on every kind of target."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from _pytest.mark import ParameterSet

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError, SdmError, UnknownNameError
from sdm.modalities import MODALITIES
from sdm.models.contract import Baseline, Model, Network, parameters
from sdm.models.preparation import Batch, fit_statistics, read_batch
from sdm.models.registry import REGISTRY, build, spec_of
from sdm.models.statistics import Statistics
from tests.datasets import DATASETS, for_model

ROWS = np.array([*range(8), 19])  # gaps, a survey without files, a country unknown to training


QUICK = {
    "poisson-ensemble": {"networks": 2, "least_steps": 5, "epochs": 2},
    "balanced-forest": {"trees": 5},
    "presence-blend": {"networks": 2, "least_steps": 5, "epochs": 2, "trees": 5},
}
"""Changes of what takes long to fit."""
CASES = [(name, kind) for name, spec in REGISTRY.items() for kind in DATASETS if kind in (spec.kinds or DATASETS)]


def marked(name: str, kind: str) -> ParameterSet:
    """A case, slow where the network is of full size or does not shrink its images at once."""
    marks = [pytest.mark.slow] if REGISTRY[name].full_size or name == "image-resnet18" else []
    if name == "maxent":
        marks.append(pytest.mark.skipif(find_spec("elapid") is None, reason="elapid is not installed"))
    return pytest.param((name, kind), id=f"{name}-{kind}", marks=marks)


def fitted(name: str, dataset: Dataset) -> tuple[Model, Statistics]:
    torch.manual_seed(0)
    model = build(name, dataset.targets.kind, dataset.targets.width, QUICK.get(name))
    rows = dataset.rows("train")
    statistics = fit_statistics(dataset, rows, tuple(model.inputs))
    if isinstance(model, Baseline):
        model.fit(dataset, rows[dataset.targets.known[rows]], statistics)
    else:
        assert isinstance(model, Network)
        model.eval()
    return model, statistics


def some(dataset: Dataset, model: Model, statistics: Statistics) -> Batch:
    return read_batch(dataset, ROWS, model.inputs, statistics, targets=False)


@pytest.fixture(scope="module", params=[marked(*each) for each in CASES])
def case(request: pytest.FixtureRequest) -> tuple[Model, Dataset, Batch]:
    """A model, each built once, with the data set it was fitted on and a batch of it."""
    name, kind = request.param
    dataset = for_model(name, kind)
    model, statistics = fitted(name, dataset)
    return model, dataset, some(dataset, model, statistics)


def test_predicts_probabilities(case: tuple[Model, Dataset, Batch]) -> None:
    model, dataset, batch = case
    out = model.predict(batch)
    assert out.shape == (len(ROWS), dataset.targets.width)
    assert out.dtype == torch.float32
    assert not out.requires_grad
    assert torch.isfinite(out).all()
    if dataset.targets.kind is not TargetKind.REGRESSION:
        assert out.min() >= 0
        assert out.max() <= 1
    if dataset.targets.kind is TargetKind.MULTICLASS:
        torch.testing.assert_close(out.sum(dim=1), torch.ones(len(ROWS)))


def test_a_survey_does_not_depend_on_its_neighbours_in_the_batch(case: tuple[Model, Dataset, Batch]) -> None:
    model, _, batch = case
    one = {key: value[4:5] for key, value in batch.items()}
    torch.testing.assert_close(model.predict(one), model.predict(batch)[4:5], rtol=1e-4, atol=1e-5)


def test_networks_give_logits_features_and_gradients(case: tuple[Model, Dataset, Batch]) -> None:
    network, dataset, batch = case
    if not isinstance(network, Network) or dataset.targets.kind is not TargetKind.MULTILABEL:
        return  # a baseline has neither; the kind changes the width alone
    with torch.no_grad():
        logits, features = network(batch), network.features(batch)
    torch.testing.assert_close(logits.sigmoid(), network.predict(batch))
    assert features.shape == (len(ROWS), network.head.in_features)
    network({key: value[:2] for key, value in batch.items()}).sum().backward()  # of all rows: gigabytes
    assert all(p.grad is not None for p in network.parameters())
    network.zero_grad()


@pytest.mark.parametrize("each", [marked(*case) for case in CASES if REGISTRY[case[0]].baseline])
def test_baselines_survive_their_table(each: tuple[str, str]) -> None:
    name, kind = each
    dataset = for_model(name, kind)
    known, statistics = fitted(name, dataset)
    restored = build(name, dataset.targets.kind, dataset.targets.width, QUICK.get(name))
    assert isinstance(known, Baseline)
    assert isinstance(restored, Baseline)
    restored.restore(known.table())
    batch = some(dataset, known, statistics)
    torch.testing.assert_close(restored.predict(batch), known.predict(batch))
    with pytest.raises(RunError, match="lacks arrays"):
        restored.restore({})
    other = build(name, dataset.targets.kind, dataset.targets.width + 3)
    assert isinstance(other, Baseline)
    if name == "country-frequency":
        with pytest.raises(RunError, match="does not fit"):
            other.restore(known.table())


@pytest.mark.parametrize("name", REGISTRY)
def test_rows_are_true_of_the_models_built(name: str, skeleton: Callable[..., Model]) -> None:
    spec, model = spec_of(name), skeleton(name)
    assert spec.title and spec.description and spec.reference
    assert all(modality in MODALITIES for modality in spec.inputs)
    assert dict(model.inputs) == dict(spec.inputs) == dict(spec.inputs_of())
    assert isinstance(model, Baseline) == spec.baseline
    assert spec.parameters == (0 if spec.baseline else parameters(model))


def test_sizes_are_the_published_ones() -> None:
    first = 4 * 64 * 49 + 64  # instead of 3 * 64 * 49 without bias
    assert REGISTRY["resnet18-patch"].parameters == 11_176_512 - 3 * 64 * 49 + first + 513 * 300
    assert REGISTRY["landsat-cnn"].parameters == (6 * 9 + 1) * 32 + (32 * 9 + 1) * 64 + 321 * 128 + 129 * 300
    assert REGISTRY["landsat-mlp"].parameters == 2 * 504 + 505 * 1024 + 1025 * 512 + 513 * 300
    assert REGISTRY["landsat-lstm"].parameters == 4 * 100 * (6 + 100 + 2) + 101 * 300


def test_networks_that_train_without_a_gpu_are_small() -> None:
    assert all(spec.parameters < 15e6 for spec in REGISTRY.values() if not spec.full_size)


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(UnknownNameError) as unknown:
        build("resnet50", TargetKind.MULTILABEL, 3)
    assert all(name in str(unknown.value) for name in REGISTRY)
    with pytest.raises(RunError, match="hidden"):
        build("landsat-lstm", TargetKind.MULTILABEL, 3, {"hiden": 5})
    with pytest.raises(RunError, match="expected a valid integer"):
        build("landsat-lstm", TargetKind.MULTILABEL, 3, {"hidden": "5"})
    with pytest.raises(UnknownNameError, match="patch-convnext-atto"):
        build("fusion-series", TargetKind.MULTILABEL, 3, {"encoders": ["patch-resnet50"]})


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("landsat-cnn", {"channels": [8]}),
        ("landsat-cnn", {"hidden": 0}),
        ("landsat-mlp", {"hidden": [8, -1]}),
        ("landsat-lstm", {"hidden": 10**30}),
        ("fusion-series", {"hidden": 0}),
        ("fusion-series", {"dropout": 1.0}),
        ("fusion-series", {"modality_dropout": -0.1}),
        ("fusion-series", {"encoders": []}),
        ("fusion-series", {"encoders": ["landsat-resnet18-half", "landsat-transformer"]}),
        ("landsat-transformer", {"dropout": 1.5}),
        ("nearest-surveys", {"neighbours": 0}),
        ("nearest-surveys", {"softening_km": -1.0}),
        ("nearest-surveys", {"softening_km": 10**400}),
    ],
)
def test_configurations_no_model_can_have_are_refused_by_name(name: str, changes: dict[str, object]) -> None:
    with pytest.raises(RunError, match=next(iter(changes))):
        build(name, TargetKind.MULTILABEL, 5, changes)


def test_pixel_networks_have_the_sizes_of_the_source() -> None:
    """Ten bands, hidden 128-64, twelve main types: 10,444 numbers by arithmetic."""
    twelve = [
        build("pixel-mlp", TargetKind.MULTICLASS, 12, {"hidden": hidden}) for hidden in ((128, 64), (256, 128))
    ]
    assert [parameters(network) for network in twelve] == [10_444, 11 * 256 + 257 * 128 + 129 * 12]
    lime = build("lime-mlp", TargetKind.REGRESSION, 1, {"modality": "pixel-B2-B3-VV"})
    assert parameters(lime) == 4 * 64 + 65 * 128 + 129 * 64 + 65
    assert dict(lime.inputs) == {"pixel-B2-B3-VV": "standardise-pixel"}


def test_series_networks_have_the_sizes_of_the_source() -> None:
    """Two layers of 128 on 20 features, five classes; a transformer of half the width counted layer by layer."""
    lstm, small = (
        build(name, TargetKind.MULTICLASS, 5, changes)
        for name, changes in (("series-lstm", {}), ("series-transformer", {"width": 64}))
    )
    assert parameters(lstm) == 4 * 128 * (20 + 128 + 2) + 4 * 128 * (128 + 128 + 2) + 129 * 5 == 209_541
    layer = 4 * 64 * 65 + 65 * 256 + 257 * 64 + 4 * 64  # attention, two linear layers, two normalisations
    assert parameters(small) == 3 * layer + 2 * 64 + 41 * 64 + 13 * 64 + 65 * 5
    with pytest.raises(RunError, match="multiple of 4"):
        build("series-transformer", TargetKind.MULTICLASS, 5, {"width": 30})


def test_the_data_decide_what_a_model_of_rasters_reads() -> None:
    spec, there = spec_of("pixel-mlp"), ("patch", "image32-c1", "pixel-B2-B3", "pixel-B4")
    assert spec.completed({}, there) == {"modality": "pixel-B2-B3"}
    assert spec.completed({"modality": "pixel-B4"}, there) == {"modality": "pixel-B4"}
    assert spec.completed({}, ("patch",)) == {} == spec_of("landsat-mlp").completed({}, there)
    assert spec_of("image-cnn").completed({}, there) == {"modality": "image32-c1"}
    assert spec_of("series-lstm").completed({}, ("pixel-B2", "series6-B2")) == {"modality": "series6-B2"}


@pytest.mark.parametrize(
    ("model", "modality"), [("pixel-mlp", "pixel-"), ("image-cnn", "pixel-B2"), ("pixel-mlp", "image32-c1")]
)
def test_what_a_model_of_rasters_cannot_read_is_refused(model: str, modality: str) -> None:
    with pytest.raises(SdmError, match=modality):
        build(model, TargetKind.MULTICLASS, 3, {"modality": modality})


def test_a_frozen_backbone_stays_as_it_is() -> None:
    network = build("image-cnn", TargetKind.MULTICLASS, 3, {"frozen": True, "modality": "image32-c1to4"})
    assert isinstance(network, Network)
    before = {name: value.clone() for name, value in network.encoder.state_dict().items()}
    images = torch.rand(4, 4, 32, 32)
    batch = {"image32-c1to4": images, "image32-c1to4_valid": torch.ones_like(images, dtype=torch.bool)}
    network.train()
    network(batch).sum().backward()
    assert all(parameter.grad is None for parameter in network.encoder.parameters())
    assert network.head.weight.grad is not None
    for name, value in network.encoder.state_dict().items():
        torch.testing.assert_close(value, before[name])  # running statistics too


def test_models_of_records_are_for_sets_of_species_alone() -> None:
    with pytest.raises(RunError, match="not for multiclass"):
        build("balanced-forest", TargetKind.MULTICLASS, 3)
    with pytest.raises(RunError, match="predictors"):
        build("poisson-ensemble", TargetKind.MULTILABEL, 3, {"modality": "patch"})
    there = ("predictors-a--b", "environment")
    assert spec_of("maxent").completed({}, there) == {"modality": "predictors-a--b"}
    assert spec_of("maxent").completed({}, ("patch", "environment")) == {"modality": "environment"}
