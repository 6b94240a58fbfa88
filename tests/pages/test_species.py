"""Species: where does it live, how well is it known?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.store import write_store
from sdm.runs import Run
from sdm.runs.training_options import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.cache import datasets
from sdm.ui.cache import species as tables
from sdm.ui.components import runs
from sdm.ui.species import grid
from tests.datasets import DATASETS, multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html, words

CLASSED = ("multilabel", "multiclass")


def linked(app: AppTest) -> str:
    """The species in the page's address."""
    value = app.query_params["species"]
    return value if isinstance(value, str) else value[0]


def charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def test_without_a_run_it_shows_records_and_says_how_to_train(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", species="42")
    assert not app.exception
    assert "Planta simulata3" in html(app)
    assert "No model is trained on this data" in words(app)
    assert charts(app) == 2  # records, responses


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("kind", CLASSED)
def test_every_kind_with_classes_has_its_page(opened: Open, stores: dict[str, Path], kind: str) -> None:
    data = DATASETS[kind]()
    app = opened(stores[kind], page="species", species=str(data.targets.class_ids[1]), run=f"{kind}-mlp")
    assert not app.exception
    assert not app.error
    assert str(data.targets.classes["name"].iloc[1]) in html(app)
    assert "Average precision" in html(app)
    assert charts(app) >= 4
    assert len(app.get("image")) > 0


@pytest.mark.usefixtures("with_runs")
def test_a_number_is_no_species(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["regression"], page="species")
    assert not app.exception
    assert "one value at each survey" in html(app)
    assert "lime 1..9" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_the_address_names_the_species_by_id(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", species="700")
    assert app.selectbox("species_box").value == 700
    app.selectbox("species_box").set_value(3).run()
    assert linked(app) == "3"
    assert "Planta simulata0" in html(app)


@pytest.mark.parametrize("species", ["-1", "12345678", "9" * 400, "<script>", "٣"])
def test_an_unknown_species_is_said(opened: Open, stores: dict[str, Path], species: str) -> None:
    app = opened(stores["multilabel"], page="species", species=species)
    assert not app.exception
    assert "has the id in the link" in app.warning[0].value
    app.selectbox("species_box").set_value(42).run()
    assert linked(app) == "42"
    assert not app.warning


@pytest.mark.usefixtures("with_runs")
def test_the_choice_of_surveys_is_a_choice(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", species="3", run="multilabel-mlp")
    assert app.selectbox("species_split_box").options == ["all tests", "test, far", "test, near", "validation"]
    assert "of 5 surveys" in html(app)
    app.selectbox("species_split_box").set_value("validation").run()
    assert not app.exception
    assert "of 3 surveys" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_a_species_without_a_validation_survey_has_no_threshold(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", species="5000", run="multilabel-mlp")
    assert not app.exception
    query = tables.SpeciesQuery(
        datasets.dataset("multilabel"), 5, runs.finished_runs()["multilabel-mlp"], ("test_near",)
    )
    assert np.isnan(tables.threshold(query)) == ("Threshold" not in html(app))


@pytest.mark.usefixtures("with_runs")
def test_predictors_can_be_chosen(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", species="42", run="multilabel-mlp")
    box = app.multiselect("predictors_box")
    box.select(next(option for option in box.options if option.startswith("elevation"))).run()
    assert not app.exception
    figure = app.get("plotly_chart")[-1].proto.spec
    assert "Elevation above the sea" in figure
    assert "Annual precipitation" not in figure


@pytest.mark.usefixtures("with_runs")
def test_a_predictor_can_change_alone(
    opened: Open, stores: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"page": "species", "species": "42", "response_view": "partial", "predictors": "Elevation"}
    app = opened(stores["multilabel"], run="multilabel-mlp", **asked)
    assert not app.exception
    assert "sees no table of predictors" in html(app)
    monkeypatch.setattr(runs, "HOMES", (tmp_path,))
    data, options = multilabel("environment", "landsat"), TrainingOptions("environment-mlp", epochs=1)
    train(data, tmp_path / "environment-mlp", options, Runtime(device="cpu"))
    app = opened(stores["multilabel"], run="environment-mlp", **asked)
    assert not app.exception
    assert "partial dependence" in app.get("plotly_chart")[-1].proto.spec


@pytest.mark.usefixtures("with_runs")
@pytest.mark.usefixtures("anew")
def test_damaged_predictions_are_explained(opened: Open, stores: dict[str, Path], trained: Path) -> None:
    path = trained / "multilabel-mlp" / "predictions" / "test_near.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    try:
        app = opened(stores["multilabel"], page="species", species="42", run="multilabel-mlp")
        assert not app.exception
        assert "cannot be read" in app.error[0].value
        assert charts(app) == 2
    finally:
        path.write_bytes(whole)


def test_an_unfinished_run_is_no_run(
    opened: Open, stores: dict[str, Path], trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "runs" / "begun"
    begun.mkdir(parents=True)
    (begun / "config.json").write_bytes((trained / "multilabel-mlp" / "config.json").read_bytes())
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    app = opened(stores["multilabel"], page="species")
    assert not app.exception
    assert "No model is trained on this data" in words(app)


@pytest.mark.usefixtures("with_runs")
def test_a_run_without_predictions_says_so(
    opened: Open, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "splits", lambda _: ())
    app = opened(stores["multilabel"], page="species", run="multilabel-mlp")
    assert not app.exception
    assert "no stored predictions" in html(app)


RENAMED = renamed(multilabel(), [*HOSTILE[:5], "‮evil " + "x" * 10_000, "Poa annua"])


@pytest.fixture(scope="module")
def renamed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set whose species have hostile names, in `data`, and a run of it in `runs`."""
    folder = tmp_path_factory.mktemp("renamed")
    train(RENAMED, folder / "runs" / "mlp", TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    write_store(RENAMED, folder / "data")
    return folder


@pytest.mark.parametrize("class_id", RENAMED.targets.class_ids)
def test_hostile_names_stay_text(
    opened: Open, renamed_store: Path, class_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "HOMES", (renamed_store / "runs",))
    app = opened(renamed_store / "data", page="species", species=str(class_id))
    assert not app.exception
    shown = html(app)
    assert "<img" not in shown
    assert "<script" not in shown
    assert "x" * 200 not in shown
    for chart in app.get("plotly_chart"):
        assert "<img" not in chart.proto.spec.replace("\\u003c", "<")


def test_without_an_environment_there_is_nothing_to_respond_to(opened: Open, tmp_path: Path) -> None:
    data = replace(multilabel(), modalities=("patch", "landsat"))
    app = opened(write_store(data, tmp_path / "bare").place, page="species")
    assert not app.exception
    assert "No predictors" in html(app)


@pytest.mark.real
def test_a_real_partial_tree_without_species_says_so(opened: Open, real_tree: Path) -> None:
    app = opened(real_tree, page="species")
    assert not app.exception
    assert "No species is known here" in html(app)
    assert "Download the training tables" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_fixtures_cannot_be_asked_everywhere(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", species="42", area="All over Europe")
    assert not app.exception
    assert not grid.possible(multilabel())
    assert "True" not in words(app).split()
