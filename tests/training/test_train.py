"""Training on the three fixtures: finished runs and what is in them."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from sdm.errors import RunError, TrainingError, UnknownNameError
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.metrics import HEADLINE
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import open_model
from sdm.models.encoders.backbones import CONVNEXT_ATTO
from sdm.models.encoders.patch import PatchBackbone
from sdm.models.registry import REGISTRY
from sdm.training import Runtime, TrainingProgress, train
from tests.datasets import DATASETS, for_model, multilabel
from tests.training.small import CPU, small

# One kind is enough for the slower ones; the contract covers the others.
EVERY = [
    (model, kind) for model, card in REGISTRY.items() if not card.full_size
    for kind in (DATASETS if card.parameters < 2e6 else ["multilabel"]) if kind in (card.kinds or DATASETS)
]  # fmt: skip


@pytest.mark.usefixtures("narrow_resnets")
@pytest.mark.parametrize(("model", "kind"), EVERY)
def test_every_model_finishes_on_every_kind(model: str, kind: str, tmp_path: Path) -> None:
    if model == "maxent":
        pytest.importorskip("elapid")
    dataset = for_model(model, kind)
    run = train(dataset, tmp_path / "run", small(model), CPU)
    card = run.card
    assert run.finished
    assert not list(run.path.glob("resume*"))
    assert set(card.scores) == {"validation", "test_near", "test_far"}
    assert HEADLINE[dataset.targets.kind] in card.scores["validation"]
    assert repr(evaluate(run, dataset, "validation")) == repr(card.scores["validation"])
    assert card.class_ids == tuple(dataset.targets.class_ids)
    stored = run.predictions("test_near")
    assert stored.survey_id.tolist() == [115, 116, 117]
    assert stored.rows(np.arange(3)).shape == (3, dataset.targets.width)
    assert run.has_seen("PA-train", 100)
    assert not run.has_seen("PA-train", 111)  # its target is unknown
    assert not run.has_seen("PA-train", 112)
    assert not run.has_seen("PA-test", 100)
    assert open_model(run).width == dataset.targets.width


def test_hierarchy_is_scored_at_every_level(tmp_path: Path) -> None:
    run = train(DATASETS["multiclass"](), tmp_path / "run", small("landsat-mlp", epochs=20), CPU)
    scores = run.card.scores["validation"]
    assert scores["accuracy/main_type"].value >= scores["accuracy"].value
    assert {"macro-f1/group", "macro-f1/main_type"} <= set(scores)


def test_history_and_batches_grow_by_epoch_and_step(tmp_path: Path) -> None:
    heard: list[TrainingProgress] = []
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp"), Runtime("cpu", heard.append))
    assert run.history()["epoch"].tolist() == [1, 2]
    assert run.history()["step"].tolist() == [3, 6]
    assert run.batches()["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert list(run.batches()) == ["step", "epoch", "loss", "lr", "seconds"]
    losses = run.batches()["loss"].to_numpy()
    # Eleven known surveys in batches of four: the last one counts for three.
    assert run.history()["train_loss"].iloc[0] == pytest.approx(
        (4 * losses[0] + 4 * losses[1] + 3 * losses[2]) / 11
    )
    assert [p.done for p in heard if p.validation is None] == [1, 2, 3, 4, 5, 6]
    assert [p.epoch for p in heard if p.validation is not None] == [1, 2]


def test_it_learns(tmp_path: Path) -> None:
    """The fixture's signal is in every modality: a few epochs beat the country baseline."""
    dataset = multilabel()
    learnt = train(dataset, tmp_path / "mlp", small("landsat-mlp", epochs=30, lr=3e-3), CPU)
    assert learnt.card.scores["validation"]["samples-f1"].value > 0.85
    history = learnt.history()
    assert history["train_loss"].iloc[-1] < 0.6 * history["train_loss"].iloc[0]


def test_equal_settings_give_equal_weights_and_other_seeds_others(tmp_path: Path) -> None:
    runs = [
        train(multilabel(), tmp_path / name, small("landsat-mlp", seed=seed), CPU)
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    ]
    a, b, c = (run.card.weights.sha256 for run in runs)
    assert a == b != c


def test_single_label_view_learns_one_species_per_row(tmp_path: Path) -> None:
    dataset = multilabel()
    run = train(dataset, tmp_path / "run", small("landsat-lstm", view="single-label"), CPU)
    card = run.card
    assert card.kind == "multiclass"
    pairs = dataset.targets.values[dataset.rows("validation")].nnz
    assert card.scores["validation"]["accuracy"].defined == pairs
    assert card.splits["validation"] == pairs
    stored = run.predictions("validation")
    assert len(stored) == 3  # one per survey, however many species it has
    np.testing.assert_allclose(stored.rows(np.arange(3)).sum(axis=1), 1, atol=2e-3)
    assert repr(evaluate(run, dataset, "validation")) == repr(card.scores["validation"])
    with pytest.raises(RunError, match="multilabel"):
        evaluate(run, DATASETS["multiclass"](), "validation")


