"""A finished run of a network and one of a baseline, made once and copied for each test that damages them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sdm.runs import Run
from sdm.runs.configuration import recipe
from sdm.training import Runtime, train
from tests.datasets import multilabel

MODELS = ("landsat-mlp", "nearest-surveys")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Model -> folder of a finished run; not to be written to."""
    folder = tmp_path_factory.mktemp("finished")
    for model in MODELS:
        config = {"model_config": {"hidden": [16, 8]}} if model == "landsat-mlp" else {}
        train(multilabel(), folder / model, recipe(model, epochs=1, **config), Runtime("cpu"))
    return {model: folder / model for model in MODELS}


@pytest.fixture(params=MODELS)
def run(request: pytest.FixtureRequest, finished: dict[str, Path], tmp_path: Path) -> Run:
    """A copy of each run."""
    shutil.copytree(finished[request.param], tmp_path / "run")
    return Run.open(tmp_path / "run")


@pytest.fixture
def network_run(finished: dict[str, Path], tmp_path: Path) -> Run:
    """A copy of the network's run."""
    shutil.copytree(finished["landsat-mlp"], tmp_path / "network")
    return Run.open(tmp_path / "network")
