"""Fusion: any subset of modalities, and what happens when one is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from sdm.data.dataset import TargetKind
from sdm.errors import RunError, UnknownNameError
from sdm.inference.shapley import training_share
from sdm.modalities import MODALITIES
from sdm.models.fusion import Fusion, drop_modalities
from sdm.models.preparation import Batch, fit_statistics, read_batch
from sdm.models.registry import REGISTRY, build
from sdm.models.specification import PLACE
from tests.datasets import multilabel

SMALL = {
    "environment": "environment-mlp",
    "landsat": "landsat-transformer",
    "climate": "climate-resnet18-half",
    "patch": "patch-swinv2-mini",
}
FULL_SIZE = [name for name, card in REGISTRY.items() if card.full_size and name.startswith("fusion-")]


def fused(*modalities: str, **changes: object) -> Fusion:
    torch.manual_seed(0)
    encoders = [SMALL[name] for name in modalities]
    network = build("fusion-series", TargetKind.MULTILABEL, 7, {"encoders": encoders, "hidden": 16, **changes})
    assert isinstance(network, Fusion)
    for vector in network.missing.values():
        torch.nn.init.normal_(vector)
    return network


def batch_of(network: Fusion, rows: np.ndarray) -> Batch:
    dataset = multilabel()
    statistics = fit_statistics(dataset, dataset.rows("train"), tuple(network.inputs))
    return read_batch(dataset, rows, network.inputs, statistics)


@pytest.mark.parametrize(
    "modalities", [("landsat",), ("patch", "environment"), ("climate", "landsat"), tuple(SMALL)]
)
def test_any_modalities_fuse(modalities: tuple[str, ...]) -> None:
    network = fused(*modalities).eval()
    assert tuple(network.inputs) == modalities
    assert network.predict(batch_of(network, np.arange(5))).shape == (5, 7)


def without(batch: Batch, name: str, filler: float = 0.0) -> Batch:
    values = torch.full_like(batch[name], filler)
    return {**batch, name: values, f"{name}_valid": torch.zeros_like(batch[f"{name}_valid"])}


@pytest.mark.parametrize("name", SMALL)
def test_a_missing_modality_is_replaced_not_read(name: str) -> None:
    network = fused(*SMALL).eval()
    batch = batch_of(network, np.array([0, 1]))
    gone = network.predict(without(batch, name))
    assert torch.isfinite(gone).all()
    assert not torch.allclose(gone, network.predict(batch))
    torch.testing.assert_close(network.predict(without(batch, name, 7.0)), gone)


def test_the_place_is_one_more_encoder() -> None:
    network = build(
        "fusion-series", TargetKind.MULTILABEL, 7, {"encoders": ["environment-mlp", "location-mlp"]}
    ).eval()
    assert isinstance(network, Fusion)
    torch.nn.init.normal_(network.missing["site"])
    assert tuple(network.inputs) == ("environment",)
    batch = batch_of(network, np.array([0, 1]))
    nowhere = {**batch, "site": torch.full_like(batch["site"], torch.nan)}
    assert torch.isfinite(network.predict(nowhere)).all()
    assert not torch.allclose(network.predict(nowhere), network.predict(batch))


def test_a_preparation_can_be_another_one() -> None:
    changes = {"encoders": ["patch-swinv2-mini"], "preparations": {"patch": "quantile"}}
    assert dict(REGISTRY["fusion-series"].inputs_of(changes)) == {"patch": "quantile"}
    with pytest.raises(UnknownNameError, match="gamma"):
        REGISTRY["fusion-series"].inputs_of({"preparations": {"landsat": "squared"}})
    with pytest.raises(RunError, match="does not suit landsat"):
        REGISTRY["fusion-series"].inputs_of({"preparations": {"landsat": "gamma"}})
    with pytest.raises(RunError, match="no encoder sees"):
        REGISTRY["fusion-series"].inputs_of({"preparations": {"patch": "quantile"}})


@pytest.mark.parametrize("name", REGISTRY)
def test_every_model_says_what_it_sees(name: str) -> None:
    assert all(REGISTRY[name].sees())
    assert len(REGISTRY[name].sees()) >= max(len(REGISTRY[name].inputs), 1)


def test_models_without_inputs_see_something_of_the_survey_itself() -> None:
    assert REGISTRY["country-frequency"].sees() == ["country", "region"]
    assert REGISTRY["location-mlp"].sees() == REGISTRY["nearest-surveys"].sees() == [PLACE]
    both = REGISTRY["fusion-series"].sees({"encoders": ["landsat-transformer", "location-mlp"]})
    assert both == [MODALITIES["landsat"].title, PLACE]


def test_who_sees_the_place_and_who_survives_without_inputs() -> None:
    series = REGISTRY["fusion-series"]
    assert not series.sees_place()
    assert series.sees_place({"encoders": ["landsat-transformer", "location-mlp"]})
    assert REGISTRY["location-mlp"].sees_place() and REGISTRY["nearest-surveys"].sees_place()
    assert not REGISTRY["landsat-cnn"].sees_place() and not REGISTRY["landsat-cnn"].survives_missing()
    assert series.survives_missing()
    assert not series.survives_missing({"modality_dropout": 0.0})


def test_nothing_at_all_still_gives_an_answer_the_same_for_all() -> None:
    network = fused(*SMALL).eval()
    batch = batch_of(network, np.array([0, 1, 3]))  # survey 3 has no file
    for name in SMALL:
        batch = without(batch, name)
    out = network.predict(batch)
    assert torch.isfinite(out).all()
    torch.testing.assert_close(out[0], out[2])


def test_modalities_are_dropped_in_training_only() -> None:
    network = fused(*SMALL, dropout=0.0, modality_dropout=0.9)
    batch = batch_of(network, np.arange(4))
    for encoder in network.encoders.values():
        encoder.eval()  # no dropout but that of modalities
    assert not torch.allclose(network(batch), network(batch))
    network.eval()
    torch.testing.assert_close(network(batch), network(batch))


def test_dropping_leaves_one_modality_of_those_there() -> None:
    torch.manual_seed(0)
    present = torch.rand(4000, 4) < 0.6
    for share in (0.0, 0.25, 0.99):
        kept = drop_modalities(present, share)
        assert not (kept & ~present).any()
        assert torch.equal(kept.any(dim=1), present.any(dim=1))
    kept = drop_modalities(torch.ones(4000, 4, dtype=torch.bool), 0.25)
    # Each is dropped with 0.25, but for the one of four that is kept when all would be: 0.25^4 / 4.
    assert kept.float().mean().item() == pytest.approx(0.75 + 0.25**4 / 4, abs=0.01)
    assert torch.equal(drop_modalities(present, 0.0), present)


def test_the_share_of_training_that_showed_a_choice_of_inputs() -> None:
    torch.manual_seed(0)
    kept = drop_modalities(torch.ones(40_000, 3, dtype=torch.bool), 0.4).float()
    alone = ((kept.sum(dim=1) == 1) & (kept[:, 0] == 1)).float().mean()
    without_first = ((kept.sum(dim=1) == 2) & (kept[:, 0] == 0)).float().mean()
    assert alone == pytest.approx(training_share(3, 1, 0.4), abs=0.01)
    assert without_first == pytest.approx(training_share(3, 2, 0.4), abs=0.01)
    singles, pairs, all_three = (training_share(3, present, 0.4) for present in (1, 2, 3))
    assert 3 * singles + 3 * pairs + all_three == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.parametrize("name", FULL_SIZE)
def test_full_size_models_predict_learn_and_survive_a_file(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = build(name, TargetKind.MULTILABEL, 7)
    assert isinstance(network, Fusion)
    batch = batch_of(network, np.array([0, 1]))
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
    kernel = next(p for p in network.encoders["patch"].parameters() if p.ndim == 4)
    before = kernel.detach().clone()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(network(batch), batch["labels"])
    loss.backward()
    optimizer.step()
    assert torch.isfinite(loss)
    assert not torch.equal(kernel, before)
    network.eval()
    expected = network.predict(batch)
    del optimizer
    path = tmp_path / "weights.safetensors"
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, path)
    torch.manual_seed(1)
    again = build(name, TargetKind.MULTILABEL, 7)
    assert isinstance(again, Fusion)
    again.load_state_dict(load_file(path))
    torch.testing.assert_close(again.eval().predict(batch), expected)


def test_full_size_models_see_image_series_and_environment() -> None:
    assert len(FULL_SIZE) == 4
    assert all(set(REGISTRY[name].inputs) == {"patch", "landsat", "climate", "environment"} for name in FULL_SIZE)
