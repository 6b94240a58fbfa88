"""A species of a data set with rasters, and a run chosen by folds of its records."""

from __future__ import annotations

import pytest

from sdm.data.dataset import Dataset
from sdm.exports.subject import Subject, subject_of
from sdm.runs import Run
from sdm.training.model_choice import ChoiceOptions, choose_model
from tests.inference.gridded import gridded


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return gridded(tmp_path_factory.mktemp("exported") / "wet")


@pytest.fixture(scope="session")
def run(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    options = ChoiceOptions(("balanced-forest",), 2, 0, {"balanced-forest": {"trees": 5}})
    return choose_model(data, tmp_path_factory.mktemp("runs") / "forest", options)


@pytest.fixture
def subject(data: Dataset, run: Run) -> Subject:
    return subject_of(data, run, "planta C")
