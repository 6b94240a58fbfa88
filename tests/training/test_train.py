"""Training on the three fixtures: finished runs, interruptions, and what cannot go on."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file

from sdm.data.dataset import Dataset
from sdm.errors import RunError, SdmError, TrainingError, UnknownNameError
from sdm.evaluation.evaluate import evaluate
from sdm.evaluation.metrics import HEADLINE
from sdm.evaluation.run_model import open_model
from sdm.models.encoders.backbones import CONVNEXT_ATTO
from sdm.models.encoders.patch import PatchBackbone
from sdm.models.preparation import Batch
from sdm.models.registry import REGISTRY
from sdm.runs import Run, TrainingOptions
from sdm.runs.training_options import recipe
from sdm.training import Runtime, TrainingProgress, train
from sdm.training.trainer import Step, Trainer
from tests.datasets import DATASETS, multilabel

ROOT = Path(__file__).resolve().parents[2]
CPU = Runtime(device="cpu")
SMALL = {"landsat-cnn": {"channels": [4, 8], "hidden": 16}, "landsat-mlp": {"hidden": [32, 16]},
         "landsat-lstm": {"hidden": 8}}  # fmt: skip


def small(model: str, **changes: object) -> TrainingOptions:
    """Settings for a few seconds on twenty surveys."""
    settings = {"epochs": 2, "batch_size": 4, "model_config": SMALL.get(model, {})}
    return recipe(model, **(settings | changes))


# One kind is enough for the slower ones; the contract covers the others.
EVERY = [
    (model, kind) for model, card in REGISTRY.items() if not card.full_size
    for kind in (DATASETS if card.parameters < 2e6 else ["multilabel"])
]  # fmt: skip


@pytest.mark.parametrize(("model", "kind"), EVERY)
def test_every_model_finishes_on_every_kind(model: str, kind: str, tmp_path: Path) -> None:
    dataset = DATASETS[kind]()
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
    assert [p.step for p in heard if p.validation is None] == [1, 2, 3, 4, 5, 6]
    assert [p.epoch for p in heard if p.validation is not None] == [1, 2]


def test_it_learns(tmp_path: Path) -> None:
    """The fixture's signal is in every modality: a few epochs beat the country baseline."""
    dataset = multilabel()
    learnt = train(dataset, tmp_path / "mlp", small("landsat-mlp", epochs=30, lr=3e-3), CPU)
    assert learnt.card.scores["validation"]["samples-f1"].value > 0.9
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
    assert run.card.scores["validation"]["samples-f1"].value == pytest.approx(best, abs=1e-3)


def test_augmented_and_ahead_of_time_is_reproducible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs that do not fit the memory budget are read per batch, with the same result."""
    config = small("resnet18-patch", epochs=1, batch_size=6, weights="float32")
    kept = train(multilabel(), tmp_path / "kept", config, CPU)
    monkeypatch.setattr("sdm.training.batch_loader.CACHE_BYTES", 0)
    monkeypatch.setattr("sdm.training.batch_loader.BatchLoader.cache.__defaults__", (0,))
    read = train(multilabel(), tmp_path / "read", config, CPU)
    assert kept.card.weights.sha256 == read.card.weights.sha256


SCRIPT = """
import os, signal, sys
from pathlib import Path
from sdm.training import Runtime, train
from tests.datasets import multilabel
from tests.training.test_train import small
def progress(p):
    if p.done == 5 and p.validation is None: os.kill(os.getpid(), signal.SIGKILL)
train(multilabel(), Path(sys.argv[1]), small("landsat-lstm", epochs=4, weights="float32"),
      Runtime("cpu", progress, save_seconds=0))
