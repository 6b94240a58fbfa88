"""What each input adds, asked of the service: the exact Shapley values of the model itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
import torch

from sdm.data.survey import dossier
from sdm.errors import ServiceError
from sdm.evaluation.run_model import open_model
from sdm.inference.answers import request_of
from sdm.inference.attribution import attribute
from sdm.inference.loaded_model import load_model
from sdm.inference.service import InferenceService
from sdm.inference.shapley import coalitions, shapley_values
from sdm.models.preparation import Batch, read_batch
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import SPECIES, multilabel

INPUTS = ("environment", "landsat")
WHOLE, WITHOUT_FILES = 5, 3  # rows


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    config = {"encoders": ["environment-mlp", "landsat-transformer"], "hidden": 16}
    path = tmp_path_factory.mktemp("runs") / "fusion"
    train(multilabel(), path, TrainingOptions("fusion-series", config, epochs=1), Runtime(device="cpu"))
    return Run.open(path)


@pytest.fixture
def service(run: Run) -> Iterator[InferenceService]:
    made = InferenceService(lambda _: load_model(run.path))
    yield made
    made.close()


def without(batch: Batch, absent: np.ndarray) -> Batch:
    """`batch` without those of INPUTS that are `absent`, bool (2,)."""
    gone = {key for name in np.array(INPUTS)[absent] for key in (name, f"{name}_valid")}
    return {key: torch.zeros_like(values) if key in gone else values for key, values in batch.items()}


def test_they_are_the_shapley_values_of_the_model(run: Run, service: InferenceService) -> None:
    data = multilabel()
    found = attribute(partial(service.submit, "fusion"), request_of(dossier(data, WHOLE)), INPUTS)
    predictor = open_model(run)
    batch = read_batch(data, np.array([WHOLE]), predictor.inputs, run.card.statistics, targets=False)
    worth = np.stack([predictor.predict(without(batch, absent)).numpy()[0] for absent in ~coalitions(2)])
    for name, value in zip(INPUTS, shapley_values(worth), strict=True):
        np.testing.assert_allclose(found.added[name], value, atol=1e-6)
    np.testing.assert_allclose(found.without, worth[0], atol=1e-6)
    np.testing.assert_allclose(found.without + sum(found.added.values()), found.whole, atol=1e-12)


def test_before_looking_it_says_what_it_usually_says(service: InferenceService) -> None:
    request, usual = request_of(dossier(multilabel(), WHOLE)), np.linspace(0, 1, SPECIES)
    asked = attribute(partial(service.submit, "fusion"), request, INPUTS)
    found = attribute(partial(service.submit, "fusion"), request, INPUTS, usual)
    np.testing.assert_allclose(found.without, usual, atol=1e-7)
    np.testing.assert_allclose(found.whole, asked.whole, atol=1e-6)
    np.testing.assert_allclose(found.without + sum(found.added.values()), found.whole, atol=1e-12)
    np.testing.assert_allclose(
        found.added["landsat"] - found.added["environment"],
        asked.added["landsat"] - asked.added["environment"],
        atol=1e-6,
    )


def test_what_is_missing_adds_nothing(service: InferenceService) -> None:
    request = request_of(dossier(multilabel(), WHOLE))
    arrays = {name: array for name, array in request.arrays.items() if name != "landsat"}
    found = attribute(partial(service.submit, "fusion"), type(request)(request.site, arrays), INPUTS)
    assert found.missing == ("landsat",)
    assert not found.added["landsat"].any()
    np.testing.assert_allclose(found.without + found.added["environment"], found.whole)
    bare = attribute(partial(service.submit, "fusion"), request_of(dossier(multilabel(), WITHOUT_FILES)), INPUTS)
    assert not any(value.any() for value in bare.added.values())


def test_a_service_that_is_closed_says_so(service: InferenceService) -> None:
    service.close()
    with pytest.raises(ServiceError):
        attribute(partial(service.submit, "fusion"), request_of(dossier(multilabel(), WHOLE)), INPUTS)
