"""Species all over the virtual Europe: computed in the background, stopped, failed, kept."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.open import open_dataset
from sdm.errors import RunError
from sdm.evaluation.ensembles import make_ensemble
from sdm.jobs import Report
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from sdm.ui.species import grid
from sdm.ui.species.grid import jobs
from sdm.virtual_europe.grid import land_grid
from tests.pages.screen import Open, html

EVERYWHERE = {"page": "species", "area": "europe", "run": "country"}


@pytest.fixture(scope="module")
def trained_on_europe(tiny_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run trained on the tiny virtual Europe."""
    folder, quick = tmp_path_factory.mktemp("europe"), Runtime(device="cpu")
    train(open_dataset(tiny_tree), folder / "country", TrainingOptions("country-frequency"), quick)
    return folder


@pytest.fixture(autouse=True)
def trained_here(monkeypatch: pytest.MonkeyPatch, trained_on_europe: Path) -> None:
    monkeypatch.setattr(runs, "HOMES", (trained_on_europe,))


def titles(app: AppTest) -> list[str]:
    return [element.value for element in app.markdown]


def test_truth_stands_beside_the_prediction(opened: Open, tiny_tree: Path, tmp_path: Path) -> None:
    app = opened(tiny_tree, **EVERYWHERE)
    _settled(app)
    assert not app.exception
    assert "**True**" in titles(app)
    assert any("Simulated: no source for ecology" in caption.value for caption in app.caption)
    assert any("Apart by" in caption.value for caption in app.caption)
    kept = list((tmp_path / "none" / grid.FOLDER).glob("country-*.npy"))
    assert len(kept) == 1
    kept[0].write_bytes(b"damaged")
    app.run()
    assert not app.exception
    assert "No map of this model" in app.error[0].value


@pytest.mark.usefixtures("anew")
def test_a_computation_can_be_stopped_and_begun_again(
    opened: Open, tiny_tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_run: object, _cells: object, _out: object, report: Report) -> None:
        while True:
            time.sleep(0.01)
            report(1, 4, "cells")

    monkeypatch.setattr(grid, "predict_grid", endless)
    app = opened(tiny_tree, **EVERYWHERE)
    assert not app.exception
    app.button("grid_stop").click().run()
    job = next(iter(jobs()._jobs.values()))
    assert job.wait(30) == "cancelled"
    app.run()
    assert "Nothing was kept" in html(app)
    app.button("grid_again").click().run()
    assert not app.exception
    again = next(iter(jobs()._jobs.values()))
    assert again.state == "running"
    again.cancel()


def test_a_failure_is_explained(opened: Open, tiny_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RunError("the weights are damaged", remedy="Restore the file.")

    monkeypatch.setattr(grid, "predict_grid", fail)
    app = opened(tiny_tree, **EVERYWHERE)
    assert not app.exception
    assert "could not be computed" in app.error[0].value
    assert "the weights are damaged" in html(app)


@pytest.mark.usefixtures("anew")
def test_of_an_ensemble_the_spread_of_its_members_is_mapped_too(
    opened: Open, tiny_tree: Path, trained_on_europe: Path, tmp_path: Path
) -> None:
    train(open_dataset(tiny_tree), trained_on_europe / "near", TrainingOptions("nearest-surveys"), Runtime("cpu"))
    members = [Run.open(trained_on_europe / name) for name in ("country", "near")]
    make_ensemble(trained_on_europe / "both", members, (0.5, 0.5), open_dataset(tiny_tree))
    app = opened(tiny_tree, page="species", area="europe", run="both", europe_map="spread")
    _settled(app)
    assert not app.exception
    assert any("standard deviation" in caption.value for caption in app.caption)
    (kept,) = (tmp_path / "none" / grid.FOLDER).glob("both-*.npy")
    found = np.load(kept)
    assert found.shape == (members[0].card.width, len(land_grid(0)))
    assert 0 < found.max() <= 0.5


def _settled(app: AppTest) -> None:
    for job in list(jobs()._jobs.values()):
        job.wait(60)
    app.run()
