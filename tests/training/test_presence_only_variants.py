"""Variants of the work on presence-only augmentation are trained by the names of their settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.runs import Run
from sdm.runs.published_settings import published_settings
from sdm.training import train
from tests.datasets import for_model
from tests.training.small import CPU


@pytest.mark.usefixtures("narrow_resnets")
@pytest.mark.parametrize(("model", "name"), [("resnet18-landsat", "pa-small"), ("resnet18-whole-patch", "pa-rgb")])
def test_one_is_trained(model: str, name: str, tmp_path: Path) -> None:
    options = published_settings(model, name).options(epochs=1, model_config={})
    run = train(for_model(model, "multilabel"), tmp_path / "run", options, CPU)
    assert Run.open(run.path).finished
