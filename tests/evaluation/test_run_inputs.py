"""What of a run's inputs the surveys to predict have."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from sdm.errors import RunError
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.run_inputs import prediction_coverage, sees_place
from sdm.runs import Run
from tests.datasets import multilabel, with_inputs

TESTS = np.arange(15, 20)


def test_nothing_is_predicted_from_nothing(network_run: Run) -> None:
    data = with_inputs(multilabel(), "landsat", np.zeros(20, bool))
    with pytest.raises(RunError, match=r"no survey of test has any input of network; expected landsat.*Download"):
        prediction_coverage(network_run, data, TESTS, "test")


def test_surveys_without_input_are_named(network_run: Run) -> None:
    data = with_inputs(multilabel(), "landsat", np.arange(20) == 16)
    coverage = prediction_coverage(network_run, data, TESTS, "test")
    assert coverage.without.tolist() == [115, 117, 118, 119]
    assert len(coverage.warnings()) == 1
    assert not prediction_coverage(network_run, multilabel(), TESTS, "test").warnings()


def test_a_model_of_the_place_needs_no_input(finished: dict[str, Path]) -> None:
    data = with_inputs(multilabel(), "landsat", np.zeros(20, bool))
    nearest = Run.open(finished["nearest-surveys"])
    assert sees_place(nearest)
    assert not prediction_coverage(nearest, data, TESTS, "test").without.size


def test_an_ensemble_with_one_answers_too(finished: dict[str, Path], tmp_path: Path) -> None:
    for name, path in finished.items():
        shutil.copytree(path, tmp_path / name)
    runs = [Run.open(tmp_path / name) for name in finished]
    both = make_ensemble(tmp_path / "both", runs, [0.5, 0.5], multilabel())
    data = with_inputs(multilabel(), "landsat", np.zeros(20, bool))
    assert prediction_coverage(both, data, TESTS, "test").empty
