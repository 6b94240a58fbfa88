"""Runs of which ensembles are made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.datasets import multilabel
from tests.evaluation.members import MODELS


@pytest.fixture(scope="session")
def members_trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs, not to be written to."""
    home = tmp_path_factory.mktemp("members")
    for name, settings in MODELS.items():
        train(multilabel(), home / name, recipe(**settings), Runtime("cpu"))
    return home


@pytest.fixture
def home(members_trained: Path, tmp_path: Path) -> Path:
    """A copy of the runs."""
    return Path(shutil.copytree(members_trained, tmp_path / "runs"))
