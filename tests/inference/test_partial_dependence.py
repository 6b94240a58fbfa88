"""Partial dependence: what a model answers when one predictor is another one, survey by survey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sdm.data.dataset import ArrayReader, Dataset
from sdm.errors import RunError
from sdm.evaluation.run_model import open_model
from sdm.evaluation.species.predictors import predictor_variables
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.inference.partial_dependence import ENDS, STEPS, dependences, sample, why_not
from sdm.jobs import Cancelled, no_report
from sdm.modalities import ENVIRONMENT_VARIABLES
from sdm.models.preparation import make_batch
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import ROWS, multilabel
from tests.inference.gridded import gridded, quick_run

PH = next(place for place, variable in enumerate(ENVIRONMENT_VARIABLES) if variable.name == "Soilgrid-phh2o")
ALWAYS_MISSING = 40
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return multilabel("environment", "landsat")


@pytest.fixture(scope="module")
def runs(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder, made = tmp_path_factory.mktemp("runs"), {}
    for name in ("environment-mlp", "fusion-series", "landsat-mlp", "country-frequency"):
        config = (
            {"encoders": ["environment-mlp", "landsat-statistics"], "hidden": 16}
            if name == "fusion-series"
            else {}
        )
        train(dataset, folder / name, TrainingOptions(name, epochs=1, model_config=config), Runtime(device="cpu"))
        made[name] = Run.open(folder / name)
    return made


@pytest.mark.parametrize("name", ["environment-mlp", "fusion-series"])
def test_each_answer_is_that_for_the_survey_with_another_value(
    dataset: Dataset, runs: dict[str, Run], name: str
) -> None:
    rows = np.arange(ROWS)
    found = dependences(runs[name], dataset, rows, [PH, 0], no_report)
    assert list(found) == [PH, 0]
    model = LoadedModel(open_model(runs[name]), runs[name].card.statistics)
    stored = dataset.reader.read("environment", rows)
    for place, each in found.items():
        scale = ENVIRONMENT_VARIABLES[place].scale
        known = stored[np.isfinite(stored[:, place]), place]
        assert np.allclose(each.at[[0, -1]], np.quantile(known, ENDS) * scale, rtol=1e-5)
        for step, survey in ((0, 0), (STEPS - 1, 4)):
            row = each.rows[survey]
            changed = {
                modality: dataset.reader.read(modality, np.array([row]))[0] for modality in dataset.modalities
            }
            changed["environment"][place] = each.at[step] / scale
            expected = model.predict([Request(dataset.sites.iloc[row].to_dict(), changed)], CPU)[0]
            assert np.allclose(each.predicted[step, survey], expected, atol=1e-5)


def test_surveys_without_an_environment_and_predictors_without_two_values_are_left_out(
    dataset: Dataset, runs: dict[str, Run]
) -> None:
    constant = dataset.reader.read("environment", np.arange(ROWS)).copy()
    constant[:, 0] = 7
    landsat = dataset.reader.read("landsat", np.arange(ROWS))
    changed = replace(dataset, reader=ArrayReader({"environment": constant, "landsat": landsat}))
    found = dependences(runs["environment-mlp"], changed, np.arange(ROWS), [0, ALWAYS_MISSING, PH], no_report)
    assert list(found) == [PH]
    missing = np.flatnonzero(~dataset.available("environment"))
    assert missing.size
    assert not np.isin(sample(dataset, np.arange(ROWS), "environment"), missing).any()
    assert len(sample(dataset, np.arange(ROWS), "environment", 5)) == 5


def test_curves_are_a_row_per_value_and_survey(dataset: Dataset, runs: dict[str, Run]) -> None:
    each = dependences(runs["environment-mlp"], dataset, np.arange(ROWS), [PH], no_report)[PH]
    true = np.arange(STEPS * len(each.rows), dtype=float).reshape(STEPS, -1)
    table = each.curves(2, true)
    assert len(table) == STEPS * len(each.rows)
    last = table[(table["value"] == each.at[-1]) & (table["row"] == each.rows[1])]
    assert last["predicted"].item() == pytest.approx(each.predicted[-1, 1, 2])
    assert last["true"].item() == true[-1, 1]
    assert "true" not in each.curves(2)


def test_models_without_weights_or_environment_say_why(dataset: Dataset, runs: dict[str, Run]) -> None:
    assert why_not(runs["environment-mlp"]) == ""
    assert "sees no table of predictors" in why_not(runs["landsat-mlp"])
    with pytest.raises(RunError, match="sees no table of predictors"):
        dependences(runs["country-frequency"], dataset, np.arange(ROWS), [PH], no_report)


def test_it_can_be_stopped(dataset: Dataset, runs: dict[str, Run]) -> None:
    told: list[tuple[int, int]] = []

    def unwanted(done: int, total: int, _what: str) -> None:
        told.append((done, total))
        raise Cancelled

    with pytest.raises(Cancelled):
        dependences(runs["environment-mlp"], dataset, np.arange(ROWS), [PH, 0], unwanted)
    assert told == [(1, 2 * STEPS)]


def test_predictors_of_tables_of_ones_own_change_alone(tmp_path: Path) -> None:
    data = gridded(tmp_path / "data")
    run, rows = quick_run(data, tmp_path / "run"), np.arange(len(data))
    variables = predictor_variables(data)
    assert [variable.title for variable in variables] == ["wet", "road", "soil"]
    found = dependences(run, data, rows, [0, 1], no_report)
    model, stored = open_model(run), data.reader.read(data.modalities[0], found[0].rows)
    stored[:, 0] = found[0].at[4]
    batch = make_batch(
        {data.modalities[0]: stored}, data.sites.iloc[found[0].rows], run.card.inputs, run.card.statistics
    )  # fmt: skip
    np.testing.assert_allclose(found[0].predicted[4], model.predict(batch).numpy(), rtol=1e-5)
    curve = found[0].curves(6)
    means = curve.groupby("value")["predicted"].mean()
    assert means.idxmax() > 0.5  # the seventh species wants it wet
