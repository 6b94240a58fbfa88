"""The page of a species on data with rasters of its predictors: maps in the background, what they are called."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from sdm.occurrences.predictor_grid import FILE
from sdm.ui.cache import species_maps
from sdm.ui.components import runs
from sdm.ui.components.tiles import ROUTES
from tests.inference.gridded import gridded, quick_run
from tests.pages.screen import Open, everything, html

SPECIES = {"page": "species", "species": "3"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a data set and a run trained on it."""
    folder = tmp_path_factory.mktemp("rasters")
    quick_run(gridded(folder / "wet"), folder / "runs" / "forest")
    return folder


@pytest.fixture(autouse=True)
def trained_here(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(runs, "HOMES", (home / "runs",))


def settled(app: AppTest) -> AppTest:
    """The page when its maps are there."""
    for _ in range(60):
        if not app.get("progress"):
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("the map is never done")


def test_the_map_is_drawn_and_never_called_a_probability(opened: Open, home: Path, tmp_path: Path) -> None:
    app = settled(opened(home / "wet", **SPECIES, species_area="true", species_at="47.2, 8.3"))
    assert not app.exception
    shown = html(app)
    assert "Relative intensity: times the mean intensity of the background" in shown
    assert "no probability of presence" in shown
    assert "Blank within the area: of least relative intensity" in shown and "nothing was computed" in shown
    assert all(label.endswith(" records") for label in app.selectbox("species_box").options)
    assert "Area of applicability" in shown and "dissimilarity" in shown
    assert "All over Europe" not in " ".join(everything(app))
    assert len(list((tmp_path / "none" / species_maps.FOLDER).iterdir())) == 4


def test_presence_has_the_threshold_of_validation(opened: Open, home: Path) -> None:
    app = settled(opened(home / "wet", **SPECIES, species_look="presence"))
    assert not app.exception
    assert "present: relative intensity from" in html(app)


def test_validation_by_records_says_what_it_is(opened: Open, home: Path) -> None:
    app = opened(home / "wet", **SPECIES)
    shown, said = html(app), " ".join(caption.value for caption in app.caption)
    assert "Validation is by records (sites of the blocks that training has left out)" in said
    assert "only they can tell whether numbers are calibrated" in said
    assert "has a higher value than one without" in shown and "higher probability than" not in shown
    assert "Recorded, and predicted with the highest value." in said
    app = opened(home / "wet", **SPECIES, area="surveys")
    everything_said = " ".join([*everything(app), *(e.proto.spec for e in app.get("plotly_chart"))])
    assert "Relative intensity" in everything_said and "Predicted probability" not in everything_said


def test_scores_of_records_are_ranks_first(opened: Open, home: Path) -> None:
    app = opened(home / "wet", page="scores")
    assert not app.exception
    assert app.selectbox("metric_box").value == "auc"
    assert any("Validation is by records" in caption.value for caption in app.caption)
    assert not any("Kaggle" in element.value for element in app.markdown)


def test_rasters_that_are_damaged_are_told_of(opened: Open, tmp_path: Path) -> None:
    gridded(tmp_path / "wet")
    (tmp_path / "wet" / FILE).write_bytes(b"no raster at all")
    app = opened(tmp_path / "wet", **SPECIES)
    assert not app.exception
    assert "No map of this species" in app.error[0].value


def test_tiles_are_served_of_maps_that_are_there_and_of_nothing_else(opened: Open, home: Path) -> None:
    settled(opened(home / "wet", **SPECIES))
    client = TestClient(Starlette(routes=ROUTES))
    good = "/tiles/species/wet/forest/3/whole/value/9/267/178.png"
    answered = client.get(good)
    assert answered.status_code == 200 and answered.headers["content-type"] == "image/png"
    for bad in (
        good.replace("/3/", "/4/"), good.replace("/wet/", "/dry/"), good.replace("whole", "..%2F"),
        good.replace("value", "shade"), good.replace("forest", "oak"), f"{good}?from=nan", f"{good}?theme=sepia",
        good.replace("/3/", "/area/"),
    ):  # fmt: skip
        assert client.get(bad).status_code == 404, bad


def test_response_curves_are_those_of_the_datas_own_predictors(opened: Open, home: Path) -> None:
    app = opened(home / "wet", **SPECIES, predictors="road", response_view="partial")
    assert not app.exception
    settled(app)
    figures = " ".join(element.proto.spec for element in app.get("plotly_chart"))
    assert "Road" in figures and "partial dependence" in figures and "Wet" not in figures
    app = opened(home / "wet", **SPECIES)
    figures = " ".join(element.proto.spec for element in app.get("plotly_chart"))
    assert "Road" in figures and "Wet" in figures


def test_a_zip_is_made_when_it_is_asked_for(opened: Open, home: Path) -> None:
    app = settled(opened(home / "wet", **SPECIES))
    assert not app.get("download_button")
    app.button("make_export").click().run()
    for _ in range(100):
        if app.get("download_button"):
            break
        time.sleep(0.1)
        app.run()
    assert not app.exception
    assert app.get("download_button")[-1].proto.label == "Save the zip"