"""


def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    """Killed after step 5, in the second epoch; its state is of step 4, so the log is cut back."""
    config = small("landsat-lstm", epochs=4, weights="float32")
    whole = train(multilabel(), tmp_path / "whole", config, CPU)
    killed = tmp_path / "killed"
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(killed)], cwd=ROOT, check=False)
    assert done.returncode == -9
    interrupted = Run.open(killed)
    assert not interrupted.finished
    assert interrupted.batches()["step"].tolist() == [1, 2, 3, 4, 5]
    with pytest.raises(RunError, match="not finished"):
        _ = interrupted.card
    with pytest.raises(TrainingError, match="lr: "):
        train(multilabel(), killed, dataclasses.replace(config, lr=0.5), CPU)
    steps: list[int] = []
    resumed = train(multilabel(), killed, config, Runtime("cpu", lambda p: steps.append(p.done)))
    assert steps[0] == 5
    assert (resumed.path / "weights.safetensors").read_bytes() == (whole.path / "weights.safetensors").read_bytes()
    assert resumed.batches()["loss"].tolist() == whole.batches()["loss"].tolist()
    columns = ["epoch", "step", "train_loss", "validation_loss", "samples-f1"]
    assert resumed.history()[columns].equals(whole.history()[columns])


@pytest.mark.parametrize(
    ("model", "stop_at"),
    [*(("landsat-mlp", step) for step in (1, 3, 4, 6)), ("landsat-cnn", 2), ("resnet18-patch", 2)],
)
def test_a_stopped_training_goes_on_to_the_same_weights(model: str, stop_at: int, tmp_path: Path) -> None:
    """Stopped in the middle of an epoch, at its end, and at the end of all."""
    config = small(model, weights="float32", augment=True)
    whole = train(multilabel(), tmp_path / "whole", config, CPU)
    calls = iter(range(1, 100))
    stopped = train(
        multilabel(), tmp_path / "run", config, Runtime("cpu", should_stop=lambda: next(calls) == stop_at)
    )
    assert not stopped.finished
    assert len(stopped.batches()) == stop_at
    resumed = train(multilabel(), tmp_path / "run", config, CPU)
    assert resumed.card.weights.sha256 == whole.card.weights.sha256
    assert len(resumed.history()) == 2


def test_a_finished_run_is_not_overwritten(tmp_path: Path) -> None:
    train(multilabel(), tmp_path / "run", small("country-frequency"), CPU)
    with pytest.raises(TrainingError, match="finished run"):
        train(multilabel(), tmp_path / "run", small("country-frequency"), CPU)


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    config = small("landsat-mlp", epochs=40)
    dataset = DATASETS["regression"]()
    huge = dataclasses.replace(dataset.targets, values=np.full(20, 1e30, np.float32))
    bad = dataclasses.replace(dataset, targets=huge)
    with pytest.raises(TrainingError, match=r"the loss is (nan|inf) at step \d+.*lower --lr"):
        train(bad, tmp_path / "run", config, CPU)
    assert not Run.open(tmp_path / "run").finished
    assert not np.isfinite(Run.open(tmp_path / "run").batches()["loss"].iloc[-1])


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"lr": 0.0}, TrainingError, "lr is out of range"),
        ({"epochs": 0}, TrainingError, "greater than or equal to 1"),
        ({"epochs": "3"}, TrainingError, "epochs has a wrong value"),
        ({"lr": float("nan")}, TrainingError, "lr has a wrong value"),
        ({"optimizer": "sgd"}, TrainingError, "'adamw' or 'adam'"),
        ({"learning_rate": 1}, TrainingError, "unknown keys.*batch_size"),
        ({"loss": "dice"}, UnknownNameError, "weighted-bce"),
        ({"mixup": 1.5}, TrainingError, "mixup is out of range"),
        ({"shift_years": 21}, TrainingError, "shift_years is out of range"),
        ({"repeat_rare": 1.0}, TrainingError, "repeat_rare is out of range"),
        ({"accumulate": 0}, TrainingError, "accumulate is out of range"),
        ({"loss": "mse"}, TrainingError, "not for multilabel"),
        ({"scheme": "moon"}, UnknownNameError, "block, random"),
        ({"view": "po"}, UnknownNameError, "single-label"),
        ({"model_config": {"hiden": 3}}, RunError, "unknown keys.*hidden"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_written(
    changes: dict[str, object], error: type[SdmError], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        train(multilabel(), tmp_path / "run", small("landsat-mlp", **changes), CPU)
    assert not (tmp_path / "run").exists()


def test_what_the_model_needs_must_be_there(tmp_path: Path) -> None:
    def without(**changes: object) -> Dataset:
        return dataclasses.replace(multilabel(), **changes)

    with pytest.raises(TrainingError, match="landsat-mlp needs landsat"):
        train(without(modalities=("patch",)), tmp_path / "run", small("landsat-mlp"), CPU)
    unknown = dataclasses.replace(multilabel().targets, known=np.zeros(20, bool))
    with pytest.raises(TrainingError, match="no target of split 'train' is known"):
        train(without(targets=unknown), tmp_path / "run", small("landsat-mlp"), CPU)
    with pytest.raises(UnknownNameError, match="landsat-cnn"):
        train(multilabel(), tmp_path / "run", TrainingOptions("resnet"), CPU)
    with pytest.raises(TrainingError, match="expected auto"):
        train(multilabel(), tmp_path / "run", small("landsat-mlp"), Runtime("tpu"))


def test_a_batch_that_is_not_finite_ends_the_training_with_good_weights(tmp_path: Path) -> None:
    dataset = DATASETS["regression"]()
    values = np.arange(20, dtype=np.float32)
    values[4] = np.nan
    bad = dataclasses.replace(dataset, targets=dataclasses.replace(dataset.targets, values=values))
    with pytest.raises(TrainingError, match=r"labels of survey 104 is not finite at step \d+"):
        train(bad, tmp_path / "run", small("landsat-mlp"), CPU)


def test_the_weights_before_a_bad_step_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss turns to NaN at step 5, in the second epoch; the state kept is that after step 4."""
    config = small("landsat-mlp", epochs=3, weights="float32")
    calls = iter(range(1, 100))
    stopped = train(multilabel(), tmp_path / "whole", config, Runtime("cpu", should_stop=lambda: next(calls) == 4))
    steps = iter(range(1, 100))
    real = Trainer.step

    def poisoned(self: Trainer, batch: Batch, rate: float, factor: float, stop: bool) -> Step:
        if next(steps) == 5:
            batch = batch | {"landsat": batch["landsat"] * float("nan")}
        return real(self, batch, rate, factor, stop)

    monkeypatch.setattr(Trainer, "step", poisoned)
    with pytest.raises(TrainingError, match=r"the loss is nan at step 5.*weights before that step are kept"):
        train(multilabel(), tmp_path / "run", config, CPU)
    kept, expected = (load_file(path / "resume.safetensors") for path in (tmp_path / "run", stopped.path))
    assert all(np.array_equal(kept[name], expected[name]) for name in expected)
    assert (tmp_path / "run" / "weights.safetensors").exists()
    assert Run.open(tmp_path / "run").batches()["step"].tolist() == [1, 2, 3, 4, 5]


