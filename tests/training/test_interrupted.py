"""Interrupted trainings, stopped or killed, end with the weights of uninterrupted ones."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from sdm.data.dataset import ArrayReader
from sdm.errors import RunError, TrainingError
from sdm.models.preparation import Batch
from sdm.runs import Run
from sdm.training import Runtime, train
from sdm.training.trainer import Step, Trainer
from tests.datasets import multilabel
from tests.training.small import CPU, small

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import os, signal, sys
from pathlib import Path
import sdm.inference.loaded_model
from sdm.training import Runtime, train
from tests.datasets import multilabel
from tests.training.small import small
if {'timm', 'torchvision'} & sys.modules.keys():
    sys.exit("timm is imported before it is needed")
def progress(p):
    if p.done == 5 and p.validation is None: os.kill(os.getpid(), signal.SIGKILL)
train(multilabel(), Path(sys.argv[1]), small("landsat-lstm", epochs=4, weights="float32"),
      Runtime("cpu", progress, save_seconds=0))
"""


def landsat_plus_one() -> dict[str, np.ndarray]:
    data = multilabel()
    arrays = {name: data.reader.read(name, np.arange(len(data))) for name in data.modalities}
    return arrays | {"landsat": arrays["landsat"] + 1}


@pytest.mark.process
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
    other = dataclasses.replace(multilabel(), reader=ArrayReader(landsat_plus_one()))
    with pytest.raises(TrainingError, match="data: other values of Landsat"):
        train(other, killed, config, CPU)
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
@pytest.mark.usefixtures("narrow_resnets")
def test_a_stopped_training_goes_on_to_the_same_weights(model: str, stop_at: int, tmp_path: Path) -> None:
    """Stopped in the middle of an epoch, at its end, and at the end of all."""
    config = small(model, epochs=2, batch_size=4, weights="float32", augment=True)
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
