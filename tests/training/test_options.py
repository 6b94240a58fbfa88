"""Options change what is learnt as they say, and survive an interruption."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from sdm.runs import Run
from sdm.training import Runtime, train
from tests.datasets import DATASETS, multilabel
from tests.training.small import CPU, small

REMEDIES = [
    {"soft_labels": "10"}, {"group": 0}, {"target": "graded"},
    {"mixup": 1.0}, {"shift_years": 5}, {"repeat_rare": 0.3}, {"accumulate": 3},
    {"loss": "focal"}, {"loss": "asymmetric"}, {"loss": "class-balanced"},
]  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(
        multilabel(), tmp_path_factory.mktemp("plain") / "run", small("landsat-mlp", weights="float32"), CPU
    )


@pytest.mark.parametrize("changes", REMEDIES, ids=str)
def test_each_setting_changes_what_is_learnt_and_can_be_resumed(
    changes: dict[str, object], plain: Run, tmp_path: Path
) -> None:
    config = small("landsat-mlp", weights="float32", **changes)
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


def test_mixed_precision_on_the_cpu(tmp_path: Path) -> None:
    run = train(multilabel(), tmp_path / "run", small("landsat-mlp", precision="bf16"), CPU)
    assert np.isfinite(run.history()["train_loss"]).all()
    again = train(multilabel(), tmp_path / "again", small("landsat-mlp"), CPU)
    assert again.card.weights.sha256 != run.card.weights.sha256