def test_a_diverging_training_stops_and_says_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses rise by a tenth a step; interrupted on the way, the watch remembers where they began."""
    losses = (1.1**step for step in range(100))
    real = Trainer.step

    def rising(self: Trainer, batch: Batch, rate: float, factor: float, stop: bool) -> Step:
        return dataclasses.replace(real(self, batch, rate, factor, stop), loss=next(losses))

    monkeypatch.setattr(Trainer, "step", rising)
    config = small("landsat-mlp", epochs=60)
    calls = iter(range(1, 100))
    around = Runtime("cpu", should_stop=lambda: next(calls) == 22)
    assert not train(multilabel(), tmp_path / "run", config, around).finished
    with pytest.raises(TrainingError, match=r"the loss diverges: up to step 40 .*The weights of epoch \d+"):
        train(multilabel(), tmp_path / "run", config, CPU)
    assert (tmp_path / "run" / "weights.safetensors").exists()


REMEDIES = [
    {"mixup": 1.0}, {"shift_years": 5}, {"repeat_rare": 0.3}, {"accumulate": 3},
    {"loss": "focal"}, {"loss": "asymmetric"}, {"loss": "class-balanced"},
]  # fmt: skip


@pytest.mark.parametrize("changes", REMEDIES, ids=str)
def test_each_setting_changes_what_is_learnt_and_can_be_resumed(
    changes: dict[str, object], tmp_path: Path
) -> None:
    config = small("landsat-mlp", weights="float32", **changes)
    plain = train(multilabel(), tmp_path / "plain", small("landsat-mlp", weights="float32"), CPU)
    whole = train(multilabel(), tmp_path / "whole", config, CPU)
    assert whole.card.weights.sha256 != plain.card.weights.sha256
    calls = iter(range(1, 100))
    around = Runtime("cpu", should_stop=lambda: next(calls) == 2)
    assert not train(multilabel(), tmp_path / "run", config, around).finished
    resumed = train(multilabel(), tmp_path / "run", config, CPU)
    assert resumed.card.weights.sha256 == whole.card.weights.sha256
    name = next(iter(changes)).replace("_", "-")
    assert f"--{name} {next(iter(changes.values()))}" in resumed.card.reproduce


def test_repeated_surveys_lengthen_the_epoch(tmp_path: Path) -> None:
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp", repeat_rare=0.9, batch_size=1), CPU)
    history = run.history()
    assert history["step"].iloc[0] > 11  # known training surveys
    losses = run.batches()["loss"].to_numpy()
    assert history["train_loss"].iloc[0] == pytest.approx(losses[: history["step"].iloc[0]].mean())


def test_accumulated_parts_learn_what_whole_batches_do(tmp_path: Path) -> None:
    """For a network without batch normalisation or dropout; uneven parts are weighed."""
    runs = [
        train(multilabel(), tmp_path / str(parts), small("landsat-mlp", weights="float32", accumulate=parts), CPU)
        for parts in (1, 3, 4)
    ]
    whole, *others = (load_file(run.path / "weights.safetensors") for run in runs)
    for other in others:
        for name, value in whole.items():
            np.testing.assert_allclose(other[name], value, atol=1e-5)


@pytest.mark.parametrize("kind", DATASETS)
def test_mixup_on_every_kind(kind: str, tmp_path: Path) -> None:
    run = train(DATASETS[kind](), tmp_path / "run", small("environment-mlp", mixup=0.8, shift_years=3), CPU)
    assert np.isfinite(run.history()["train_loss"]).all()


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

    monkeypatch.setattr(sys.modules["sdm.training.train"], "from_hub", reached)
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


def test_mixed_precision_on_the_cpu(tmp_path: Path) -> None:
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp", precision="bf16"), CPU)
    assert np.isfinite(run.history()["train_loss"]).all()
    again = train(multilabel(), tmp_path / "again", small("landsat-mlp"), CPU)
    assert again.card.weights.sha256 != run.card.weights.sha256


TWO = """
import sys
from pathlib import Path
import tests.training.test_train as t
from sdm.training import train
train(t.multilabel(), Path(sys.argv[1]), t.small("landsat-mlp", epochs=3, batch_size=4, weights="float32"), t.CPU)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under torchrun")
def test_two_processes_learn_what_one_does(tmp_path: Path) -> None:
    """The last batch holds three of the eleven surveys: the shares are uneven and must be weighed."""
    config = small("landsat-mlp", epochs=3, batch_size=4, weights="float32")
    one = train(multilabel(), tmp_path / "one", config, CPU)
    script = tmp_path / "two.py"
    script.write_text(TWO)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, str(tmp_path / "two")], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    two = Run.open(tmp_path / "two")
    ours, theirs = (load_file(run.path / "weights.safetensors") for run in (one, two))
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, atol=1e-5)
    np.testing.assert_allclose(two.history()["train_loss"], one.history()["train_loss"], atol=1e-5)
    np.testing.assert_allclose(two.history()["validation_loss"], one.history()["validation_loss"], atol=1e-5)