def test_patience_ends_a_training_that_no_longer_improves(tmp_path: Path) -> None:
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp", epochs=50, lr=1e-7, patience=2), CPU)
    assert run.card.epochs < 50
    assert run.card.best_epoch == run.card.epochs - 2


def test_the_best_epoch_is_kept(tmp_path: Path) -> None:
    settings = {"epochs": 12, "lr": 0.02, "schedule": "constant", "weights": "float32"}
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp", **settings), CPU)
    history = run.history()
    best = history["samples-f1"].max()
    assert run.card.best_epoch == history.loc[history["samples-f1"].idxmax(), "epoch"]
    assert run.card.scores["validation"]["samples-f1"].value == pytest.approx(best, abs=0.05)  # held out


@pytest.mark.usefixtures("narrow_resnets")
def test_augmented_and_ahead_of_time_is_reproducible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs that do not fit the memory budget are read per batch, with the same result."""
    config = small("resnet18-patch", epochs=1, batch_size=6, weights="float32")
    kept = train(multilabel(), tmp_path / "kept", config, CPU)
    monkeypatch.setattr("sdm.training.batch_loader.CACHE_BYTES", 0)
    monkeypatch.setattr("sdm.training.batch_loader.BatchLoader.cache.__defaults__", (0,))
    read = train(multilabel(), tmp_path / "read", config, CPU)
    assert kept.card.weights.sha256 == read.card.weights.sha256


def test_fusion_trains_on_what_there_is_and_predicts_on_less(tmp_path: Path) -> None:
    config = small("fusion-series", model_config={"encoders": ["landsat-transformer", "environment-mlp"]})
    dataset = multilabel()
    run = train(dataclasses.replace(dataset, modalities=("landsat", "environment")), tmp_path / "run", config, CPU)
    assert set(run.card.inputs) == {"landsat", "environment"}
    less = dataclasses.replace(dataset, modalities=("environment",))
    assert np.isfinite(evaluate(run, less, "validation")["samples-f1"].value)
    with pytest.raises(RunError, match="needs landsat, environment"):
        evaluate(run, dataclasses.replace(dataset, modalities=("patch",)), "validation")
    with pytest.raises(TrainingError, match="needs landsat, climate"):
        train(less, tmp_path / "other", small("fusion-series", model_config={}), CPU)


def test_initial_weights_of_a_hub_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(3)
    path = tmp_path / "model.safetensors"
    backbone = PatchBackbone(CONVNEXT_ATTO).network.state_dict()
    backbone["stem.0.weight"] = backbone["stem.0.weight"][:, :3]
    save_file({name: value.contiguous() for name, value in backbone.items()}, path)
    asked: list[str] = []

    def reached(repository: str) -> Path | None:
        asked.append(repository)
        return path if len(asked) == 1 else None

    monkeypatch.setattr(sys.modules["sdm.training.starting_weights"], "from_hub", reached)
    config = small("patch-convnext-atto", epochs=1)
    found = train(multilabel(), tmp_path / "found", config, CPU, "hub")
    assert asked == ["timm/convnext_atto.d2_in1k"]
    assert found.card.initial_weights.startswith("hub timm/convnext_atto.d2_in1k sha256:")
    assert "--initial-weights hub" in found.card.reproduce
    alone = train(multilabel(), tmp_path / "alone", config, CPU, "hub")
    assert alone.card.initial_weights == "random"
    assert alone.card.weights.sha256 != found.card.weights.sha256
    with pytest.raises(TrainingError, match="no image network"):
        train(multilabel(), tmp_path / "other", small("landsat-mlp"), CPU, path)


def test_a_run_at_a_coarser_level_is_measured_there(tmp_path: Path) -> None:
    dataset = DATASETS["multiclass"]("pixel-B2-B3-B4")
    config = small("pixel-mlp", view="level:main_type", epochs=4)
    run = train(dataset, tmp_path / "run", config, CPU)
    card = run.card
    assert card.class_names == ("T4", "V1") and card.view == "level:main_type"
    assert repr(evaluate(run, dataset, "validation")) == repr(card.scores["validation"])
    assert "macro-f1/group" in card.scores["validation"] and "macro-f1/main_type" not in card.scores["validation"]
    assert repr(remeasure(run, dataset, ["test_near"]).card.scores["test_near"]) == repr(card.scores["test_near"])
    assert recall(run, dataset, np.array([15, 16]), ["test_near"]).targets.classes["name"].tolist() == ["T4", "V1"]
    other = dataclasses.replace(dataset, targets=dataclasses.replace(dataset.targets, hierarchy=("name",)))
    with pytest.raises(RunError, match="level main_type"):
        evaluate(run, other, "validation")


def test_a_decoder_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp", decoder="top-k:2"), CPU)
    assert run.card.decoder == "top-k:2"
    classes = train(DATASETS["multiclass"](), tmp_path / "classes", small("landsat-mlp", decoder="top-k:2"), CPU)
    assert classes.card.decoder is None


def test_an_unknown_decoder_is_told_before_the_training(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown decoder"):
        train(multilabel(), tmp_path / "run", small("landsat-mlp", decoder="bottom-k"), CPU)
    assert not (tmp_path / "run").exists()
