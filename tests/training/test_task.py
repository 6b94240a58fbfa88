"""Surveys, learning rate and the best epoch of a training."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import TargetKind
from sdm.errors import TrainingError
from sdm.runs import TrainingOptions
from sdm.runs.training_options import recipe
from sdm.training import train
from sdm.training.task import make_task
from sdm.training.trainer import learning_rate
from sdm.training.validation import better
from tests.datasets import DATASETS
from tests.training.small import CPU


def test_learning_rate_rises_then_falls() -> None:
    config = TrainingOptions("landsat-mlp", lr=1.0, warmup=0.1)
    rates = [learning_rate(config, step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([0.1 * i for i in range(1, 11)])
    assert rates[10] == 1
    assert rates[55] == pytest.approx(0.5)
    assert rates == rates[:10] + sorted(rates[10:], reverse=True)
    assert rates[-1] > 0
    longer = TrainingOptions("landsat-mlp", lr=1.0, warmup=0, epochs=10, cosine_epochs=25)
    assert learning_rate(longer, 50, 100) == pytest.approx(0.5 * (1 + math.cos(math.pi * 5 / 25)))
    constant = TrainingOptions("landsat-mlp", lr=1.0, warmup=0, schedule="constant")
    assert {learning_rate(constant, step, 10) for step in range(10)} == {1.0}


def test_better_knows_which_way_is_up() -> None:
    assert better(0.3, 0.2, TargetKind.MULTILABEL)
    assert better(0.1, 0.2, TargetKind.REGRESSION)
    assert better(float("nan"), None, TargetKind.MULTILABEL)
    assert not better(float("nan"), 0.2, TargetKind.MULTILABEL)


@pytest.mark.parametrize("view", ["", "single-label"])
def test_a_training_on_fewer_surveys_draws_them_by_the_seed(view: str) -> None:
    data = DATASETS["multilabel"]()
    whole, few = (
        make_task(data, TrainingOptions("landsat-mlp", view=view, surveys=surveys, seed=3)) for surveys in (0, 4)
    )
    assert len(few.seen) == 4
    assert set(few.seen) < set(whole.seen)
    drawn = set(data.sites["survey_id"].iloc[few.seen])
    assert set(few.dataset.sites["survey_id"].iloc[few.train]) <= drawn  # without species: no row
    assert len(few.train) < len(whole.train)
    np.testing.assert_array_equal(few.selection, whole.selection)
    again = make_task(data, TrainingOptions("landsat-mlp", view=view, surveys=4, seed=3))
    np.testing.assert_array_equal(few.train, again.train)
    assert len(make_task(data, TrainingOptions("landsat-mlp", view=view, surveys=999)).seen) == len(whole.seen)


def test_a_training_on_rasters_stores_what_it_reads(tmp_path: Path) -> None:
    data = DATASETS["multiclass"]("pixel-B2-B3-B4", "pixel-B8-VV")
    first = train(data, tmp_path / "first", recipe("pixel-mlp", epochs=2), CPU)
    assert dict(first.card.inputs) == {"pixel-B2-B3-B4": "standardise-pixel"}
    assert first.config.training.model_config["modality"] == "pixel-B2-B3-B4"
    assert "pixel-B2-B3-B4" in first.card.reproduce
    changes = {"modality": "pixel-B8-VV", "preparation": "standardise", "hidden": [8]}
    asked = train(data, tmp_path / "asked", recipe("pixel-mlp", epochs=2, model_config=changes), CPU)
    assert dict(asked.card.inputs) == {"pixel-B8-VV": "standardise"}
    with pytest.raises(TrainingError, match="pixel-mlp needs pixel-"):
        make_task(DATASETS["multiclass"](), recipe("pixel-mlp"))
