"""What cannot be trained, and trainings that cannot go on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.errors import RunError, SdmError, TrainingError, UnknownNameError
from sdm.models.preparation import Batch
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from sdm.training.trainer import Step, Trainer
from tests.datasets import DATASETS, multilabel
from tests.training.small import CPU, small


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
